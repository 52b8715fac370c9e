import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatAddCheckpoint, parseAddCheckpoint } from '../../shared/log/add-checkpoint.ts'
import { toHex, utf8 } from '../../shared/log/bytes.ts'
import { sha256 } from '../../shared/log/sha256.ts'
import { openTestApp } from '../../test/support/app.ts'
import { createTestKey, openTestLog, testEvents } from '../../test/support/test-log.ts'
import { submission } from '../../test/support/test-witness.ts'
import { witnessRoutes } from './witness.ts'

type Opened = Awaited<ReturnType<typeof openTestApp>>
let opened: Opened
beforeAll(async () => {
  opened = await openTestApp()
  await opened.log.writer.append(testEvents(0, 3))
})
afterAll(() => opened.close())

const send = (body: Uint8Array | string, app: Pick<Opened['app'], 'request'> = opened.app) =>
  app.request('/witness/add-checkpoint', { method: 'POST', body: body as BodyInit })
const pathOf = (origin: string) => `/witness/${toHex(sha256(utf8(origin)))}/checkpoint`

/** In one test, since each answer depends on what was cosigned before. */
test('W: each answer has the status and the type of the protocol', async () => {
  const { app, log } = opened
  const { origin } = log.key
  expect((await app.request(pathOf(origin))).status).toBe(404)

  const first = await send(await submission(log, 0))
  expect(first.status).toBe(200)
  expect(first.headers.get('cache-control')).toBe('no-store')
  expect(await first.text()).toMatch(/^— witness\.example\/w1 \S+\n$/)

  const stale = await send(await submission(log, 0))
  expect(stale.status).toBe(409)
  expect(stale.headers.get('content-type')).toBe('text/x.tlog.size')
  expect(await stale.text()).toBe('3\n')

  const shown = await app.request(pathOf(origin))
  expect(shown.status).toBe(200)
  expect(shown.headers.get('content-type')).toMatch(/^text\/plain/)
  expect(await shown.text()).toContain('\n— witness.example/w1 ')

  const stranger = await openTestLog({ key: await createTestKey(undefined, 5, 'stranger.example') })
  const forger = await openTestLog({ key: await createTestKey(undefined, 6) })
  const { note } = parseAddCheckpoint(await submission(log, 0))
  const garbage = formatAddCheckpoint({ oldSize: 3, proof: [new Uint8Array(32)], note })
  const refusals = [
    [await submission(stranger, 0), 404, 'not_found'],
    [await submission(forger, 0), 403, 'checkpoint_untrusted'],
    ['nonsense', 400, 'malformed'],
    [await submission(log, 4), 400, 'malformed'],
    [garbage, 422, 'checkpoint_inconsistent'],
    ['x'.repeat(65 * 1024), 413, 'too_large'],
  ] as const
  for (const [body, status, code] of refusals) {
    const response = await send(body)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ code })
  }
})

test('W7: what was refused although the log had signed it is an event', async () => {
  const { log, live, join, app } = opened
  await expect.poll(() => live.size).toBe(log.writer.size)
  const { token } = await join('Reader', 'owner')
  const found = await app.request('/v1/events?action=auditlog.checkpoint_refused', {
    headers: { authorization: `Bearer ${token}` },
  })
  const { events } = (await found.json()) as { events: { targets: unknown[]; area: string }[] }
  expect(events).toHaveLength(1)
  expect(events[0]).toMatchObject({ area: 'audit-log', outcome: 'denied', targets: [{ type: 'log' }] })
})

test('a server that witnesses nobody has nothing there', async () => {
  const app = witnessRoutes(null)
  app.onError((error, c) => c.json({ code: (error as { code?: string }).code }, 404))
  expect(await (await send(await submission(opened.log, 0), app)).json()).toEqual({ code: 'not_found' })
  expect(await (await app.request(pathOf(opened.log.key.origin))).json()).toEqual({ code: 'not_found' })
})
