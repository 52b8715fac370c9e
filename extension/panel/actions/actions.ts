/** Everything the panel can do: the one list that shortcuts, the palette, the menu and the help sheet read. */
import type { PanelState } from '../../state/panel-state.ts'
import { copyAsJson, copyAsText, copyLink } from '../copy/copy-event.ts'
import { gridId } from '../log/grid-cursor.ts'
import { focusQueryBar } from '../query/query-box.ts'
import { t } from '../text/translate.ts'
import { always, isInLog, isOpen, isSignedIn, type PanelAction } from './action.ts'

const listActions: readonly PanelAction[] = [
  {
    ...{ id: 'search', label: 'keySearch', icon: 'search', keys: ['/'], when: isInLog },
    run: () => focusQueryBar({ select: true }),
  },
  {
    ...{ id: 'next', label: 'keyNext', icon: 'down', keys: ['j', '↓'], when: isInLog, keysOnly: true },
    run: () => passToGrid('j'),
  },
  {
    ...{ id: 'previous', label: 'keyPrevious', icon: 'up', keys: ['k', '↑'], when: isInLog, keysOnly: true },
    run: () => passToGrid('k'),
  },
  { id: 'open', label: 'keyOpen', icon: 'right', keys: ['Enter'], when: isInLog, keysOnly: true },
  { id: 'row-menu', label: 'keyRowMenu', icon: 'more', keys: ['.'], when: isInLog, keysOnly: true },
  { id: 'back', label: 'keyBack', icon: 'back', keys: ['Esc'], when: always, keysOnly: true },
  {
    ...{ id: 'newer', label: 'newer', icon: 'up', keys: ['['], when: hasOpenEvent },
    run: ({ detail }) => void detail.step(-1),
  },
  {
    ...{ id: 'older', label: 'older', icon: 'down', keys: [']'], when: hasOpenEvent },
    run: ({ detail }) => void detail.step(1),
  },
  { id: 'ends', label: 'keyEnds', icon: 'down', keys: ['Home', 'End'], when: isInLog, keysOnly: true },
  { id: 'bars', label: 'keyBars', icon: 'right', keys: ['←', '→'], when: isInLog, keysOnly: true },
  {
    ...{ id: 'new', label: 'keyNew', icon: 'refresh', keys: ['n'] },
    when: panel => isInLog(panel) && panel.list.arrived.value > 0,
    run: ({ list }) => list.showArrived(),
  },
]

const copyActions: readonly PanelAction[] = [
  {
    id: 'copy-json',
    label: 'copyRowJson',
    icon: 'copy',
    keys: ['c'],
    when: hasCurrentEvent,
    run: panel => void copyAsJson(panel),
  },
  {
    id: 'copy-text',
    label: 'copyRowText',
    icon: 'copy',
    when: hasCurrentEvent,
    run: panel => void copyAsText(panel),
  },
  {
    id: 'copy-link',
    label: 'copyViewLink',
    icon: 'link',
    keys: ['y'],
    when: isInLog,
    run: panel => void copyLink(panel),
  },
]

const filterActions: readonly PanelAction[] = [
  {
    ...{ id: 'edit-as-text', label: 'editAsText', icon: 'search', when: hasFilter },
    run: panel => {
      panel.query.editAll()
      focusQueryBar()
    },
  },
  { id: 'clear', label: 'clearAllFilters', icon: 'close', when: hasFilter, run: clearFilters },
  { id: 'failures', label: 'actionFailures', icon: 'failure', when: isInLog, run: showFailures },
  {
    id: 'today',
    label: 'actionToday',
    icon: 'clock',
    when: isInLog,
    run: ({ filter }) => filter.choosePreset('today'),
  },
  {
    id: 'last7',
    label: 'actionLast7',
    icon: 'clock',
    when: isInLog,
    run: ({ filter }) => filter.choosePreset('7d'),
  },
  {
    id: 'last30',
    label: 'actionLast30',
    icon: 'clock',
    when: isInLog,
    run: ({ filter }) => filter.choosePreset('30d'),
  },
  { id: 'any-time', label: 'anyTime', icon: 'clock', when: isInLog, run: ({ filter }) => filter.anyDate() },
  {
    ...{ id: 'go-to-day', label: 'actionGoToDay', icon: 'clock', keys: ['g'], when: isInLog },
    run: ({ navigation }) => {
      navigation.palette.value = { text: 'on:' }
    },
  },
]

