import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LogWitnesses, PanelCosigned } from '../../shared/api.ts'
import { ProblemError } from '../../shared/problem.ts'
import { openTestApp } from '../../test/support/app.ts'
import { createTestKey, openTestLog, testEvent, testEvents, testOrg } from '../../test/support/test-log.ts'
import { createTestPanelKey } from '../../test/support/test-panel-key.ts'
import { createTestWitnessKey } from '../../test/support/test-witness.ts'
import { createMetrics } from '../metrics.ts'
import { forgettingPanels } from '../witness/forgetting-panels.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
let analyst: string
let seeds = 40
beforeEach(async () => {
  opened = await openTestApp()
  analyst = (await opened.join('Ann Analyst', 'security-analyst')).token
  await opened.log.writer.append(testEvents(0, 9))
})
afterEach(() => opened.close())

const panelKey = (origin = opened.log.key.origin) =>
  createTestPanelKey(origin, ++seeds, () => opened.log.clock.now)
const noteOf = async (log = opened.log) => (await log.store.state(testOrg)).checkpoint!
const hours = (count: number) => {
  opened.log.clock.now += count * 3_600_000
}

async function send(body: unknown, token = analyst) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  return opened.app.request('/v1/log/cosignatures', init)
}
async function list(token = analyst) {
  const response = await opened.app.request('/v1/log/witnesses', {
    headers: { authorization: `Bearer ${token}` },
  })
  return LogWitnesses.parse(await response.json())
}
async function events(action: string): Promise<{ actor: { name: string }; metadata: object }[]> {
  const { token } = await opened.join(`Looks ${++seeds}`, 'owner')
  await expect.poll(() => opened.live.size).toBe(opened.log.writer.size)
  const headers = { authorization: `Bearer ${token}` }
  const found = await opened.app.request(`/v1/events?action=${action}`, { headers })
  return ((await found.json()) as { events: { actor: { name: string }; metadata: object }[] }).events
}

describe('what a panel cosigned', () => {
  test('D3: is kept with who and when, and shown to the others', async () => {
    const panel = await panelKey()
    const response = await send(await panel.cosign(await noteOf()))
    expect(PanelCosigned.parse(await response.json())).toEqual({ fits: true })
    const { panels } = await list()
    const { size } = (await list()).panels[0]!
    expect(panels).toEqual([
      expect.objectContaining({
        key: panel.key,
        by: expect.objectContaining({ name: 'Ann Analyst' }),
        fits: true,
      }),
    ])
    expect(panels[0]!.note).toContain(`\n${size}\n`)
  })

  test('D3: is shown without names to who may not see personal data', async () => {
    await send(await (await panelKey()).cosign(await noteOf()))
    const { id } = await opened.access.createRole(
      { name: 'Reads', description: '', permissions: ['audit_log.read'] },
      (await opened.join('Boss', 'owner')).by,
    )
    const { token } = await opened.join('Otto', id)
    expect((await list(token)).panels).toMatchObject([{ by: null }])
  })

  test('D3: is an event at the first time, and no more', async () => {
    const panel = await panelKey()
    await send(await panel.cosign(await noteOf()))
    await opened.log.writer.append(testEvents(20, 30))
    await send(await panel.cosign(await noteOf()))
    expect(await events('auditlog.panel_registered')).toMatchObject([
      { actor: { name: 'Ann Analyst' }, metadata: { keyId: expect.stringMatching(/^[0-9a-f]{8}$/) } },
    ])
    expect((await list()).panels).toHaveLength(1)
  })

  test('D2: never goes back', async () => {
    const panel = await panelKey()
    const before = await panel.cosign(await noteOf())
    await opened.log.writer.append(testEvents(20, 30))
    expect((await send(await panel.cosign(await noteOf()))).status).toBe(200)
    const { panels } = await list()
    expect((await send(before)).status).toBe(409)
    expect((await list()).panels).toEqual(panels)
  })

  test.each([
    ['no key of a panel', 400, async () => cosignedAs('trailside.local/acme/witness')],
    ['a panel of another log', 400, async () => cosignedAs('other.example/panel/00000001')],
    [
      'the log’s own time key',
      400,
      async () => ({ key: opened.log.key.verifierKeys.time, note: await noteOf() }),
    ],
    ['no cosignature', 403, async () => ({ key: (await panelKey()).key, note: await noteOf() })],
    ['a note of another key', 403, async () => (await panelKey()).cosign(await forgedNote())],
    ['no note', 400, async () => ({ key: (await panelKey()).key, note: 'nonsense' })],
    ['nothing', 400, async () => ({})],
  ])('is refused with %s', async (_, status, make) => {
    const response = await send(await make())
    expect(response.status).toBe(status)
    expect((await list()).panels).toEqual([])
  })

  async function cosignedAs(name: string) {
    return { key: (await createTestWitnessKey(name, 3)).verifierKey, note: await noteOf() }
  }

  async function forgedNote(): Promise<string> {
    const forged = await openTestLog({ key: await createTestKey(undefined, 60) })
    await forged.writer.append(testEvents(0, 3))
    return noteOf(forged)
  }

  test('D4: is kept and told where this log was never in that state: some were shown another one', async () => {
    const fork = await openTestLog({ key: opened.log.key })
    await fork.writer.append([...testEvents(0, 5), testEvent(5, { outcome: 'denied' })])
    const larger = await openTestLog({ key: opened.log.key })
    await larger.writer.append(testEvents(0, 500))
    for (const log of [fork, larger]) {
      const response = await send(await (await panelKey()).cosign(await noteOf(log)))
      expect(PanelCosigned.parse(await response.json())).toEqual({ fits: false })
      hours(1)
    }
    expect((await list()).panels.map(({ size, fits }) => [size, fits])).toEqual([
      [500, false],
      [6, false],
    ])
    expect(await events('auditlog.checkpoint_refused')).toHaveLength(2)
  })

  test('D3: has its bounds: ten panels a person, one new one a minute; evidence stays', async () => {
    const fork = await openTestLog({ key: opened.log.key })
    await fork.writer.append([testEvent(0, { outcome: 'denied' })])
    await send(await (await panelKey()).cosign(await noteOf(fork)))
    const tooSoon = await send(await (await panelKey()).cosign(await noteOf()))
    expect([tooSoon.status, await tooSoon.json()]).toEqual([
      429,
      expect.objectContaining({ code: 'rate_limited', retryAfter: 60 }),
    ])
    for (let i = 0; i < 12; i++) {
      hours(1)
      await send(await (await panelKey()).cosign(await noteOf()))
    }
    const { panels } = await list()
    expect(panels).toHaveLength(10)
    expect(panels.filter(({ fits }) => !fits)).toHaveLength(1)
  })
})

