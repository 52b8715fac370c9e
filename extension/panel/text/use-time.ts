import { dayOf } from '../../../shared/time.ts'
import { usePanel } from '../panel-context.ts'
import { clockMinute, shortTime } from './time-words.ts'

/** A moment (ISO 8601) as this reader has times shown: the clock alone where it is today's. */
export function useTime(): (moment: string) => string {
  const { settings, clock } = usePanel()
  const { value: zone } = settings.zone
  const { hours } = settings.settings.value
  const today = dayOf(clock.now.value, zone)
  return moment => {
    const ms = Date.parse(moment)
    return dayOf(ms, zone) === today ? clockMinute(ms, zone, hours) : shortTime(ms, zone, hours)
  }
}
