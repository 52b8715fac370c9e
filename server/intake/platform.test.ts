import { describe, expect, test } from 'vitest'
import type { NewEventInput } from '../../shared/audit-event.ts'
import { catalogue } from '../../shared/catalogue.ts'
import { chunksOf, collect } from '../../test/support/byte-chunks.ts'
import { actionKey } from './action-names.ts'
import type { FormatRow } from './format-row.ts'
import { type FormatName, formats } from './formats.ts'

async function read(format: FormatName, content: string): Promise<FormatRow[]> {
  return collect(formats[format](chunksOf(content)))
}
async function events(format: FormatName, content: string): Promise<NewEventInput[]> {
  return (await read(format, content)).map(row => {
    if ('error' in row) throw new Error(JSON.stringify(row))
    return row.event
  })
}

const item = {
  id: '4b5c6d7e-0000-4000-8000-000000000001',
  organizationId: '4b5c6d7e-0000-4000-8000-00000000000f',
  userId: '4b5c6d7e-0000-4000-8000-00000000000a',
  action: 'user.login',
  timestamp: '2025-11-15T10:30:00Z',
  details: { ipAddress: '192.0.2.1', userAgent: 'Mozilla/5.0', method: 'password' },
}

describe('the platform’s audit list', () => {
  test('an item becomes an event with nothing left out', async () => {
    expect(
      await events('platform-api', JSON.stringify({ items: [item], pageInfo: { totalCount: 1 } })),
    ).toEqual([
      {
        id: item.id,
        source: 'invicti-platform',
        occurredAt: '2025-11-15T10:30:00.000Z',
        action: 'user.login',
        actor: { type: 'user', id: item.userId, name: null, email: null },
        targets: [],
        outcome: 'success',
        changes: [],
        context: {
          ip: '192.0.2.1',
          userAgent: 'Mozilla/5.0',
          channel: null,
          requestId: null,
          sessionId: null,
          location: null,
        },
        metadata: { organizationId: item.organizationId, details: { method: 'password' } },
      },
    ])
  })

  test('both spellings of time are read', async () => {
    const [event] = await events(
      'platform-api',
      JSON.stringify({ ...item, timestamp: '2026-03-17T12:50:41.325829+00:00' }),
    )
    expect(event!.occurredAt).toBe('2026-03-17T12:50:41.325Z')
  })

  test('what was done to is found among the details, and stays there', async () => {
    const details = {
      targetId: 't-1',
      targetName: 'https://shop.example.com',
      scanProfileId: 7,
      requestId: 'r-9',
    }
    const [event] = await events(
      'platform-api',
      JSON.stringify([{ ...item, action: 'scan.started', details }]),
    )
    expect(event!.targets).toEqual([
      { type: 'target', id: 't-1', name: 'https://shop.example.com' },
      { type: 'scan-profile', id: '7', name: null },
    ])
    expect(event!.context!.requestId).toBe('r-9')
    expect(event!.metadata!.details).toEqual({ scanProfileId: 7 })
  })

  test('failures and refusals are known by their action', async () => {
    const outcomes = ['user.login_failed', 'user.ip_denied', 'scan.completed', 'user.locked_out']
    const lines = outcomes.map(action => JSON.stringify({ ...item, action })).join('\n')
    expect((await events('platform-api', lines)).map(event => event.outcome)).toEqual([
      'failure',
      'denied',
      'success',
      'denied',
    ])
  })

  test('an item without id, action or time is told by line and path', async () => {
    const without = (name: string) => JSON.stringify({ ...item, [name]: undefined })
    const lines = [
      without('id'),
      without('action'),
      without('timestamp'),
      JSON.stringify({ ...item, timestamp: 'soon' }),
    ]
    expect(await read('platform-api', lines.join('\n'))).toEqual([
      { line: 1, place: '', error: { path: 'id', reason: 'is missing' } },
      { line: 2, place: '', error: { path: 'action', reason: 'is missing' } },
      { line: 3, place: '', error: { path: 'timestamp', reason: 'is missing' } },
      { line: 4, place: '', error: { path: 'timestamp', reason: 'is not a time that can be read: soon' } },
    ])
  })

  test('the same event from the API and from an exported file has the same name', async () => {
    const [fromApi] = await events('platform-api', JSON.stringify(item))
    const [fromJson] = await events('platform-json', JSON.stringify([item], null, 2))
    const [fromCsv] = await events(
      'platform-csv',
      `Id,Action,Timestamp,User\n${item.id},User logged in,${item.timestamp},x@example.com`,
    )
    for (const event of [fromJson, fromCsv])
      expect([event!.source, event!.id]).toEqual([fromApi!.source, fromApi!.id])
    expect(fromJson).toEqual(fromApi)
  })
})