const displayActions: readonly PanelAction[] = [
  {
    ...{ id: 'relative', label: 'keyRelative', icon: 'clock', keys: ['r'], when: isInLog },
    run: ({ settings }) => {
      const { times } = settings.settings.peek()
      settings.change({ times: times === 'relative' ? 'absolute' : 'relative' })
    },
  },
  {
    ...{ id: 'utc', label: 'keyUtc', icon: 'clock', keys: ['u'], when: isInLog },
    run: ({ settings }) => {
      const { zone } = settings.settings.peek()
      settings.change({ zone: zone === 'UTC' ? 'local' : 'UTC' })
    },
  },
  {
    ...{ id: 'density', label: 'actionDensity', icon: 'settings', when: isSignedIn },
    run: ({ settings }) => {
      const { density } = settings.settings.peek()
      settings.change({ density: density === 'compact' ? 'comfortable' : 'compact' })
    },
  },
  {
    id: 'light',
    label: 'actionLight',
    icon: 'settings',
    when: always,
    run: ({ settings }) => settings.change({ theme: 'light' }),
  },
  {
    id: 'dark',
    label: 'actionDark',
    icon: 'settings',
    when: always,
    run: ({ settings }) => settings.change({ theme: 'dark' }),
  },
]

const placeActions: readonly PanelAction[] = [
  {
    ...{ id: 'log', label: 'auditLog', icon: 'shield' },
    when: panel => isSignedIn(panel) && panel.navigation.view.value !== 'log',
    run: ({ navigation }) => navigation.go('log'),
  },
  {
    ...{ id: 'administration', label: 'administration', icon: 'users' },
    when: ({ session }) => session.mayAdminister(),
    run: ({ navigation }) => navigation.go('administration'),
  },
  {
    id: 'trust',
    label: 'actionTrust',
    icon: 'verified',
    when: isOpen,
    run: ({ navigation }) => navigation.go('trust'),
  },
  {
    id: 'export',
    label: 'keyExport',
    icon: 'export',
    keys: ['e'],
    when: isInLog,
    run: ({ exporting }) => exporting.open(),
  },
  {
    id: 'verify',
    label: 'verifyFile',
    icon: 'verified',
    when: isOpen,
    run: ({ verifying }) => verifying.open(),
  },
  {
    id: 'settings',
    label: 'settings',
    icon: 'settings',
    when: isSignedIn,
    run: ({ navigation }) => navigation.go('settings'),
  },
  {
    ...{ id: 'palette', label: 'commands', icon: 'search', keys: ['Ctrl K', '⌘ K'], when: isSignedIn },
    run: ({ navigation }) => {
      navigation.palette.value = { text: '' }
    },
  },
  {
    ...{ id: 'help', label: 'help', icon: 'help', keys: ['?'], when: always },
    run: ({ navigation }) => {
      navigation.helpIsOpen.value = true
    },
  },
  { id: 'page', label: 'keyFocus', icon: 'right', keys: ['F6'], when: always, keysOnly: true },
  {
    id: 'sign-out',
    label: 'signOut',
    icon: 'leave',
    when: isSignedIn,
    run: ({ session }) => void session.signOut(),
  },
]

export const panelActions: readonly PanelAction[] = [
  ...listActions,
  ...copyActions,
  ...filterActions,
  ...displayActions,
  ...placeActions,
]

export function findPanelAction(id: string): PanelAction {
  const action = panelActions.find(known => known.id === id)
  if (!action) throw new Error(`There is no action ${id}`)
  return action
}

function hasOpenEvent(panel: PanelState): boolean {
  return isInLog(panel) && panel.detail.state.value.name !== 'closed'
}

function hasCurrentEvent(panel: PanelState): boolean {
  return isInLog(panel) && (hasOpenEvent(panel) || panel.list.active.value !== null)
}

function hasFilter(panel: PanelState): boolean {
  return isInLog(panel) && !panel.filter.isEmpty.value
}

function clearFilters({ filter, notices }: PanelState): void {
  const before = filter.written()
  filter.clear()
  notices.show(t('filtersCleared'), { action: { label: t('undo'), run: () => filter.restore(before) } })
}

function showFailures({ filter }: PanelState): void {
  filter.clearPart('outcome')
  filter.include('outcome', 'failure')
  filter.include('outcome', 'denied')
}

function passToGrid(key: string): boolean {
  const grid = document.getElementById(gridId)
  grid?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  grid?.focus()
  return grid !== null
}
