/** A value of any length: wrapped, deceptive characters visible, and folded when long. */
import { useState } from 'preact/hooks'
import { SafeText } from '../text/SafeText.tsx'
import { formatCount, t } from '../text/translate.ts'

const foldAt = 400

export function FoldedText({ text, limit = foldAt }: { text: string; limit?: number }) {
  const [isOpen, setOpen] = useState(false)
  if (text.length <= limit * 1.25) return <SafeText text={text} max={Number.POSITIVE_INFINITY} />
  return (
    <>
      <SafeText text={text} max={isOpen ? Number.POSITIVE_INFINITY : limit} />{' '}
      <button type="button" class="link-button fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? t('showLess') : t('showAll', formatCount(text.length))}
      </button>
    </>
  )
}
