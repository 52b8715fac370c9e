import type { AuditEvent } from '../../../shared/audit-event.ts'
import { SafeText } from '../text/SafeText.tsx'
import { t } from '../text/translate.ts'
import { FoldedText } from './FoldedText.tsx'
import { jsonText } from './json-text.ts'
import { isWithheld, Withheld } from './withheld.tsx'

/** Free-form names and values that the sender added. */
export function Metadata({ event }: { event: AuditEvent }) {
  const entries = Object.entries(event.metadata)
  const withheld = isWithheld(event, 'metadata')
  if (entries.length === 0 && !withheld) return null
  return (
    <section class="detail-section">
      <h3>{t('metadata')}</h3>
      {withheld && (
        <p>
          <Withheld event={event} field="metadata" />
        </p>
      )}
      <dl class="fact-list">
        {entries.map(([name, value]) => (
          <div key={name} class="fact">
            <dt>
              <SafeText text={name} max={80} />
            </dt>
            <dd class="value">
              <FoldedText text={jsonText(value)} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