test('X: who is erased is not named beside what their panel cosigned, which stays', async () => {
  const ann = await opened.join('Ann Gone', 'security-analyst')
  await send(await (await panelKey()).cosign(await noteOf()), ann.token)
  expect((await list()).panels).toMatchObject([{ by: { id: ann.id, name: 'Ann Gone' } }])
  const eraser = forgettingPanels(opened.eraser, opened.witnessStore)
  await eraser.erase({ actor: ann.id, basis: 'asked for', content: false }, ann.by)
  expect((await list()).panels).toMatchObject([{ by: null, fits: true }])
})

test('X: an erasure that a legal hold refuses leaves that name too', async () => {
  const ann = await opened.join('Ann Held', 'security-analyst')
  await send(await (await panelKey()).cosign(await noteOf()), ann.token)
  const held = new ProblemError('on_hold', 'A legal hold covers it.')
  const eraser = forgettingPanels({ erase: () => Promise.reject(held) }, opened.witnessStore)
  await expect(eraser.erase({ actor: ann.id, basis: 'asked for', content: false }, ann.by)).rejects.toBe(held)
  expect((await list()).panels).toMatchObject([{ by: { name: 'Ann Held' } }])
})

test('D3: what is shown begins after a moment that the reader names, and has its bounds', async () => {
  const times: string[] = []
  for (let i = 0; i < 60; i++) {
    hours(1)
    const { token } = await opened.join(`Reader ${i}`, 'security-analyst')
    await send(await (await panelKey()).cosign(await noteOf()), token)
    times.push(new Date(opened.log.clock.now).toISOString())
  }
  const { panels, panelsTotal } = await list()
  expect([panels.length, panelsTotal]).toEqual([50, 60])
  expect(panels.map(({ at }) => at)).toEqual(times.slice(10).reverse())
  const headers = { authorization: `Bearer ${analyst}` }
  const later = await opened.app.request(`/v1/log/witnesses?since=${times[57]}`, { headers })
  expect(LogWitnesses.parse(await later.json()).panels).toHaveLength(2)
  expect((await opened.app.request('/v1/log/witnesses?since=yesterday', { headers })).status).toBe(400)
})

test('figures of the witnesses are there for whoever watches the server', async () => {
  const metrics = createMetrics({
    ...{ size: () => 310, indexed: () => 310, streams: () => 0 },
    witnesses: () => [
      { name: 'ada', size: 300, at: '2026-03-01T12:00:00.000Z' },
      { name: 'bob', size: null, at: null },
    ],
  })
  const text = await metrics.registry.metrics()
  expect(text).toContain('trailside_witness_lag_entries{witness="ada"} 10\n')
  expect(text).toContain('trailside_witness_lag_entries{witness="bob"} 310\n')
  expect(text).toContain('trailside_witness_last_cosignature_seconds{witness="ada"} 1772366400\n')
  expect(text).toContain('trailside_witness_last_cosignature_seconds{witness="bob"} 0\n')
})

test('the list says what this server witnesses, and that nobody is asked to cosign its log', async () => {
  const { witnesses, witnessing, quorumSize } = await list()
  expect([witnesses, quorumSize]).toEqual([[], null])
  expect(witnessing).toEqual({
    key: opened.witnessing.peer!.key,
    logs: [{ origin: opened.log.key.origin, size: null, at: null }],
  })
})
