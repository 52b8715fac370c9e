import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Permission } from '../../shared/access.ts'
import { AuditEvent } from '../../shared/audit-event.ts'
import { ImportReport } from '../../shared/imports.ts'
import { Problem } from '../../shared/problem.ts'
import { bearer, local } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'
import { platformKey } from '../../test/support/platform/stand-in.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
let writer: string
let reader: string
beforeEach(async () => {
  opened = await openTestApp()
  const keyWith = async (...permissions: Permission[]) =>
    (await opened.access.createKey({ name: permissions.join(), permissions }, local)).key
  writer = await keyWith('audit_log.write')
  reader = await keyWith('audit_log.read')
})
afterEach(() => opened.close())

const source = {
  name: 'Platform',
  kind: 'invicti-platform' as const,
  baseUrl: 'https://platform.example',
  key: platformKey,
  ...{ userId: null, intervalSeconds: 60, startDate: null, certificateAuthority: null, proxy: null },
  ...{ usersPath: '/api/people', targetsPath: null },
}

async function post(content: string | Uint8Array, dryRun = false, name = 'export.csv'): Promise<Response> {
  const headers = { ...Object.fromEntries(bearer(writer)), 'content-type': 'application/json' }
  const files = [{ name, content: Buffer.from(content).toString('base64') }]
  return opened.app.request('/v1/imports', {
    method: 'POST',
    headers,
    body: JSON.stringify({ files, dryRun }),
  })
}
const bring = async (...given: Parameters<typeof post>) =>
  ImportReport.parse(await (await post(...given)).json())
const settled = () => expect.poll(() => opened.live.size).toBe(opened.log.writer.size)

async function pull() {
  await opened.feed.start()
  await opened.feed.add(source, local)
  await expect.poll(async () => (await opened.feed.list())[0]!.state, { timeout: 30_000 }).toBe('caught_up')
  await settled()
}

/** What the stand-in has, as the platform might export it. */
function exported(columns: readonly ('id' | 'user')[], extra = 0): string {
  const entries = opened.platform.entries()
  const rows = entries.map(({ id, userId, action, at }) =>
    [...(columns.includes('id') ? [id] : []), userId, action, new Date(at).toISOString()].join(','),
  )
  const older = Array.from({ length: extra }, (_, i) => {
    const cells = [entries[0]!.userId, 'user.login', `2025-01-01T00:00:0${i}.000Z`]
    return [...(columns.includes('id') ? [`older-${i}`] : []), ...cells].join(',')
  })
  const header = [...(columns.includes('id') ? ['ID'] : []), 'User ID', 'Action', 'Date'].join(',')
  return [header, ...rows, ...older].join('\n')
}

describe('an export of what was pulled', () => {
  test('merges by id: only what is not there is new', async () => {
    await pull()
    const csv = exported(['id'], 3)
    const counts = { read: 43, accepted: 3, duplicates: 40, recognised: 0, rejected: 0, withoutId: 0 }
    const size = opened.log.writer.size
    expect(await bring(csv, true)).toMatchObject({ ...counts, formats: ['platform-csv'] })
    expect(opened.log.writer.size).toBe(size)
    expect(await bring(csv)).toMatchObject(counts)
    expect(await bring(csv)).toMatchObject({ ...counts, accepted: 0, duplicates: 43 })
  })

  test('without ids merges by time, action and user, and says which of the new ones have none', async () => {
    await pull()
    const csv = exported([], 3)
    const counts = { read: 43, accepted: 3, duplicates: 0, recognised: 40, rejected: 0, withoutId: 3 }
    expect(await bring(csv, true)).toMatchObject(counts)
    expect(await bring(csv)).toMatchObject(counts)
    await settled()
    // The three are known by their content now, and are entries of the log as well.
    expect(await bring(csv)).toMatchObject({ accepted: 0, recognised: 43 })
  })

  test('that holds one event more often than the log has it once more', async () => {
    await pull()
    const lines = exported([]).split('\n')
    expect(await bring([...lines, lines.at(-1)].join('\n'))).toMatchObject({ accepted: 1, recognised: 40 })
  })
})

test('an import is an event of the log, with who did it and what became of the rows', async () => {
  await bring(`ID,User ID,Action,Date\n1,u,user.login,2025-01-01T00:00:00Z\n2,u,user.login,never`)
  const place = opened.log.writer.size - 1
  await settled()
  const response = await opened.app.request(`/v1/events/${place}`, { headers: bearer(reader) })
  expect(AuditEvent.parse(await response.json())).toMatchObject({
    action: 'auditlog.imported',
    actor: { type: 'api_key' },
    metadata: { files: ['export.csv'], read: 2, accepted: 1, rejected: 1 },
  })
})

test('rows that cannot be read are named, and stop no other', async () => {
  const report = await bring(
    `ID,User ID,Action,Date\n1,u,user.login,never\n2,u,user.login,2025-01-01T00:00:00Z`,
  )
  expect(report).toMatchObject({ accepted: 1, rejected: 1 })
  expect(report.rejects).toMatchObject([{ file: 'export.csv', line: 2, path: 'Date' }])
})

test.each<[string, string | Uint8Array, string]>([
  [
    'the platform’s CSV',
    'Action,User,Date\nuser.login,ada@acme.example,2025-01-01T00:00:00Z',
    'platform-csv',
  ],
  [
    'the platform’s JSON',
    '[{"action":"user.login","userId":"u","timestamp":"2025-01-01T00:00:00Z"}]',
    'platform-json',
  ],
  [
    'the sibling’s CSV',
    'User;Action;Endpoint Type;Date\nAda;Login;Web;01/01/2025 10:00:00',
    'enterprise-csv',
  ],
  [
    'CSV of a spreadsheet in UTF-16',
    utf16('Action,User,Date\nuser.login,ada,2025-01-01T00:00:00Z'),
    'platform-csv',
  ],
])('%s is known by how it begins', async (_what, content, format) => {
  expect(await bring(content, true)).toMatchObject({ formats: [format], accepted: 1, withoutId: 1 })
})

test.each([
  ['an export of Trailside itself', 'Date,Action,Log index\nx,y,1', /of Trailside itself/],
  ['its JSON', '[{"id":"1","receivedAt":"2025-01-01T00:00:00Z"}]', /of Trailside itself/],
  ['a picture', '\u0089PNG', /no export/],
  ['a list of something else', 'Colour,Price\nred,1', /no export/],
])('%s is refused, and nothing is kept', async (_what, content, words) => {
  const size = opened.log.writer.size
  const response = await post(content)
  expect(response.status).toBe(400)
  expect(Problem.parse(await response.json()).detail).toMatch(words)
  expect(opened.log.writer.size).toBe(size)
})

function utf16(text: string): Uint8Array {
  return Buffer.from(`\ufeff${text}`, 'utf16le')
}
