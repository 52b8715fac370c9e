/** How it ended, by icon and word; success is the rule and stays quiet. */
import type { Outcome } from '../../../shared/audit-event.ts'
import { Icon } from '../controls/Icon.tsx'
import { outcomeLabel } from '../text/filter-words.ts'

export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  if (outcome === 'success') return <span class="visually-hidden">{outcomeLabel(outcome)}</span>
  return (
    <span class={`outcome ${outcome}`}>
      <Icon name={outcome} />
      {outcomeLabel(outcome)}
    </span>
  )
}
