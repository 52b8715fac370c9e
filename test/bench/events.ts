/** Events as a real workspace has them: those of the demo, as uneven, as they come out of the intake. */
import { defaultDemo, generateDemo } from '../../server/demo/generate.ts'
import { createNormalise } from '../../server/intake/normalise.ts'
import type { IncomingEvent } from '../../server/log/batch.ts'

/** The same ones in every run. */
export function realisticEvents(count: number): IncomingEvent[] {
  const normalise = createNormalise(new Uint8Array(32))
  const demo = generateDemo({ ...defaultDemo, events: count, now: Date.parse('2026-11-01T00:00:00.000Z') })
  return Array.from(demo, event => {
    const normal = normalise(event)
    if (!normal.ok) throw new Error(`the demo made a bad event: ${normal.path} ${normal.reason}`)
    return normal.event
  })
}