describe('exported files', () => {
  test('every label of the catalogue leads back to its action', () => {
    for (const area of catalogue)
      for (const [action, label] of area.actions) expect(actionKey(label, area.id)).toBe(action)
  })

  test.each([
    [
      'Date,User,Area,Action,IP Address,Details,Ticket',
      '2025-11-15 10:30:00,Bo Example <bo@example.com>,Scans,Scan started,192.0.2.1,by hand,T-1',
    ],
    [
      'Ticket;details;IP;ACTION;area;performed_by;Timestamp (UTC)',
      'T-1;by hand;192.0.2.1;scan.started;scans;Bo Example (bo@example.com);11/15/2025 10:30:00',
    ],
    [
      'Date\tTime\tUser Name\tEmail\tAction\tArea\tIP-Address\tDetails\tTicket',
      '11/15/2025\t10:30:00\tBo Example\tbo@example.com\tScan Started\tScans\t192.0.2.1\tby hand\tT-1',
    ],
  ])('columns are known by their names: %s', async (header, row) => {
    const [event] = await events('platform-csv', `${header}\n${row}\n`)
    expect(event).toMatchObject({
      occurredAt: '2025-11-15T10:30:00.000Z',
      action: 'scan.started',
      actor: { type: 'user', name: 'Bo Example', email: 'bo@example.com' },
      context: { ip: '192.0.2.1' },
    })
    expect(Object.values(event!.metadata!)).toEqual(expect.arrayContaining(['by hand', 'T-1']))
  })

  test('a user column may hold an id, an address, a name, a machine or nothing', async () => {
    const users = [
      '4b5c6d7e-0000-4000-8000-00000000000a',
      'bo@example.com',
      'Bo Example',
      'System',
      'API key 7',
      '',
    ]
    const rows = users.map(user => `2025-11-15 10:30:00,Scan started,${user}`).join('\n')
    expect((await events('platform-csv', `Date,Action,User\n${rows}`)).map(event => event.actor)).toEqual([
      { type: 'user', id: users[0], name: null, email: null },
      { type: 'user', name: null, email: 'bo@example.com' },
      { type: 'user', name: 'Bo Example', email: null },
      { type: 'system', name: 'System', email: null },
      { type: 'api_key', name: 'API key 7', email: null },
      { type: 'system', id: 'unspecified' },
    ])
  })

  test('an action or area that nobody knows is kept as it reads', async () => {
    const [event] = await events(
      'platform-csv',
      'Date,Action,Area,User\n2025-11-15T10:30:00Z,Robot waved back,Robots,Bo',
    )
    expect(event).toMatchObject({
      action: 'robots.robot_waved_back',
      metadata: { actionAsWritten: 'Robot waved back' },
    })
  })

  test('rows without id are named by their content: again the same, and identical rows stay two', async () => {
    const csv =
      'Date,Action,User\n2025-11-15T10:30:00Z,Scan started,Bo\n2025-11-15T10:30:00Z,Scan started,Bo\n2025-11-15T10:30:01Z,Scan started,Bo'
    const first = (await events('platform-csv', csv)).map(event => event.id)
    expect(new Set(first).size).toBe(3)
    expect((await events('platform-csv', csv)).map(event => event.id)).toEqual(first)
    const reordered = csv.replace('Date,Action,User', 'When,Action,User').replace('When', 'Date')
    expect((await events('platform-csv', reordered)).map(event => event.id)).toEqual(first)
  })

  test('before and after are a change; details in JSON are read', async () => {
    const header = 'Date,Action,User,Field,Old value,New value,Details'
    const row = `2025-11-15T10:30:00Z,Target updated,Bo,Scan speed,Slow,Fast,"{""ipAddress"":""192.0.2.9"",""note"":""x""}"`
    const [event] = await events('platform-csv', `${header}\n${row}`)
    expect(event!.changes).toEqual([{ field: 'Scan speed', before: 'Slow', after: 'Fast' }])
    expect(event!.context!.ip).toBe('192.0.2.9')
    expect(event!.metadata).toEqual({ Details: { note: 'x' } })
  })
})

describe('the older sibling', () => {
  const entry = {
    AccountId: 'a-1',
    CreatedAt: '11/15/2025 10:30:00',
    EndpointType: 'Api',
    Id: 'e-1',
    Type: 'ScanStarted',
    UserEmail: 'bo@example.com',
    UserId: 'u-1',
    UserName: 'Bo Example',
    Message: 'Scan started for https://shop.example.com',
    RequestData: '{"TargetUri":"https://shop.example.com"}',
  }

  test.each([
    ['a page', JSON.stringify({ FirstItemOnPage: 1, List: [entry], TotalItemCount: 1 })],
    ['an array', JSON.stringify([entry])],
    ['a line', `${JSON.stringify(entry)}\n`],
  ])('%s', async (_name, text) => {
    expect(await events('enterprise-json', text)).toEqual([
      {
        id: 'e-1',
        source: 'invicti-enterprise',
        occurredAt: '2025-11-15T10:30:00.000Z',
        action: 'scan.started',
        actor: { type: 'user', id: 'u-1', name: 'Bo Example', email: 'bo@example.com' },
        targets: [],
        outcome: 'success',
        changes: [],
        context: {
          ip: null,
          userAgent: null,
          channel: 'api',
          requestId: null,
          sessionId: null,
          location: null,
        },
        metadata: {
          timeAsWritten: '11/15/2025 10:30:00',
          AccountId: 'a-1',
          Message: 'Scan started for https://shop.example.com',
          RequestData: '{"TargetUri":"https://shop.example.com"}',
        },
      },
    ])
  })

  test.each([',', ';', '|', '\t'])('CSV separated by %j', async separator => {
    const rows = [
      ['User', 'Action', 'Endpoint Type', 'Date'],
      ['bo@example.com', 'Website group created', 'BackgroundTask', '11/15/2025 10:30:00'],
    ]
    const [event] = await events('enterprise-csv', rows.map(row => row.join(separator)).join('\r\n'))
    expect(event).toMatchObject({
      source: 'invicti-enterprise',
      action: 'targets.website_group_created',
      actor: { email: 'bo@example.com' },
      context: { channel: 'background' },
    })
  })
})
