/** Moments in the words of the person's zone and clock; null is "never". */
import { usePanel } from '../panel-context.ts'
import { shortTime } from '../text/time-words.ts'
import { t } from '../text/translate.ts'

export function useTimes(): (moment: string | null) => string {
  const { settings } = usePanel()
  const [zone, { hours }] = [settings.zone.value, settings.settings.value]
  return moment => (moment === null ? t('never') : shortTime(Date.parse(moment), zone, hours))
}
