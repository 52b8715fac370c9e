/** A calendar day and how many events it has. The rows' times say the day themselves to screen readers. */
import { addDays, dayOf } from '../../../shared/time.ts'
import type { DaySpan } from '../../state/day-spans.ts'
import { usePanel } from '../panel-context.ts'
import { dayDate, dayName } from '../text/time-words.ts'
import { formatCount } from '../text/translate.ts'

export function DayHeading({ span, top }: { span: DaySpan; top: number }) {
  const { clock, settings } = usePanel()
  const today = dayOf(clock.now.value, settings.zone.value)
  const name = dayName(span.day, today, addDays(today, -1))
  const date = dayDate(span.day)
  return (
    <div class="day-heading" aria-hidden="true" style={{ transform: `translateY(${top}px)` }}>
      <span class="day-name">{name}</span>
      {name !== date && <span class="day-date">{date}</span>}
      {span.count !== null && <span class="day-count">{formatCount(span.count)}</span>}
    </div>
  )
}
