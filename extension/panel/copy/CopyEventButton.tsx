/** The open event's menu of ways to copy it. */
import { MenuButton } from '../controls/Menu.tsx'
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { copyAsJson, copyAsText, copyLink } from './copy-event.ts'

export function CopyEventButton({ index }: { index: number }) {
  const panel = usePanel()
  return (
    <MenuButton
      label={t('copyEvent')}
      icon="copy"
      items={[
        { icon: 'copy', label: t('copyRowText'), run: () => void copyAsText(panel, index) },
        { icon: 'copy', label: t('copyRowJson'), shortcut: 'c', run: () => void copyAsJson(panel, index) },
        { icon: 'link', label: t('copyViewLink'), shortcut: 'y', run: () => void copyLink(panel, index) },
      ]}
    />
  )
}
