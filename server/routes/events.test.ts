import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Permission } from '../../shared/access.ts'
import { EventPage, Facets, Histogram, IntakeResult } from '../../shared/api.ts'
import { type AuditEvent, targetKey } from '../../shared/audit-event.ts'
import { type Filter, FilterError, formatFilter, matches, parseFilter } from '../../shared/filter.ts'
import { bearer, local } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'
import { someEvent, someFilter } from '../../test/support/arbitrary-event.ts'

type TestApp = Awaited<ReturnType<typeof openTestApp>>
let opened: TestApp
let key: string
beforeEach(async () => {
  opened = await openTestApp()
  key = await keyWith('audit_log.read', 'audit_log.read_personal', 'audit_log.write')
})
afterEach(() => opened.close())

async function keyWith(...permissions: Permission[]): Promise<string> {
  return (await opened.access.createKey({ name: permissions.join(), permissions }, local)).key
}

const get = (path: string, token = key) => opened.app.request(path, { headers: bearer(token) })
const post = (events: unknown, token = key) =>
  opened.app.request('/v1/events', {
    method: 'POST',
    headers: bearer(token),
    body: JSON.stringify({ events }),
  })
async function page(query: string, token = key): Promise<EventPage> {
  const answer = await get(`/v1/events?${query}`, token)
  const body = await answer.json()
  expect(answer.status, JSON.stringify(body)).toBe(200)
  return EventPage.parse(body)
}

const minimal = (id: string, more: object = {}) => ({
  id,
  occurredAt: '2026-02-03T04:05:06Z',
  action: 'scan.started',
  actor: { id: 'u1', name: 'Ada', email: 'ada@example.org' },
  ...more,
})

describe('intake', () => {
  test('answers item by item; a repeat is a duplicate; one bad item does not stop the others', async () => {
    const first = IntakeResult.parse(
      await (await post([minimal('1'), minimal('2', { occurredAt: 'noon' }), minimal('1')])).json(),
    )
    expect(first.items.map(item => item.status)).toEqual(['accepted', 'rejected', 'duplicate'])
    expect(first.items[1]).toMatchObject({ path: 'occurredAt' })
    const again = IntakeResult.parse(await (await post([minimal('1')])).json())
    expect(again).toMatchObject({ accepted: 0, duplicates: 1, rejected: 0 })
  })

  test('an acknowledged event can be read at once, with its area from the catalogue', async () => {
    const [item] = IntakeResult.parse(await (await post([minimal('1')])).json()).items
    const event = await (await get(`/v1/events/${(item as { index: number }).index}`)).json()
    expect(event).toMatchObject({
      id: '1',
      source: 'api',
      area: 'scans',
      occurredAt: '2026-02-03T04:05:06.000Z',
    })
  })

  test.each([
    ['no JSON', '{', 400],
    ['no events', '{}', 400],
    ['an empty list', '{"events":[]}', 400],
    ['a name given twice', '{"events":[{"id":"1","id":"2"}]}', 400],
    ['a number no program reads exactly', '{"events":[{"metadata":{"n":12345678901234567890}}]}', 400],
    ['too many', JSON.stringify({ events: Array(1001).fill({}) }), 400],
  ])('refuses a body with %s whole', async (_name, body, status) => {
    const answer = await opened.app.request('/v1/events', { method: 'POST', headers: bearer(key), body })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ code: 'malformed' })
  })

  test('nobody may speak as Trailside itself', async () => {
    const { items } = IntakeResult.parse(await (await post([minimal('1', { source: 'trailside' })])).json())
    expect(items).toMatchObject([{ status: 'rejected', path: 'source' }])
  })
})

