/** Before and after, field by field. Signs and words say which is which, not colour alone. */
import type { AuditEvent, Change } from '../../../shared/audit-event.ts'
import type { Json } from '../../../shared/json.ts'
import { SafeText } from '../text/SafeText.tsx'
import { counted, t } from '../text/translate.ts'
import { type ChangeLine, changeLines } from './change-lines.ts'
import { FoldedText } from './FoldedText.tsx'
import { jsonText } from './json-text.ts'
import { isWithheld, Withheld } from './withheld.tsx'

const mostLines = 200

export function Changes({ event }: { event: AuditEvent }) {
  const withheld = isWithheld(event, 'changes')
  if (event.changes.length === 0 && !withheld) return null
  return (
    <section class="detail-section changes">
      <h3>{t('changes')}</h3>
      {withheld && (
        <p>
          <Withheld event={event} field="changes" />
        </p>
      )}
      {event.changes.map((change, at) => (
        // By place: a field may be named twice, and the list never changes.
        <FieldChange key={at} change={change} />
      ))}
    </section>
  )
}

function FieldChange({ change: { field, before, after } }: { change: Change }) {
  const { lines, unchanged } = changeLines(before, after)
  return (
    <div class="change">
      <h4>
        <SafeText text={field} max={160} />
      </h4>
      {lines.slice(0, mostLines).map((line, at) => (
        // By place: lines have no identity, and the list never changes.
        <Line key={at} line={line} />
      ))}
      {lines.length > mostLines && <p class="change-rest">{t('andMore', lines.length - mostLines)}</p>}
      {unchanged > 0 && <p class="change-rest">{counted('unchanged', unchanged)}</p>}
    </div>
  )
}

function Line({ line: { kind, path, value } }: { line: ChangeLine }) {
  return (
    <div class={`change-side ${kind}`}>
      <span class="visually-hidden">{kind === 'removed' ? t('before') : t('after')} </span>
      {path && (
        <span class="change-path">
          <SafeText text={path} max={160} />:{' '}
        </span>
      )}
      <Value value={value} />
    </div>
  )
}

function Value({ value }: { value: Json }) {
  if (value === null) return <span class="no-value">{t('noValue')}</span>
  if (value === '') return <span class="no-value">{t('emptyValue')}</span>
  return <FoldedText text={jsonText(value)} />
}
