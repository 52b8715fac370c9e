/** What can be done with one row: opened by its button, by the other mouse button, or by `.` */
import { useRef } from 'preact/hooks'
import type { Row } from '../../../shared/event-index/event-index.ts'
import { type MenuItem, MenuItems } from '../controls/Menu.tsx'
import { Popover } from '../controls/Popover.tsx'
import { gridId, rowId } from '../log/grid-cursor.ts'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { copyAsJson, copyAsText, copyLink } from './copy-event.ts'

interface RowMenuProps {
  offset: number
  row: Row
  onClose(): void
}

export function RowMenu({ offset, row, onClose }: RowMenuProps) {
  const panel = usePanel()
  const anchor = useRef<HTMLElement | null>(null)
  anchor.current = document.getElementById(rowId(offset))
  const close = (refocus = true) => {
    onClose()
    if (refocus) document.getElementById(gridId)?.focus()
  }
  const target = row.targets[0]
  const items: MenuItem[] = [
    {
      icon: 'right',
      label: t('keyOpen'),
      shortcut: 'Enter',
      run: () => void panel.detail.open(row.index, offset),
    },
    {
      ...{ icon: 'copy', label: t('copyRowText'), apart: true },
      run: () => void copyAsText(panel, row.index),
    },
    { icon: 'copy', label: t('copyRowJson'), shortcut: 'c', run: () => void copyAsJson(panel, row.index) },
    { icon: 'link', label: t('copyViewLink'), shortcut: 'y', run: () => void copyLink(panel, row.index) },
    {
      ...{ icon: 'include', label: t('onlyThisUser'), apart: true },
      run: () => panel.filter.only('actor', row.actor.id),
    },
    { icon: 'exclude', label: t('notThisUser'), run: () => panel.filter.exclude('actor', row.actor.id) },
    { icon: 'include', label: t('onlyThisAction'), run: () => panel.filter.only('action', row.action) },
    { icon: 'exclude', label: t('notThisAction'), run: () => panel.filter.exclude('action', row.action) },
  ]
  if (target) {
    const key = `${target.type}:${target.id}`
    items.push({ icon: 'include', label: t('onlyThisTarget'), run: () => panel.filter.only('target', key) })
  }
  return (
    <Popover anchor={anchor} title={t('rowMenu')} role="menu" onClose={close}>
      <MenuItems items={items} close={close} />
    </Popover>
  )
}
