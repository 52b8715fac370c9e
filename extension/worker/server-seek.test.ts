import fc from 'fast-check'
import { expect, test } from 'vitest'
import { someEvent } from '../../test/support/arbitrary-event.ts'
import { openPanelServer } from '../../test/support/panel-server.ts'
import { testEvent } from '../../test/support/test-log.ts'
import { createClient } from '../api/client.ts'
import { createSeeker } from './server-seek.ts'

test('any jump lands where walking would, whatever the times', async () => {
  const server = await openPanelServer()
  // Thousands at one moment, some spread over decades, some before 1970.
  const [sample] = fc.sample(fc.array(someEvent, { minLength: 900, maxLength: 900 }), { numRuns: 1, seed: 7 })
  const spread = sample!.map(({ occurredAt }, i) => testEvent(`s${i}`, { occurredAt }))
  const equal = Array.from({ length: 2600 }, (_, i) => testEvent(`e${i}`))
  await server.append([...spread, ...equal])
  const { token } = await server.signIn()
  const client = createClient({ server: server.url, token: () => token, fetch })
  const view = { filter: { outcome: { include: ['success'], exclude: [] } }, size: server.size() }

  const walked: number[] = []
  let cursor: string | undefined
  do {
    const page = await client.events(view.filter, { limit: 1000, size: view.size, cursor })
    walked.push(...page.events.map(event => event.index))
    cursor = page.nextCursor ?? undefined
  } while (cursor)

  for (const order of [
    [3400, 0, 2599, 2600, 1000],
    [10, 3499, 1700, 3490, 3500],
  ]) {
    const seeker = createSeeker(client, view)
    for (const offset of order) {
      const { events, total } = await seeker.fetch(offset, 60)
      expect(total).toBe(3500)
      expect(events.map(event => event.index)).toEqual(walked.slice(offset, offset + 60))
    }
  }
  await server.close()
})
