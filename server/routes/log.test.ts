import { afterEach, beforeEach, expect, test } from 'vitest'
import { BundleDisclosures } from '../../shared/api.ts'
import { decodeBundle } from '../../shared/log/bundle.ts'
import { toBase64 } from '../../shared/log/bytes.ts'
import { parseSize } from '../../shared/log/checkpoint.ts'
import { leafToEvent } from '../../shared/log/event-leaf.ts'
import { formatBundlePath } from '../../shared/log/tiles.ts'
import { CompactRange } from '../../shared/log/tree.ts'
import { bearer, local } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'
import { nodeHasher } from '../node-hasher.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
let key: string
beforeEach(async () => {
  opened = await openTestApp()
  const permissions = ['audit_log.read', 'audit_log.read_personal', 'audit_log.write'] as const
  key = (await opened.access.createKey({ name: 'reader', permissions: [...permissions] }, local)).key
})
afterEach(() => opened.close())

const get = (path: string) => opened.app.request(path, { headers: bearer(key) })

async function fill(count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, i) => ({
    id: `e${i}`,
    occurredAt: '2026-02-03T04:05:06Z',
    action: 'scan.started',
    actor: { id: 'u1', name: 'Ada' },
  }))
  const answer = await opened.app.request('/v1/events', {
    method: 'POST',
    headers: bearer(key),
    body: JSON.stringify({ events }),
  })
  expect(answer.status).toBe(200)
}

async function checkpoint(): Promise<{ size: number; root: string }> {
  const [, size, root] = (await (await get('/v1/log/checkpoint')).text()).split('\n')
  return { size: parseSize(size!), root: root! }
}

test('what any tlog-tiles client reads adds up to the signed root, and to the events with their disclosures', async () => {
  await fill(300)
  // The first look is itself an entry, so look once before counting.
  await get('/v1/log/checkpoint')
  const { size, root } = await checkpoint()
  const entries: Uint8Array[] = []
  for (let index = 0; index * 256 < size; index++) {
    const width = Math.min(256, size - index * 256)
    const answer = await get(`/v1/log/${formatBundlePath({ index, width })}`)
    const isFull = width === 256
    expect(answer.headers.get('cache-control')).toBe(
      isFull ? 'private, max-age=31536000, immutable' : 'no-store',
    )
    const bundle = decodeBundle(new Uint8Array(await answer.arrayBuffer()), width)
    const disclosed = BundleDisclosures.parse(await (await get(`/v1/log/disclosures/${index}`)).json())
    bundle.forEach((leaf, i) => {
      const event = leafToEvent(nodeHasher, leaf, disclosed.entries[i]!, index * 256 + i)
      if (event.action === 'scan.started') expect(event.actor.name).toBe('Ada')
      expect(event.withheld).toEqual([])
    })
    entries.push(...bundle)
  }
  const range = new CompactRange(nodeHasher)
  for (const entry of entries) range.append(nodeHasher.leafHash(entry))
  expect(toBase64(range.root())).toBe(root)
})

test.each([
  'tile/0/001',
  'tile/0/000.p/0',
  'tile/0/000.p/256',
  'tile/0/0',
  'tile/9/000',
  'tile/entries/x999/999',
  'disclosures/7',
])('what the log does not have is not found, whatever the spelling: %s', async path => {
  await fill(3)
  const answer = await get(`/v1/log/${path}`)
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ code: 'not_found' })
})

test('the stream tells the size at once and after each growth', async () => {
  const stream = await get('/v1/stream')
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  const first = await reader.read()
  expect(first.value).toContain('event: size')
  await fill(2)
  let text = ''
  while (!text.includes(`"size":${opened.live.size},`)) text += (await reader.read()).value
  await reader.cancel()
})
