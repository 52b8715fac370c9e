/** The record as JSON, folded until it is wanted. */
import { useState } from 'preact/hooks'
import { CopyButton } from '../controls/CopyButton.tsx'
import { Icon } from '../controls/Icon.tsx'
import { t } from '../text/translate.ts'
import { FoldedText } from './FoldedText.tsx'

const foldAt = 20_000

export function FoldedJson({ title, value }: { title: string; value: unknown }) {
  const [isOpen, setOpen] = useState(false)
  const text = () => JSON.stringify(value, null, 2)
  return (
    <section class="detail-section raw">
      <div class="raw-head">
        <h3>
          <button type="button" class="link-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <Icon name={isOpen ? 'down' : 'right'} />
            {title}
          </button>
        </h3>
        <CopyButton text={text} label={t('copyJson')} caption={t('copy')} />
      </div>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre tabIndex={0} role="region" aria-label={title}>
          <FoldedText text={text()} limit={foldAt} />
        </pre>
      )}
    </section>
  )
}
