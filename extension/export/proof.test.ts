// Exports as an auditor meets them: proven offline, and no byte of them to be changed unseen.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultColumnIds } from '../../shared/export/columns.ts'
import { formatManifest, Manifest } from '../../shared/export/manifest.ts'
import { readZip } from '../../shared/export/read-zip.ts'
import type { ExportReport } from '../../shared/export/verify.ts'
import {
  exportZip,
  type FilesByName,
  fileEnding,
  pack,
  trustIn,
  unpack,
  verifyFiles,
  withFile,
} from '../../test/support/export-zip.ts'
import { openPanelServer, type PanelServer } from '../../test/support/panel-server.ts'
import { type Browser, createBrowser } from '../../test/support/panel-window.ts'
import { createTestKey, testEvent, testEvents } from '../../test/support/test-log.ts'
import type { ExportRequest } from '../worker/protocol.ts'

let server: PanelServer
let browser: Browser

beforeEach(async () => {
  server = await openPanelServer()
  browser = createBrowser(server)
})
afterEach(async () => {
  await browser.close()
  await server.close()
})

function request(changes: Partial<ExportRequest> = {}): ExportRequest {
  return {
    ...{ format: 'csv', filter: {}, zone: 'Europe/Berlin', columns: [...defaultColumnIds] },
    ...{ byteOrderMark: true, rowsPerFile: 1000, proof: true, size: server.size() },
    ...changes,
  }
}

async function exported(changes: Partial<ExportRequest> = {}, role?: string): Promise<FilesByName> {
  const { log } = await browser.openWhole(await server.signIn(role))
  return unpack(await exportZip(log, request(changes)))
}

const trust = () => trustIn(server.log.key.verifierKeys.log)
const verify = (files: FilesByName) => verifyFiles(files, trust())
const manifestOf = (files: FilesByName) =>
  Manifest.parse(JSON.parse(Buffer.from(files.get('manifest.json')!).toString()))
const scansOnly = { filter: { action: { include: ['scan.started'], exclude: [] } } }

async function appendMixed(): Promise<void> {
  await server.append(
    Array.from({ length: 700 }, (_, id) =>
      testEvent(id, id % 7 === 3 ? {} : { action: 'user.login', area: 'authentication' }),
    ),
  )
}

describe('Z11: an export', () => {
  test('of a contiguous range is proven whole, with few hashes', async () => {
    await server.append(testEvents(0, 1300))
    const files = await exported()
    expect(await verify(files)).toMatchObject({
      ...{ outcome: 'verified', words: null, rowsChecked: 1300, trustedBy: 'key' },
      manifest: { log: { start: 0, end: 1300, leftOut: 0 } },
    })
  })

  test('that is filtered proves its rows, and that nothing between them was dropped or added', async () => {
    await appendMixed()
    const files = await exported(scansOnly)
    const report = await verify(files)
    expect(report).toMatchObject({ outcome: 'verified', rowsChecked: 100 })
    expect(report.manifest!.log).toMatchObject({
      start: 3,
      end: 697,
      leftOut: 594,
      gaps: { name: 'left-out.txt' },
    })
    expect(report.manifest!.claims.doesNotProve[0]).toContain('do not match the filter')
  })

  test('of nothing is proven too', async () => {
    await server.append(testEvents(0, 5))
    const filter = { action: { include: ['user.login'], exclude: [] } }
    expect(await verify(await exported({ filter }))).toMatchObject({ outcome: 'verified', rowsChecked: 0 })
  })

  test('from server pages and bundles is proven like one from the cache', async () => {
    server.log.clock.now = Date.now() - 200 * 86_400_000
    await server.append(testEvents(0, 700))
    server.log.clock.now = Date.now()
    server.log.tick()
    const window = browser.openWindow()
    await window.log.call('open', await server.signIn())
    await window.until(({ phase }) => phase === 'live')
    const files = await unpack(await exportZip(window.log, request()))
    expect(await verify(files)).toMatchObject({ outcome: 'verified', rowsChecked: 700 })
  })

  test('whose reader was not given personal fields is verified with redactions', async () => {
    await server.append(testEvents(0, 3))
    const role = await server.access.createRole(
      {
        name: 'Auditor',
        description: '',
        permissions: ['audit_log.read', 'audit_log.export'],
      },
      server.byOwner,
    )
    const report = await verify(await exported({}, role.id))
    expect(report).toMatchObject({ outcome: 'redacted', redacted: { rows: 3, fields: { 'actor.name': 3 } } })
  })

  test('by nobody’s or somebody else’s word is not trusted', async () => {
    await server.append(testEvents(0, 3))
    const files = await exported()
    const stranger = (await createTestKey(undefined, 99)).verifierKeys.log
    for (const other of [null, trustIn(stranger)]) {
      expect(await verifyFiles(files, other)).toMatchObject({ outcome: 'untrusted', rowsChecked: 3 })
    }
    expect((await verifyFiles(files, null)).words).toContain(server.log.key.verifierKeys.log)
  })

  test('packed again by other hands is the same export', async () => {
    await server.append(testEvents(0, 30))
    const files = await exported()
    expect(await verify(await unpack(pack(files)))).toMatchObject({ outcome: 'verified' })
  })
})

