/** Saved views, beside the title: each opens with a click; a dot says that one has something new. */
import { useEffect, useState } from 'preact/hooks'
import type { SavedView } from '../../../shared/api.ts'
import { writeClipboard } from '../controls/clipboard.ts'
import { FailureNote } from '../controls/FailureNote.tsx'
import { Icon } from '../controls/Icon.tsx'
import { MenuButton, type MenuItem } from '../controls/Menu.tsx'
import { PopoverButton } from '../controls/Popover.tsx'
import { usePanel } from '../panel-context.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'
import { openView } from './open-view.ts'
import { ViewCounts } from './ViewCounts.tsx'

export function ViewsButton() {
  const { views } = usePanel()
  const hasFresh = views.hasFresh.value
  return (
    <PopoverButton
      label={hasFresh ? t('viewsFresh') : t('views')}
      title={t('views')}
      class="quiet-button views-button"
      button={
        <>
          <Icon name="bookmark" />
          {hasFresh && <span class="fresh-dot" />}
        </>
      }
      onOpen={() => {
        views.isOpen.value = true
      }}
      onClose={() => {
        views.isOpen.value = false
      }}
    >
      {close => <ViewsPanel close={close} />}
    </PopoverButton>
  )
}

function ViewsPanel({ close }: { close: () => void }) {
  const { views } = usePanel()
  const failure = views.failure.value
  const list = views.views.value
  return (
    <div class="views-panel">
      {failure && <FailureNote failure={failure} onRetry={() => void views.reload()} />}
      {list.length === 0 && !failure && <p class="hint views-none">{t('viewsNone')}</p>}
      <ul class="views-list">
        {list.map((view, at) => (
          <ViewRow
            key={view.id}
            view={view}
            isFirst={at === 0}
            isLast={at === list.length - 1}
            close={close}
          />
        ))}
      </ul>
      {!views.isFull.value && <SaveView />}
    </div>
  )
}

interface ViewRowProps {
  view: SavedView
  isFirst: boolean
  isLast: boolean
  close: () => void
}

function ViewRow({ view, isFirst, isLast, close }: ViewRowProps) {
  const panel = usePanel()
  const { views } = panel
  const [isRenaming, setRenaming] = useState(false)
  if (isRenaming) {
    return (
      <li class="view-row">
        <NameForm
          label={t('viewName')}
          initial={view.name}
          action={t('rename')}
          onName={name => {
            setRenaming(false)
            void views.rename(view.id, name)
          }}
        />
      </li>
    )
  }
  return (
    <li class="view-row">
      <button
        type="button"
        class="menu-item view-open"
        aria-current={views.current.value === view.id}
        onClick={() => {
          close()
          openView(view, panel)
        }}
      >
        <span class="view-name">
          <SafeText text={view.name} max={80} />
        </span>
        <ViewCounts count={views.counts.value.get(view.id)} />
      </button>
      <button
        type="button"
        class="quiet-button"
        aria-label={t('pinView', view.name)}
        aria-pressed={view.pinned}
        title={t('pinView', view.name)}
        onClick={() => void views.pin(view.id, !view.pinned)}
      >
        <Icon name="pin" class={view.pinned ? 'pinned' : 'unpinned'} />
      </button>
      <MenuButton
        label={t('viewMenu', view.name)}
        items={useViewItems(view, isFirst, isLast, () => setRenaming(true))}
      />
    </li>
  )
}

function useViewItems(view: SavedView, isFirst: boolean, isLast: boolean, rename: () => void): MenuItem[] {
  const { views, links, notices } = usePanel()
  const written = views.writtenOf(view)
  const link = written && links.linkTo(written)
  const remove = () => {
    const restore = views.remove(view.id)
    notices.show(t('viewDeleted', view.name), { action: { label: t('undo'), run: restore } })
  }
  return [
    { icon: 'settings', label: t('rename'), run: rename },
    ...(isFirst
      ? []
      : [{ icon: 'up', label: t('moveUp'), run: () => void views.move(view.id, -1) } as const]),
    ...(isLast
      ? []
      : [{ icon: 'down', label: t('moveDown'), run: () => void views.move(view.id, 1) } as const]),
    { icon: 'refresh', label: t('updateView'), run: () => void views.update(view.id) },
    ...(link
      ? [
          {
            icon: 'link',
            label: t('copyLinkOfView'),
            run: () => void writeClipboard(notices, link, t('copiedLink')),
          } as const,
        ]
      : []),
    { icon: 'trash', label: t('deleteView'), apart: true, run: remove },
  ]
}

function SaveView() {
  const { views, filter, notices } = usePanel()
  if (filter.isEmpty.value) return <p class="hint views-save">{t('viewsHowTo')}</p>
  return (
    <div class="views-save">
      <NameForm
        label={t('saveViewAs')}
        initial=""
        action={t('saveView')}
        onName={name => {
          void views.save(name)
          notices.show(t('viewSaved', name))
        }}
      />
    </div>
  )
}

interface NameFormProps {
  label: string
  initial: string
  action: string
  onName(name: string): void
}

function NameForm({ label, initial, action, onName }: NameFormProps) {
  const [name, setName] = useState(initial)
  useEffect(() => setName(initial), [initial])
  return (
    <form
      class="view-form"
      onSubmit={event => {
        event.preventDefault()
        if (!name.trim()) return
        onName(name)
        setName('')
      }}
    >
      <input
        type="text"
        class="text-input"
        aria-label={label}
        placeholder={label}
        maxLength={80}
        autocomplete="off"
        value={name}
        onInput={event => setName(event.currentTarget.value)}
      />
      <button type="submit" class="button" disabled={!name.trim()}>
        {action}
      </button>
    </form>
  )
}
