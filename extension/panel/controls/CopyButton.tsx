/** Copies a text and says so. */
import { usePanel } from '../panel-context.ts'
import { t } from '../text/translate.ts'
import { Icon } from './Icon.tsx'

interface CopyButtonProps {
  /** What is copied; made when it is wanted. */
  text: () => string
  label: string
  /** Shown beside the icon. */
  caption?: string
}

export function CopyButton({ text, label, caption }: CopyButtonProps) {
  const { notices } = usePanel()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      notices.show(t('copied'))
    } catch {
      notices.show(t('copyFailed'), { tone: 'problem' })
    }
  }
  return (
    <button type="button" class="quiet-button copy-button" aria-label={label} onClick={copy}>
      <Icon name="copy" />
      {caption}
    </button>
  )
}
