// The shipped server over HTTP: start, send, SIGKILL at a random moment, again and again.
import { afterEach, expect, test } from 'vitest'
import { type EventPage, IntakeResult } from '../../shared/api.ts'
import { ask, createKey } from '../e2e/analyst.ts'
import { runCommand, startServer, type TestServer } from '../e2e/server.ts'
import { bearer } from '../support/access.ts'

let server: TestServer | undefined
afterEach(async () => {
  await server?.close()
})

const kills = 15

/** Sends batches until the connection breaks; answers which ids were acknowledged, and where they are. */
async function sendUntilKilled(
  url: string,
  key: string,
  round: number,
  places: Map<string, number>,
): Promise<void> {
  const headers = new Headers([...bearer(key), ['content-type', 'application/json']])
  for (let batch = 0; ; batch++) {
    const ids = Array.from({ length: 20 }, (_, i) => `round-${round}-batch-${batch}-${i}`)
    const occurredAt = new Date().toISOString()
    const events = ids.map(id => ({
      id,
      source: 'kill',
      occurredAt,
      action: 'scan.started',
      actor: { id: 'u1' },
    }))
    try {
      const answer = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ events }),
      })
      const { items } = IntakeResult.parse(await answer.json())
      items.forEach((item, i) => {
        expect(item.status).toBe('accepted')
        if (item.status === 'accepted') places.set(ids[i]!, item.index)
      })
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) return
      throw error
    }
  }
}

/** Every event that was sent, acknowledged or not, with the places where it stands. */
async function placesInLog(from: TestServer, key: string): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>()
  let cursor: string | null = ''
  while (cursor !== null) {
    const after: string = cursor && `&cursor=${encodeURIComponent(cursor)}`
    const page: EventPage = await ask(from, key, `/v1/events?action=scan.started&limit=1000${after}`)
    for (const { id, index } of page.events) found.set(id, [...(found.get(id) ?? []), index])
    cursor = page.nextCursor
  }
  return found
}

test(`after ${kills} kills during intake every acknowledged event is there once, at the place it was given`, async () => {
  server = await startServer({ empty: true, env: { TRAILSIDE_REQUESTS_PER_MINUTE: '1000000' } })
  const key = await createKey(server)
  const places = new Map<string, number>()
  for (let round = 0; round < kills; round++) {
    const sending = sendUntilKilled(server.url, key, round, places)
    await new Promise(resolve => setTimeout(resolve, Math.random() * 250))
    await server.kill()
    await sending
    await server.start()
  }
  expect(places.size).toBeGreaterThan(100)
  const found = await placesInLog(server, key)
  expect([...places].filter(([id, index]) => found.get(id)?.join() !== String(index))).toEqual([])
  expect([...found].filter(([, indexes]) => indexes.length !== 1)).toEqual([])
  const verified = await runCommand(['verify', '--data', server.data])
  expect(verified.code, verified.stderr).toBe(0)
})

test('a second process on the same folder says where the first answers, and ends', async () => {
  server = await startServer({ empty: true })
  const second = await runCommand(['serve', '--data', server.data, '--port', '0'])
  expect(second.code).toBe(1)
  expect(second.stderr).toContain(server.url)
  expect(await server.stop()).toBe(0)
})
