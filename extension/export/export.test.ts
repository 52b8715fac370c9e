import { createHash } from 'node:crypto'
import papaparse from 'papaparse'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultColumnIds } from '../../shared/export/columns.ts'
import { restore } from '../../shared/export/csv.ts'
import { Manifest } from '../../shared/export/manifest.ts'
import { openPanelServer, type PanelServer } from '../../test/support/panel-server.ts'
import { type Browser, createBrowser } from '../../test/support/panel-window.ts'
import { testEvent, testEvents } from '../../test/support/test-log.ts'
import { readZip } from '../../test/support/zip.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { ExportProgress, ExportRequest } from '../worker/protocol.ts'

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
    ...{ byteOrderMark: false, rowsPerFile: 1000, proof: false, size: server.size() },
    ...changes,
  }
}

async function openLog(): Promise<LogClient> {
  return (await browser.openWhole(await server.signIn())).log
}

function progressOf(log: LogClient): ExportProgress[] {
  const told: ExportProgress[] = []
  log.on('exportProgress', progress => told.push(progress))
  return told
}

const states = (told: ExportProgress[]) => [...new Set(told.map(({ state }) => state))]

describe('an export', () => {
  test('of one file is that file, and is logged before', async () => {
    await server.append(testEvents(0, 294))
    const log = await openLog()
    const file = await log.call('export', 'x', request())
    expect(file).toMatchObject({ rows: 294, parts: 1, name: 'audit-log_2026-03-01_to_2026-03-01.csv' })
    const rows = rowsOf(await file.blob.text())
    expect(rows).toHaveLength(294)
    expect(rows[0]).toMatchObject({
      Date: '2026-03-01T11:00:00.000+01:00',
      Action: 'Scan started',
      'User e-mail': 'zoe@example.com',
      Target: 'shop',
      'Log index': '293',
    })
    const [logged] = await server.log.store.entries('acme', 294, 295)
    expect(Buffer.from(logged!.leaf).toString()).toContain('auditlog.exported')
    const metadata = logged!.disclosures.find(({ name }) => name === 'metadata')?.value
    expect(metadata).toMatchObject({ count: 294, files: 1, format: 'csv', columns: [...defaultColumnIds] })
  })

  test('of more is a zip of numbered parts and a manifest that speaks the truth', async () => {
    await server.append(testEvents(0, 2900))
    const log = await openLog()
    const told = progressOf(log)
    const file = await log.call('export', 'x', request({ byteOrderMark: true }))
    expect(file).toMatchObject({ rows: 2900, parts: 3, name: 'audit-log_2026-03-01_to_2026-03-01.zip' })
    const files = readZip(Buffer.from(await file.blob.arrayBuffer()))
    const manifest = Manifest.parse(JSON.parse(files.get('manifest.json')!.toString()))
    expect([...files.keys()]).toEqual([
      ...manifest.parts.flatMap(part => [part.name, `${part.name}.evidence.ndjson`]),
      'manifest.json',
    ])
    expect(manifest.parts.map(({ name, rows }) => [name.replace(/^.*_part/, 'part'), rows])).toEqual([
      ['part-001-of-003.csv', 1000],
      ['part-002-of-003.csv', 1000],
      ['part-003-of-003.csv', 900],
    ])
    const indexes = manifest.parts.flatMap(part => {
      const bytes = files.get(part.name)!
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(part.sha256)
      expect(bytes.length).toBe(part.bytes)
      expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
      return rowsOf(bytes.toString()).map(row => Number(row['Log index']))
    })
    expect(indexes).toEqual(Array.from({ length: 2900 }, (_, i) => 2899 - i))
    expect(manifest).toMatchObject({
      ...{ rows: 2900, format: 'csv', personal: true, recordedAs: 2900, server: server.url },
      log: {
        ...{ origin: server.log.key.origin, size: 2900, start: 0, end: 2900, leftOut: 0, gaps: null },
        checkpoint: expect.stringContaining('\n2900\n'),
        keys: server.log.key.verifierKeys,
      },
      createdBy: { name: 'User 1' },
      timeFrame: { zone: 'Europe/Berlin' },
    })
    expect(states(told)).toEqual(['running', 'done'])
    expect(told.map(({ rowsDone }) => rowsDone)).toEqual([0, 1000, 2000, 2900, 2900])
  })

  test('as JSON holds the whole events', async () => {
    await server.append(testEvents(0, 3))
    const log = await openLog()
    const { blob, name } = await log.call('export', 'x', request({ format: 'json' }))
    expect(name).toMatch(/\.json$/)
    expect(JSON.parse(await blob.text())).toEqual([
      await log.call('event', 2),
      await log.call('event', 1),
      await log.call('event', 0),
    ])
  })

  test('holds what the filter and the view show, and nothing that came later', async () => {
    await server.append([
      testEvent(0),
      testEvent(1, { action: 'user.login', area: 'authentication' }),
      testEvent(2),
    ])
    const log = await openLog()
    await server.append(testEvents(3, 9))
    const filter = { action: { include: ['scan.started'], exclude: [] } }
    const file = await log.call('export', 'x', request({ filter, size: 3 }))
    expect(rowsOf(await file.blob.text()).map(row => row['Event ID'])).toEqual(['2', '0'])
  })

  test('of hostile values gives them back unharmed, and neutralised', async () => {
    const hostile = [
      '=HYPERLINK("http://evil")',
      '<img src=x onerror=alert(1)>',
      '\u202e@x',
      'nul\0',
      "'=1",
      '-5',
    ]
    await server.append(
      hostile.map((text, id) => testEvent(id, { metadata: { text }, actor: actorNamed(text) })),
    )
    await server.append([testEvent('big', { actor: actorNamed('=,"\r\n'.repeat(200_000)) })])
    const log = await openLog()
    const csv = await (await log.call('export', 'x', request())).blob.text()
    const users = rowsOf(csv).map(row => row.User!)
    expect(users.every(user => !/^[\s\p{C}]*[=+@]/u.test(user))).toBe(true)
    expect(users.slice(1).reverse().map(restore)).toEqual(hostile.map(text => text.replace('\0', '␀')))
    const json = await (await log.call('export', 'y', request({ format: 'json' }))).blob.text()
    const names = JSON.parse(json).map((event: { actor: { name: string } }) => event.actor.name)
    expect(names.slice(-6).reverse()).toEqual(hostile)
  })
})

