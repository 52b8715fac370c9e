/** Sections of names and values, each value with its copy button and pivots. */
import type { ComponentChildren } from 'preact'
import type { FilterPart } from '../../../shared/filter.ts'
import { CopyButton } from '../controls/CopyButton.tsx'
import { t } from '../text/translate.ts'
import { FoldedText } from './FoldedText.tsx'
import { Pivots } from './Pivots.tsx'

export function FactSection({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="detail-section">
      <h3>{title}</h3>
      <dl class="fact-list">{children}</dl>
    </section>
  )
}

interface FactProps {
  name: string
  /** Null leaves the whole line out, unless there is something to show in its place. */
  value: string | null
  /** Shown instead of the value, which is still what is copied. */
  shown?: ComponentChildren
  mono?: boolean
  /** The filter part that the value can be searched by, and the value there where it differs. */
  part?: FilterPart
  partValue?: string
}

export function Fact({ name, value, shown, mono, part, partValue }: FactProps) {
  if (value === null && shown === undefined) return null
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>
        <span class={mono ? 'fact-value mono' : 'fact-value'}>
          {shown ?? <FoldedText text={value ?? ''} />}
        </span>
        {value !== null && (
          <span class="fact-actions">
            {part && <Pivots part={part} value={partValue ?? value} />}
            <CopyButton text={() => value} label={t('copyNamed', name)} />
          </span>
        )}
      </dd>
    </div>
  )
}