describe('Z8: what is wrong is named', () => {
  async function change(find: string, replacement: string, end = '.csv'): Promise<ExportReport> {
    await server.append(testEvents(0, 4))
    const files = await exported({ filter: {} })
    const [name, bytes] = fileEnding(files, end)
    const text = Buffer.from(bytes).toString()
    expect(text).toContain(find)
    return verify(withFile(files, name, Buffer.from(text.replace(find, replacement))))
  }

  test('a changed value: part, row, column, line, place in the log', async () => {
    const report = await change('zoe@example.com', 'zoe@example.org')
    expect(report).toMatchObject({
      ...{ outcome: 'tampered', words: 'This is not what the log holds' },
      place: { row: 1, line: 2, index: 3, column: 'User e-mail' },
    })
  })

  test('a value that was cut out', async () => {
    const report = await change('Scan started', '')
    expect(report).toMatchObject({ outcome: 'tampered', place: { row: 1, column: 'Action' } })
  })

  test('an entry that was changed in file, evidence and manifest alike', async () => {
    const report = await change('192.0.2.7', '192.0.2.8', '.ndjson')
    expect(report).toMatchObject({ outcome: 'tampered', place: { line: 1, index: 3 } })
  })

  test('a row left out everywhere, its hashes counted anew', async () => {
    await server.append(testEvents(0, 8))
    const files = await exported()
    const manifest = manifestOf(files)
    manifest.log.leftOut = 1
    manifest.rows = 7
    const forged = withFile(files, 'manifest.json', Buffer.from(formatManifest(manifest)))
    expect(await verify(forged)).toMatchObject({ outcome: 'tampered', place: { file: 'manifest.json' } })
  })

  test('a file that is missing, and one that is too many', async () => {
    await server.append(testEvents(0, 2))
    const files = await exported()
    for (const name of files.keys()) {
      const fewer = new Map(files)
      fewer.delete(name)
      expect(await verify(fewer)).toMatchObject({ outcome: 'malformed', place: { file: name } })
    }
    const more = withFile(files, 'more.csv', Buffer.from('x'))
    expect(await verify(more)).toMatchObject({ outcome: 'malformed', place: { file: 'more.csv' } })
  })

  test('what is no zip, or would unpack to more than it may', async () => {
    expect(() => readZip(Buffer.from('PK nonsense'))).toThrow(/no zip/)
    const bomb = pack(new Map([['a', new Uint8Array(1000)]]))
    const view = new DataView(bomb.buffer)
    const directory = view.getUint32(bomb.length - 6, true)
    view.setUint32(directory + 24, 0x7fffffff, true)
    expect(() => readZip(bomb)).toThrow(/would unpack to 2147483647/)
  })
})

/** Named in the manifest as not authenticated, as far as a single byte of them can change unseen. */
const notAuthenticated =
  /^(createdAt|createdBy\.(id|name|email)|server|workspace\.(id|name|demo)|personal|recordedAs|rowsPerFile|timeFrame\.(firstDay|lastDay|zone)|filter\.(parameters|from|to)|log\.size)$/

describe('Z12: every byte', () => {
  test.each(['csv', 'json'] as const)(
    'of a small export as %s, changed, fails or is listed',
    async format => {
      await appendMixed()
      const filter = {
        ...scansOnly.filter,
        from: '2026-03-01T00:00:00.000Z',
        ip: { include: ['192.0.2.7'], exclude: [] },
      }
      const { log } = await browser.openWhole(await server.signIn())
      const zip = await exportZip(log, request({ format, filter, size: 17 }))
      const files = await unpack(zip)
      expect(await verify(files)).toMatchObject({ outcome: 'verified', rowsChecked: 2 })
      expect([...files.keys()].map(name => name.replace(/^audit-log[\d_to-]*\d/, ''))).toEqual([
        ...[`.${format}`, `.${format}.evidence.ndjson`, 'left-out.txt', 'manifest.json'],
      ])
      const unseen = new Set<string>()
      for (const [name, bytes] of files) {
        for (let at = 0; at < bytes.length; at++) {
          const changed = bytes.slice()
          changed[at]! ^= 1 << (at % 8)
          const report = await verify(withFile(files, name, changed))
          if (report.outcome !== 'verified') continue
          expect(name).toBe('manifest.json')
          unseen.add(changedField(manifestOf(files), report.manifest))
        }
      }
      expect([...unseen].filter(field => !notAuthenticated.test(field))).toEqual([])
      expect([...unseen]).toContain('createdBy.name')
    },
    120_000,
  )
})

/** The path of the first field in which they differ. */
function changedField(a: unknown, b: unknown): string {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return ''
  for (const [name, value] of Object.entries(a)) {
    const other = (b as Record<string, unknown>)[name]
    if (JSON.stringify(value) === JSON.stringify(other)) continue
    return [name, changedField(value, other)].filter(part => part !== '').join('.')
  }
  return ''
}
