import type { AuditEvent } from '../../../shared/audit-event.ts'
import { targetKey } from '../../../shared/audit-event.ts'
import { CopyButton } from '../controls/CopyButton.tsx'
import { SafeText } from '../text/SafeText.tsx'
import { counted, t } from '../text/translate.ts'
import { FoldedText } from './FoldedText.tsx'
import { Pivots } from './Pivots.tsx'
import { withheldOr } from './withheld.tsx'

export function TargetFacts({ event }: { event: AuditEvent }) {
  const { targets } = event
  const withheld = withheldOr(event, 'targets')
  if (targets.length === 0 && !withheld) return null
  return (
    <section class="detail-section">
      <h3>{targets.length > 1 ? counted('targets', targets.length) : t('partTarget')}</h3>
      {withheld && <p>{withheld}</p>}
      <ul class="fact-list">
        {targets.map(target => (
          <li key={targetKey(target)} class="fact">
            <span class="target-type">
              <SafeText text={target.type.replaceAll(/[_-]/g, ' ')} max={40} />
            </span>
            <div class="fact-pair">
              <div class="fact-value target-value">
                {target.name !== null && <FoldedText text={target.name} />}
                <span class="mono target-id">
                  <FoldedText text={target.id} />
                </span>
              </div>
              <span class="fact-actions">
                <Pivots part="target" value={targetKey(target)} />
                <CopyButton text={() => target.id} label={t('copyNamed', target.id.slice(0, 80))} />
              </span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
