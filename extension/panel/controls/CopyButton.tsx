/** Copies a text and says so. */
import { usePanel } from '../panel-context.ts'
import { writeClipboard } from './clipboard.ts'
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
  const copy = () => void writeClipboard(notices, text())
  return (
    <button type="button" class="quiet-button copy-button" aria-label={label} onClick={copy}>
      <Icon name="copy" />
      {caption}
    </button>
  )
}
