/**
 * Old records shown as if they were new, for demonstrations only. Ids stay as they were: records imported once
 * without and once with moved times are duplicates, and the first import wins.
 */
import type { NewEventInput } from '../../shared/audit-event.ts'
import { formatMoment, parseMoment } from '../../shared/time.ts'
import type { Format } from './format-row.ts'
import type { InputFile } from './input-file.ts'

/** The metadata that tells a moved event: by how many milliseconds. */
export const shiftedByKey = 'trailside.shiftedByMs'

/** The newest time in a set of files, in milliseconds; null where they hold no readable one. */
export async function newestTime(files: readonly InputFile[], format: Format): Promise<number | null> {
  let newest: string | null = null
  for (const file of files) {
    for await (const row of format(file.open(() => {}))) {
      const moment = 'event' in row ? momentOf(row.event) : null
      if (moment !== null && (newest === null || moment > newest)) newest = moment
    }
  }
  return newest === null ? null : Date.parse(newest)
}

/** The event moved in time and marked so. One without a readable time is left alone, for intake to refuse. */
export function shifted(event: NewEventInput, byMs: number): NewEventInput {
  const moment = momentOf(event)
  if (moment === null) return event
  return {
    ...event,
    occurredAt: formatMoment(Date.parse(moment) + byMs),
    metadata: { ...event.metadata, [shiftedByKey]: byMs },
  }
}

function momentOf(event: NewEventInput): string | null {
  return typeof event.occurredAt === 'string' ? parseMoment(event.occurredAt) : null
}