describe('an export that is disturbed', () => {
  test('waits while the server is away and goes on by itself', async () => {
    await server.append(testEvents(0, 2500))
    const log = await openLog()
    const told = progressOf(log)
    server.network.cut()
    const file = log.call('export', 'x', request())
    await untilTold(told, 'waiting')
    expect(told.at(-1)).toMatchObject({ rowsDone: 2500, failure: { kind: 'unreachable' } })
    server.network.mend()
    expect(await file).toMatchObject({ rows: 2500, parts: 3 })
    expect(states(told)).toEqual(['running', 'waiting', 'done'])
  })

  test('keeps the parts it has from server pages, and fetches none twice', async () => {
    server.log.clock.now = Date.now() - 200 * 86_400_000
    await server.append(testEvents(0, 3000))
    server.log.clock.now = Date.now()
    server.log.tick()
    const window = browser.openWindow()
    await window.log.call('open', await server.signIn())
    await window.until(({ phase }) => phase === 'live')
    const pages: string[] = []
    let failing = true
    server.network.intercept = path => {
      if (!path.startsWith('/v1/events?')) return undefined
      pages.push(path)
      if (failing && pages.length === 3) throw new TypeError('fetch failed')
      return undefined
    }
    const told = progressOf(window.log)
    const file = window.log.call('export', 'x', request())
    await untilTold(told, 'waiting')
    failing = false
    expect((await file).parts).toBe(3)
    const cursors = pages.slice(1).map(path => new URLSearchParams(path.split('?')[1]).get('cursor'))
    // The count, three pages, and the one that failed once more.
    expect(cursors).toHaveLength(4)
    expect(new Set(cursors).size).toBe(3)
  })

  test('hands nothing over where it cannot be logged', async () => {
    await server.append(testEvents(0, 5))
    const log = await openLog()
    server.network.intercept = path => (path === '/v1/exports' ? forbidden() : undefined)
    await expect(log.call('export', 'x', request())).rejects.toMatchObject({
      failure: { kind: 'refused', permission: 'audit_log.export' },
    })
    server.network.intercept = () => undefined
    expect((await log.call('export', 'x', request())).rows).toBe(5)
  })

  test('ends when it is cancelled, also while it waits', async () => {
    await server.append(testEvents(0, 5))
    const log = await openLog()
    const told = progressOf(log)
    server.network.cut()
    const file = log.call('export', 'x', request())
    const failing = expect(file).rejects.toMatchObject({ failure: { kind: 'cancelled' } })
    await untilTold(told, 'waiting')
    await log.call('cancelExport', 'x')
    await failing
    expect(told.at(-1)?.state).toBe('cancelled')
  })

  test('fails where the server gives fewer events than it announced', async () => {
    server.log.clock.now = Date.now() - 200 * 86_400_000
    await server.append(testEvents(0, 600))
    server.log.clock.now = Date.now()
    server.log.tick()
    const window = browser.openWindow()
    await window.log.call('open', await server.signIn())
    await window.until(({ phase }) => phase === 'live')
    let asked = 0
    server.network.intercept = path =>
      path.startsWith('/v1/events?') && ++asked > 1
        ? Response.json({ events: [], nextCursor: null, total: 600, size: 600 })
        : undefined
    await expect(window.log.call('export', 'x', request())).rejects.toMatchObject({
      failure: { kind: 'misbehaved', code: 'count_differs' },
    })
  })
})

function actorNamed(name: string) {
  return { type: 'user' as const, id: 'u-1', name, email: null, onBehalfOf: null }
}

function rowsOf(csv: string): Record<string, string>[] {
  const text = csv.replace(/^\uFEFF/, '')
  const { data, errors } = papaparse.parse<Record<string, string>>(text, {
    ...{ header: true, delimiter: ',', newline: '\r\n' as const, skipEmptyLines: true },
  })
  expect(errors).toEqual([])
  return data
}

async function untilTold(told: ExportProgress[], state: ExportProgress['state']): Promise<void> {
  while (told.at(-1)?.state !== state) await new Promise(resolve => setTimeout(resolve, 5))
}

function forbidden(): Response {
  const detail = 'You may not export'
  const problem = {
    type: '',
    title: '',
    status: 403,
    code: 'forbidden',
    detail,
    permission: 'audit_log.export',
  }
  return Response.json(problem, { status: 403 })
}
