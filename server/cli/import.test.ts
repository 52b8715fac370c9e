import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { IntakeItem } from '../../shared/api.ts'
import { chunksOf } from '../../test/support/byte-chunks.ts'
import { importCommand, type OpenSinkOptions } from './import.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailside-import-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const events = (count: number) =>
  Array.from({ length: count }, (_, id) =>
    JSON.stringify({ id: String(id), occurredAt: '2025-01-01T00:00:00Z', action: 'a.b', actor: { id: 'u' } }),
  )

async function run(args: string[], { stdin = '', isTTY = false, failure = '' } = {}) {
  const out: string[] = []
  const err: string[] = []
  const opened: OpenSinkOptions[] = []
  let closed = 0
  let clock = 0
  const code = await importCommand(args, {
    openSink: async options => {
      opened.push(options)
      return {
        append: async batch => {
          if (failure) throw new Error(failure)
          return batch.map((): IntakeItem => ({ status: 'accepted', index: 0, leafHash: '' }))
        },
        close: async () => void closed++,
      }
    },
    stdout: { write: text => out.push(text) },
    stderr: { write: text => err.push(text), isTTY },
    stdin: chunksOf(stdin),
    now: () => (clock += 6000),
  })
  return { code, out: out.join(''), err: err.join(''), opened, closed }
}

test('a clean import exits 0 and prints a summary', async () => {
  const path = fileOf('clean.ndjson', events(3).join('\n'))
  const { code, out, opened, closed } = await run(['--data', 'd', '--format', 'trailside', path])
  expect(code).toBe(0)
  expect(out).toBe(
    '           3 read\n           3 accepted\n           0 duplicates\n           0 rejected\n',
  )
  expect(opened).toEqual([{ data: 'd', key: undefined }])
  expect(closed).toBe(1)
})

test('--json prints one object and nothing else on standard output', async () => {
  const { code, out } = await run(['--format', 'trailside', '--json', '-'], { stdin: events(2).join('\n') })
  expect(out).toBe('{"read":2,"accepted":2,"duplicates":0,"rejected":0}\n')
  expect(code).toBe(0)
})

test('rejected rows go to standard error with file, line and path; the exit code tells', async () => {
  const path = fileOf(
    'bad.csv',
    'Date,Action,User\nsoon,Scan started,Bo\n2025-01-01T00:00:00Z,Scan started,Bo\n',
  )
  const { code, out, err } = await run(['--format', 'platform-csv', '--json', path])
  expect(code).toBe(1)
  expect(JSON.parse(out)).toEqual({ read: 2, accepted: 1, duplicates: 0, rejected: 1 })
  expect(err).toContain(`${path}:2: Date: is not a time that can be read: soon\n`)
})

test('the first twenty are shown, all of them go to a file that is asked for', async () => {
  const path = fileOf('worse.ndjson', Array(30).fill('x').join('\n'))
  const list = join(folder, 'rejects.txt')
  const { err } = await run(['--format', 'trailside', '--rejects', list, path])
  expect(err.match(/worse\.ndjson:\d+:/g)).toHaveLength(20)
  expect(err).toContain(`… and 10 more rejected rows in ${list}`)
  expect(readFileSync(list, 'utf8').trim().split('\n')).toHaveLength(30)
})

test('what a file holds cannot command the terminal', async () => {
  const path = fileOf('escape.csv', 'Date\u001b[2J,Action,User\nsoon\u001b[31m,Scan started,Bo\n')
  const { err } = await run(['--format', 'platform-csv', path])
  expect(err).not.toContain('\u001b')
})

test('progress rewrites one line on a terminal and adds lines elsewhere', async () => {
  const path = fileOf('many.ndjson', events(1200).join('\n'))
  const terminal = await run(['--format', 'trailside', path], { isTTY: true })
  expect(terminal.err).toContain('\r\u001b[2Kread 500')
  expect(terminal.err.endsWith('\r\u001b[2K')).toBe(true)
  const plain = await run(['--format', 'trailside', path])
  expect(plain.err).toMatch(/^read 500 \(\d+%\), accepted 500, duplicates 0, rejected 0\n/)
})

test.each([
  [[], 'Which format'],
  [['--format', 'xml', 'f'], 'xml is not a format'],
  [['--format', 'trailside'], 'Which files'],
  [['--format', 'trailside', '--nonsense', 'f'], 'nonsense'],
])('a wrong call is explained: %j', async (args, words) => {
  const { code, err, opened } = await run(args)
  expect(code).toBe(2)
  expect(err).toContain(words)
  expect(err).toContain('platform-csv')
  expect(opened).toEqual([])
})

test('a file that is not there stops the import before it begins', async () => {
  const { code, err, opened } = await run(['--format', 'trailside', join(folder, 'missing')])
  expect(code).toBe(1)
  expect(err).toContain('missing: cannot be read')
  expect(opened).toEqual([])
})

test('a log that fails is told, and closed', async () => {
  const path = fileOf('three.ndjson', events(3).join('\n'))
  const { code, out, err, closed } = await run(['--format', 'trailside', path], { failure: 'disk full' })
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(err).toContain('The import stopped: disk full')
  expect(closed).toBe(1)
})
