import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import type { IntakeItem } from '../../shared/api.ts'
import type { NewEventInput } from '../../shared/audit-event.ts'
import { chunksOf } from '../../test/support/byte-chunks.ts'
import { formats } from './formats.ts'
import { createHttpSink, RefusedError } from './http-sink.ts'
import { type ImportProgress, type ImportSink, importFiles, type RejectedRow } from './import.ts'
import { inputFile } from './input-file.ts'
import { createLogSink } from './log-sink.ts'
import { createNormalise, type NormalisedEvent } from './normalise.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailside-import-'))
afterAll(() => rmSync(folder, { recursive: true }))

const normalise = createNormalise(new Uint8Array(32))
const line = (id: number, changes: object = {}) =>
  JSON.stringify({
    id: String(id),
    occurredAt: `2025-01-01T00:00:${String(id % 60).padStart(2, '0')}Z`,
    action: 'scan.started',
    actor: { id: 'u' },
    ...changes,
  })

/** A log that keeps events by name, as the real one does. */
function createLog() {
  const kept = new Map<string, NormalisedEvent>()
  const batches: number[] = []
  const sink = createLogSink(async events => {
    batches.push(events.length)
    return events.map((event): IntakeItem => {
      const name = `${event.source} ${event.id}`
      if (kept.has(name)) return { status: 'duplicate', index: 0 }
      kept.set(name, event)
      return { status: 'accepted', index: kept.size - 1, leafHash: '' }
    })
  }, normalise)
  return { sink, kept, batches }
}

async function files(...contents: (string | Uint8Array)[]) {
  return Promise.all(
    contents.map((content, index) => {
      const path = join(folder, `${Math.random()}-${index}`)
      writeFileSync(path, content)
      return inputFile(path, chunksOf(''))
    }),
  )
}

describe('an import', () => {
  test('counts everything, in batches of at most 500, and a second one brings nothing new', async () => {
    const { sink, kept, batches } = createLog()
    const content = Array.from({ length: 1201 }, (_, id) => line(id)).join('\n')
    const run = { files: await files(content), format: formats.trailside, sink }
    expect(await importFiles(run)).toEqual({ read: 1201, accepted: 1201, duplicates: 0, rejected: 0 })
    expect(batches).toEqual([500, 500, 201])
    expect(await importFiles(run)).toEqual({ read: 1201, accepted: 0, duplicates: 1201, rejected: 0 })
    expect(kept.size).toBe(1201)
  })

  test('names every rejected row by file, line and path, wherever it was refused', async () => {
    const { sink } = createLog()
    const rejected: RejectedRow[] = []
    const content = `${line(1)}\nnonsense\n${line(2, { outcome: 'odd' })}\n${line(1)}\n${line(3, { actor: {} })}`
    const [file] = await files(content)
    const counts = await importFiles({
      files: [file!],
      format: formats.trailside,
      sink,
      onRejected: row => rejected.push(row),
    })
    expect(counts).toEqual({ read: 5, accepted: 1, duplicates: 1, rejected: 3 })
    expect(rejected.map(row => [row.line, row.path])).toEqual([
      [2, ''],
      [3, 'outcome'],
      [5, 'actor'],
    ])
    expect(rejected[0]!.file).toBe(file!.name)
  })

  test('gives the place within a document', async () => {
    const { sink } = createLog()
    const rejected: RejectedRow[] = []
    const content = `[${line(1)},${line(2, { outcome: 'odd' })}]`
    await importFiles({
      files: await files(content),
      format: formats.trailside,
      sink,
      onRejected: row => rejected.push(row),
    })
    expect(rejected.map(row => row.path)).toEqual(['[1].outcome'])
  })

  test('reads gzip by its content, and tells how far it is', async () => {
    const { sink } = createLog()
    const progress: ImportProgress[] = []
    const zipped = gzipSync(Array.from({ length: 700 }, (_, id) => line(id)).join('\n'))
    await importFiles({
      files: await files(zipped),
      format: formats.trailside,
      sink,
      onProgress: step => progress.push(step),
    })
    expect(progress.at(-1)).toMatchObject({
      read: 700,
      accepted: 700,
      bytesRead: zipped.length,
      bytesTotal: zipped.length,
    })
  })

  test('a damaged archive is an error, not a short file', async () => {
    const { sink } = createLog()
    const zipped = gzipSync(Array.from({ length: 700 }, (_, id) => line(id)).join('\n'))
    const run = { files: await files(zipped.subarray(0, -20)), format: formats.trailside, sink }
    await expect(importFiles(run)).rejects.toThrow()
  })

  test('reads standard input', async () => {
    const { sink } = createLog()
    const input = await inputFile('-', chunksOf(`${line(1)}\n${line(2)}`, [5]))
    expect(await importFiles({ files: [input], format: formats.trailside, sink })).toMatchObject({
      accepted: 2,
    })
  })

  test('a folder and a missing file are told before anything is read', async () => {
    await expect(inputFile(folder, chunksOf(''))).rejects.toThrow('is a folder')
    await expect(inputFile(join(folder, 'missing'), chunksOf(''))).rejects.toThrow('ENOENT')
  })
})

