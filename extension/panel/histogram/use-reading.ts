import { usePanel } from '../panel-context.ts'
import type { Reading } from './picture-words.ts'

/** How times and names are read in this panel now. */
export function useReading(): Reading {
  const { settings, names } = usePanel()
  return { zone: settings.zone.value, hours: settings.settings.value.hours, names }
}