describe('pages', () => {
  async function fill(count: number): Promise<void> {
    const events = Array.from({ length: count }, (_, i) =>
      minimal(`${i}`, { occurredAt: `2026-02-03T04:05:${String(i % 60).padStart(2, '0')}Z` }),
    )
    expect((await post(events)).status).toBe(200)
  }

  test('a walk by cursor misses nothing and repeats nothing while events arrive', async () => {
    await fill(100)
    const seen: number[] = []
    const { total } = await page('action=scan.started&limit=1')
    let cursor: string | null = ''
    for (let round = 0; cursor !== null; round++) {
      const next = await page(`action=scan.started&limit=7${cursor && `&cursor=${cursor}`}`)
      expect(next.total).toBe(total)
      seen.push(...next.events.map(event => event.index))
      cursor = next.nextCursor
      await post([
        minimal(`late ${round}`, { occurredAt: round % 2 ? '2020-01-01T00:00:00Z' : '2026-02-03T05:00:00Z' }),
      ])
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(100)
  })

  test('a cursor of another filter, and one that is none, are refused', async () => {
    await fill(3)
    const { nextCursor } = await page('action=scan.started&limit=1')
    for (const cursor of [nextCursor, 'x', '%F0']) {
      const answer = await get(`/v1/events?action=user.login&cursor=${cursor}`)
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        400,
        'invalid_cursor',
      ])
    }
  })

  test.each([
    'acton=x',
    'action[]=x',
    'limit=0',
    'limit=1001',
    'limit=ten',
    'from=yesterday',
    'ip=1.2.3',
    'outcome=fine',
    'size=-1',
  ])('a mistaken query is refused, never answered with everything: %s', async query => {
    const answer = await get(`/v1/events?${query}`)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toHaveProperty('errors')
  })

  test('every filter answers exactly what the plain definition says, with page, total, facets and histogram', async () => {
    const events = fc
      .sample(someEvent, { numRuns: 400, seed: 7 })
      .map(({ receivedAt: _, withheld: __, ...event }, i) => ({ ...event, id: `e${i}` }))
    await post(events)
    const all: AuditEvent[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const next: EventPage = await page(`limit=200${cursor && `&cursor=${cursor}`}`)
      all.push(...next.events)
      cursor = next.nextCursor
    }
    await fc.assert(
      fc.asyncProperty(someFilter.filter(isWritable), async filter => {
        const expected = all.filter(event => matches(filter, event, { personal: true }))
        const query = formatFilter(filter)
        const answer = await page(`${query}&limit=1000&size=${all.length}`)
        expect(answer.total).toBe(expected.length)
        expect(answer.events.map(event => event.index)).toEqual(expected.map(event => event.index))
        const facets = Facets.parse(
          await (await get(`/v1/facets?${query}&field=action&size=${all.length}`)).json(),
        )
        const { action: _, ...others } = filter
        const counted = all.filter(event => matches(others, event, { personal: true })).length
        expect(facets.facets.action!.values.reduce((sum, value) => sum + value.count, 0)).toBe(counted)
        const first = Date.parse('1700-01-01T00:00:00Z')
        const sums = Histogram.parse(
          await (
            await get(`/v1/histogram?${query}&starts=0,1000&end=9000000000000&size=${all.length}`)
          ).json(),
        )
        const since = expected.filter(event => Date.parse(event.occurredAt) >= Math.max(0, first)).length
        expect(sums.counts.reduce((sum, count) => sum + count, 0)).toBe(since)
      }),
      { numRuns: 60 },
    )
  })
})

/** Not every filter of the type can be asked over HTTP: no address is no address. */
function isWritable(filter: Filter): boolean {
  try {
    return parseFilter(formatFilter(filter)) !== null && !JSON.stringify(filter).includes('""')
  } catch (error) {
    if (error instanceof FilterError) return false
    throw error
  }
}

describe('a reader without personal data', () => {
  test('gets the same events with names and addresses withheld, and cannot ask by them', async () => {
    await post([
      minimal('1', { context: { ip: '192.0.2.9' }, targets: [{ type: 'target', id: 't', name: 'Shop' }] }),
    ])
    const token = await keyWith('audit_log.read')
    const { events } = await page('action=scan.started', token)
    expect(events[0]!.actor).toMatchObject({ id: 'u1', name: null, email: null })
    expect(events[0]!.context.ip).toBeNull()
    expect(events[0]!.withheld).toEqual(expect.arrayContaining(['actor.name', 'actor.email', 'context.ip']))
    expect(events[0]!.targets.map(targetKey)).toEqual(['target:t'])
    expect((await page('action=scan.started&q=ada', token)).total).toBe(0)
    expect((await page('action=scan.started&q=ada')).total).toBe(1)
    const refused = await get('/v1/events?ip=192.0.2.0/24', token)
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      403,
      'personal_data_withheld',
    ])
    const { facets } = Facets.parse(await (await get('/v1/facets?field=actor', token)).json())
    expect(JSON.stringify(facets)).not.toContain('Ada')
  })
})

describe('our own doings', () => {
  test('looking, exporting and being refused are events of the same log', async () => {
    await post([minimal('1')])
    await page('')
    const refused = await get('/v1/users')
    expect(refused.status).toBe(403)
    const exporter = await keyWith('audit_log.export')
    const record = {
      format: 'csv',
      filter: 'area=scans',
      from: null,
      to: null,
      zone: 'UTC',
      count: 294,
      files: 1,
      columns: ['action'],
    }
    const logged = await opened.app.request('/v1/exports', {
      method: 'POST',
      headers: new Headers([...bearer(exporter), ['content-type', 'application/json']]),
      body: JSON.stringify(record),
    })
    expect(logged.status).toBe(200)
    const { events } = await page('area=audit-log&limit=100')
    const actions = events.map(event => event.action)
    expect(actions).toEqual(
      expect.arrayContaining(['auditlog.viewed', 'auditlog.exported', 'auditlog.access_denied']),
    )
    expect(events.find(event => event.action === 'auditlog.exported')!.metadata).toMatchObject({ count: 294 })
  })
})