describe('moving times, for demonstrations', () => {
  test('the newest of all files is now, the others keep their distance, ids stay, and every event says so', async () => {
    const { sink, kept } = createLog()
    const now = Date.parse('2026-03-01T12:00:00.500Z')
    await importFiles({
      files: await files(line(10), line(40, { metadata: { a: 1 } })),
      format: formats.trailside,
      sink,
      shiftTo: now,
    })
    const [older, newer] = [...kept.values()]
    expect([older!.occurredAt, newer!.occurredAt]).toEqual([
      '2026-03-01T11:59:30.500Z',
      '2026-03-01T12:00:00.500Z',
    ])
    expect([older!.id, newer!.id]).toEqual(['10', '40'])
    const byMs = now - Date.parse('2025-01-01T00:00:40Z')
    expect(newer!.metadata).toEqual({ a: 1, 'trailside.shiftedByMs': byMs })
  })

  test('rows without a time are refused as ever, and standard input cannot be read twice', async () => {
    const { sink } = createLog()
    const run = { format: formats.trailside, sink, shiftTo: 0 }
    expect(await importFiles({ ...run, files: await files(line(1, { occurredAt: 'soon' })) })).toMatchObject({
      rejected: 1,
    })
    await expect(importFiles({ ...run, files: [await inputFile('-', chunksOf(line(1)))] })).rejects.toThrow(
      'only once',
    )
  })
})

describe('a running backend as the sink', () => {
  const batch = [{ id: '1' }, { id: '2' }] as unknown as NewEventInput[]
  const item = { status: 'accepted', index: 0, leafHash: '' }
  const taken = (count: number) =>
    Response.json({ accepted: count, duplicates: 0, rejected: 0, items: Array(count).fill(item) })

  function sinkOf(answers: (() => Response)[]) {
    const calls: { url: string; body: string; authorization: string | null }[] = []
    const slept: number[] = []
    const sink: ImportSink = createHttpSink({
      baseUrl: 'http://127.0.0.1:8787',
      key: 'secret',
      attempts: 4,
      sleep: async ms => void slept.push(ms),
      fetch: async (url, init) => {
        calls.push({
          url: String(url),
          body: String(init!.body),
          authorization: new Headers(init!.headers).get('authorization'),
        })
        return answers[Math.min(calls.length, answers.length) - 1]!()
      },
    })
    return { sink, calls, slept }
  }

  test('posts the events under the key', async () => {
    const { sink, calls } = sinkOf([() => taken(2)])
    expect(await sink.append(batch)).toHaveLength(2)
    expect(calls).toEqual([
      {
        url: 'http://127.0.0.1:8787/v1/events',
        body: '{"events":[{"id":"1"},{"id":"2"}]}',
        authorization: 'Bearer secret',
      },
    ])
  })

  test('tries again after passing failures, as long as it is asked to wait', async () => {
    const { sink, slept } = sinkOf([
      () => {
        throw new TypeError('fetch failed')
      },
      () => new Response('', { status: 429, headers: { 'retry-after': '3' } }),
      () => new Response('', { status: 503 }),
      () => taken(2),
    ])
    expect(await sink.append(batch)).toHaveLength(2)
    expect(slept).toEqual([250, 3000, 1000])
  })

  test('gives up after a while, and at once when it is refused', async () => {
    const failing = sinkOf([() => new Response('', { status: 503 })])
    await expect(failing.sink.append(batch)).rejects.toThrow('gave up after 4 attempts')
    const refusing = sinkOf([() => new Response('', { status: 403 })])
    await expect(refusing.sink.append(batch)).rejects.toThrow(RefusedError)
    expect(refusing.calls).toHaveLength(1)
  })

  test('keeps bodies below what a server takes', async () => {
    const { sink, calls } = sinkOf([() => taken(1)])
    const heavy = Array.from({ length: 3 }, (_, id) => ({
      id: String(id),
      metadata: { a: 'x'.repeat(2_500_000) },
    }))
    expect(await sink.append(heavy as unknown as NewEventInput[])).toHaveLength(3)
    expect(calls).toHaveLength(3)
  })
})
