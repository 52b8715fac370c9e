import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { local } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'
import { platformKey } from '../../test/support/platform/stand-in.ts'
import { applySourcesFile, readSourcesFile } from '../feed/sources-file.ts'
import type { AdministrationParts } from './administration.ts'
import { sourceCommand } from './source.ts'

let folder: string
let opened: Awaited<ReturnType<typeof openTestApp>>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trailside-source-'))
  opened = await openTestApp({ localSecret: () => 'the-secret-in-the-folder' })
})
afterEach(async () => {
  await opened.close()
  rmSync(folder, { recursive: true })
})

/** The folder opened by the command itself, or a backend at work on it. */
const ways = {
  'while no backend runs': (): Partial<AdministrationParts> => ({
    findBackend: () => null,
    openAccess: async () => ({ access: opened.access, feed: opened.feed, close: async () => {} }),
  }),
  'while a backend runs': (): Partial<AdministrationParts> => ({
    findBackend: () => ({ url: 'http://127.0.0.1:8787', secret: 'the-secret-in-the-folder' }),
    fetch: (async (url: URL, init: RequestInit) => {
      const incoming = { socket: { remoteAddress: '127.0.0.1', remotePort: 1, remoteFamily: 'IPv4' } }
      return opened.app.request(url.pathname + url.search, init, { incoming })
    }) as typeof fetch,
  }),
}

async function run(way: keyof typeof ways, args: string[], typed = '') {
  const written = { out: '', err: '' }
  const code = await sourceCommand([...args, '--data', 'somewhere'], {
    ...(ways[way]() as AdministrationParts),
    stdout: { write: text => (written.out += text) },
    stderr: { write: text => (written.err += text) },
    stdin: (async function* () {
      yield Buffer.from(typed)
    })(),
  })
  return { code, ...written }
}

describe.each(Object.keys(ways) as (keyof typeof ways)[])('%s', way => {
  test('a source is tested, added, listed, paused, resumed and removed', async () => {
    const at = ['--url', 'https://platform.example', '--key-file', '-']
    const tried = await run(way, ['test', ...at], `${platformKey}\n`)
    expect(tried).toMatchObject({ code: 0, err: expect.stringContaining('It works: 40 entries') })
    const added = await run(way, ['add', '--name', 'Platform', '--interval', '90', ...at], platformKey)
    expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/^[\w-]{36}\n$/) })
    const listed = await run(way, ['list', '--json'])
    expect(JSON.parse(listed.out)).toMatchObject([{ name: 'Platform', state: 'waiting', trouble: '-' }])
    expect(listed.out + added.err).not.toContain(platformKey)
    expect((await run(way, ['test', '--id', 'Platform'])).code).toBe(0)
    for (const verb of ['pause', 'resume', 'run', 'remove'])
      expect(await run(way, [verb, '--id', 'Platform'])).toMatchObject({ code: 0 })
    expect(JSON.parse((await run(way, ['list', '--json'])).out)).toEqual([])
  })

  test('what is wrong is said with what to do, and the exit code', async () => {
    const at = ['--url', 'https://platform.example', '--key-file', '-']
    const refused = await run(way, ['test', ...at], 'wrong')
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^key_refused \(HTTP 401\)\. .*new API key/),
    })
    const unknown = await run(way, ['pause', '--id', 'nothing'])
    expect(unknown).toMatchObject({ code: 1, err: 'There is no source nothing. There are: none.\n' })
    expect((await run(way, ['add', '--name', 'x'])).code).toBe(2)
  })
})

describe('a file of sources', () => {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  test('takes keys from files beside it and fills in what it leaves out', () => {
    write('key', 'a-key\n')
    const source = { name: 'EU', kind: 'invicti-platform', baseUrl: 'https://eu.example', keyFile: 'key' }
    const [read] = readSourcesFile(write('sources.json', JSON.stringify([source])))
    expect(read).toMatchObject({ name: 'EU', key: 'a-key', intervalSeconds: 60, proxy: null })
  })

  test('that asks for what cannot be is refused by its name, so that nobody starts without it', async () => {
    const source = { name: 'EU', kind: 'invicti-platform', baseUrl: 'http://eu.example', key: 'a-key' }
    const path = write('sources.json', JSON.stringify([source]))
    await expect(applySourcesFile(path, opened.feed, local)).rejects.toThrow(
      /sources\.json: baseUrl is no https/,
    )
    write('sources.json', JSON.stringify([{ ...source, baseUrl: 'https://eu.example' }]))
    await applySourcesFile(path, opened.feed, local)
    expect(await opened.feed.list()).toMatchObject([{ name: 'EU', settings: { fromFile: true } }])
  })

  test.each([
    ['no JSON', '[{"key": "very-secret', 'is no JSON'],
    ['no list', '{"key": "very-secret"}', 'must hold a list'],
    ['no name', '[{"key": "very-secret", "kind": "invicti-platform"}]', 'source 1: name'],
    ['no key file', '[{"name": "x", "keyFile": "nowhere"}]', 'ENOENT'],
  ])('%s is refused without a word of what it holds', (_what, text, words) => {
    const reading = () => readSourcesFile(write('sources.json', text))
    expect(reading).toThrow(words)
    expect(reading).not.toThrow(/very-secret/)
  })
})
