/** What every log store must do, whatever it keeps the log in. Called by the test of each store. */
import { expect, test } from 'vitest'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { eventToLeafBytes, type OpenedLeaf, sealedLeaf } from '../../test/support/leaf-bytes.ts'
import { nodeHasher } from '../node-hasher.ts'
import { type EventName, type LogCommit, type LogStore, type NewEntry, SizeConflict } from './log-store.ts'

const salts = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 37 + length) % 256)

/** An entry as it is to come back. */
export type SampleEntry = EventName & OpenedLeaf

export function sampleEntry(id: string, changes: Partial<AuditEvent> = {}): SampleEntry {
  const event = {
    id,
    source: 'test',
    occurredAt: '2026-03-01T10:00:00.000Z',
    receivedAt: '2026-03-01T10:00:01.000Z',
    action: 'scan.started',
    area: 'scans',
    actor: {
      type: 'user' as const,
      id: 'u-1',
      name: 'Zoë "Z" {c}',
      email: 'zoe@example.com',
      onBehalfOf: null,
    },
    targets: [{ type: 'target', id: '"c":{}', name: 'shop' }],
    outcome: 'success' as const,
    changes: [],
    context: { ip: '::1', userAgent: null, channel: null, requestId: null, sessionId: null, location: null },
    metadata: { deep: { c: {} } },
    ...changes,
  }
  return { id, source: event.source, ...eventToLeafBytes(nodeHasher, event, { tenant: 'acme' }, salts) }
}

export function newEntry({ source, id, ...opened }: SampleEntry): NewEntry {
  return { source, id, leaf: sealedLeaf(opened) }
}

function commitOf(expectedSize: number, ...samples: SampleEntry[]): LogCommit {
  const entries = samples.map(newEntry)
  const tiles = [
    { level: 0, number: 0, hashes: new Uint8Array(32 * (expectedSize + entries.length)).fill(7) },
  ]
  return { expectedSize, entries, tiles, checkpoint: `checkpoint at ${expectedSize + entries.length}` }
}

export function logStoreContract(
  name: string,
  withStore: (use: (store: LogStore) => Promise<void>) => Promise<void>,
): void {
  const check = (title: string, use: (store: LogStore) => Promise<void>) =>
    test(`${name}: ${title}`, () => withStore(use))

  check('an unknown log is empty', async store => {
    expect(await store.state('acme')).toEqual({ size: 0, checkpoint: null })
    expect(await store.entries('acme', 0, 10)).toEqual([])
    expect(await store.entriesAt('acme', [0])).toEqual([])
    expect(await store.indexesOf('acme', [{ source: 'a', id: 'b' }])).toEqual([null])
    expect(await store.tile('acme', 0, 0)).toBeNull()
    expect(await store.organizations()).toEqual([])
  })

  check(
    'what proves a change of keys is kept with the commit that tells of it, or not at all',
    async store => {
      await store.commit('acme', { ...commitOf(0, sampleEntry('a')), transition: 'first' })
      await store.commit('acme', commitOf(1, sampleEntry('b')))
      const late = { ...commitOf(1, sampleEntry('c')), transition: 'never' }
      await expect(store.commit('acme', late)).rejects.toThrow(SizeConflict)
      await store.commit('acme', { ...commitOf(2, sampleEntry('c')), transition: 'second' })
      expect(await store.transitions('acme')).toEqual(['first', 'second'])
      expect(await store.transitions('other')).toEqual([])
    },
  )

  check('a commit comes back as it went in', async store => {
    const entries = [sampleEntry('a'), sampleEntry('b', { metadata: { text: '"c":{"actor.email":"' } })]
    await store.commit('acme', commitOf(0, ...entries))
    expect(await store.state('acme')).toEqual({ size: 2, checkpoint: 'checkpoint at 2' })
    const kept = await store.entries('acme', 0, 2)
    expect(kept.map(({ index, leaf, disclosures }) => ({ index, leaf, disclosures }))).toEqual(
      entries.map(({ leaf, disclosures }, index) => ({ index, leaf, disclosures })),
    )
    expect(kept[0]!.open.id).toBe('a')
    expect(kept[0]!.values.get('actor.email')).toBe('zoe@example.com')
    expect(await store.tile('acme', 0, 0)).toEqual(new Uint8Array(64).fill(7))
  })

  check('a leaf without disclosures, or with some only, keeps its bytes too', async store => {
    const { leaf, disclosures } = sampleEntry('a')
    const bare = { source: 'test', id: 'a', leaf, disclosures: [] }
    const some = { source: 'test', id: 'b', leaf, disclosures: disclosures.slice(2, 4) }
    await store.commit('acme', commitOf(0, bare, some))
    const kept = await store.entries('acme', 0, 2)
    expect(kept.map(entry => entry.leaf)).toEqual([leaf, leaf])
    expect(kept.map(entry => entry.disclosures)).toEqual([[], disclosures.slice(2, 4)])
  })

  check('leaves that say other things about tenant and commitments keep their bytes', async store => {
    const texts = [
      '{"c":{},"id":"a","source":"test","tenant":"acme"}',
      '{"c":{},"id":"a","source":"test","tenant":""}',
      '{"c":{},"id":"a","source":"test","tenant":"other"}',
      '{"id":"a","source":"test","x":{"c":{},"tenant":"acme"}}',
      '{"id":"\\"tenant\\":\\"\\"","source":"\\"c\\":{"}',
    ]
    const leaves = texts.map(text => new TextEncoder().encode(text))
    const entries = leaves.map((leaf, i) => ({ source: 'test', id: `${i}`, leaf, disclosures: [] }))
    await store.commit('acme', commitOf(0, ...entries))
    expect((await store.entries('acme', 0, 9)).map(entry => entry.leaf)).toEqual(leaves)
    expect((await store.entries('acme', 0, 1))[0]!.open.tenant).toBe('acme')
  })

  check('entries come in log order, or in the order asked', async store => {
    await store.commit('acme', commitOf(0, ...['a', 'b', 'c', 'd'].map(id => sampleEntry(id))))
    expect((await store.entries('acme', 1, 3)).map(entry => entry.index)).toEqual([1, 2])
    expect((await store.entriesAt('acme', [3, 9, 0])).map(entry => entry.index)).toEqual([3, 0])
  })

  check('a commit at another size conflicts and changes nothing', async store => {
    await store.commit('acme', commitOf(0, sampleEntry('a')))
    await expect(store.commit('acme', commitOf(0, sampleEntry('b')))).rejects.toThrow(SizeConflict)
    await expect(store.commit('acme', commitOf(2, sampleEntry('b')))).rejects.toThrow(SizeConflict)
    await expect(store.putCheckpoint('acme', 0, 'x')).rejects.toThrow(SizeConflict)
    expect(await store.state('acme')).toEqual({ size: 1, checkpoint: 'checkpoint at 1' })
    expect(await store.indexesOf('acme', [{ source: 'test', id: 'b' }])).toEqual([null])
    expect(await store.entries('acme', 0, 9)).toHaveLength(1)
  })

  check('a failed commit changes nothing and the next one works', async store => {
    await store.commit('acme', commitOf(0, sampleEntry('a')))
    const broken = {
      ...commitOf(1, sampleEntry('b')),
      tiles: [{ level: 0, number: 0, hashes: null as never }],
    }
    await expect(store.commit('acme', broken)).rejects.toThrow()
    expect(await store.entries('acme', 0, 9)).toHaveLength(1)
    await store.commit('acme', commitOf(1, sampleEntry('b')))
    expect(await store.indexesOf('acme', [{ source: 'test', id: 'b' }])).toEqual([1])
  })

  check('a checkpoint can be signed again', async store => {
    await store.putCheckpoint('acme', 0, 'empty')
    expect(await store.state('acme')).toEqual({ size: 0, checkpoint: 'empty' })
    await store.commit('acme', commitOf(0, sampleEntry('a')))
    await store.putCheckpoint('acme', 1, 'again')
    expect(await store.state('acme')).toEqual({ size: 1, checkpoint: 'again' })
  })

  check('names are found by source and id together', async store => {
    await store.commit('acme', commitOf(0, sampleEntry('a'), sampleEntry('a', { source: 'other' })))
    const names = [
      { source: 'other', id: 'a' },
      { source: 'none', id: 'a' },
      { source: 'test', id: 'a' },
      { source: 'test', id: 'A' },
    ]
    expect(await store.indexesOf('acme', names)).toEqual([1, null, 0, null])
  })

  check('organizations share nothing', async store => {
    await store.commit('acme', commitOf(0, sampleEntry('a'), sampleEntry('b')))
    await store.commit('globex', commitOf(0, sampleEntry('b')))
    expect(await store.organizations()).toEqual(['acme', 'globex'])
    expect((await store.state('globex')).size).toBe(1)
    expect(
      await store.indexesOf('globex', [
        { source: 'test', id: 'a' },
        { source: 'test', id: 'b' },
      ]),
    ).toEqual([null, 0])
    expect((await store.entries('globex', 0, 9)).map(entry => entry.open.id)).toEqual(['b'])
    expect((await store.entries('acme', 0, 9)).map(entry => entry.open.id)).toEqual(['a', 'b'])
    expect((await store.tile('globex', 0, 0))!.length).toBe(32)
    expect(await store.census('acme')).toEqual({ entries: 2, disclosures: 2, names: 2, tiles: 1, pruned: 0 })
    expect(await store.census('none')).toEqual({ entries: 0, disclosures: 0, names: 0, tiles: 0, pruned: 0 })
  })

  check('erasing forgets values and salts, and the leaf stays as it was', async store => {
    const entry = sampleEntry('a')
    await store.commit('acme', commitOf(0, entry))
    const erase = (index: number, ...fields: string[]) => store.erase('acme', [{ index, fields }])
    expect(await erase(0, 'actor.email', 'actor.name')).toBe(1)
    expect(await erase(0, 'actor.email', 'context.ip')).toBe(1)
    expect(await erase(0, 'actor.email')).toBe(0)
    expect(await erase(7, 'actor.email')).toBe(0)
    expect(await store.erase('none', [{ index: 0, fields: ['actor.email'] }])).toBe(0)
    expect(await store.emptyJournal()).toBe(true)
    const [kept] = await store.entries('acme', 0, 1)
    const gone = ['actor.email', 'actor.name', 'context.ip']
    expect(kept!.leaf).toEqual(entry.leaf)
    expect([...kept!.erased].sort()).toEqual(gone)
    expect(kept!.disclosures).toEqual(entry.disclosures.filter(({ name }) => !gone.includes(name)))
    expect(kept!.values.has('actor.email')).toBe(false)
  })

  check('which bundles lost disclosures is known by version', async store => {
    const fields = ['actor.name']
    await store.commit('acme', commitOf(0, ...Array.from({ length: 600 }, (_, i) => sampleEntry(String(i)))))
    expect(await store.erasedBundles('acme', 0)).toEqual({ version: 0, bundles: [] })
    await store.erase('acme', [
      { index: 599, fields },
      { index: 3, fields },
      { index: 4, fields },
    ])
    expect(await store.erasedBundles('acme', 0)).toEqual({ version: 1, bundles: [0, 2] })
    expect(await store.erase('acme', [{ index: 3, fields }])).toBe(0)
    expect(await store.erasedBundles('acme', 1)).toEqual({ version: 1, bundles: [] })
    await store.erase('acme', [{ index: 5, fields }])
    expect(await store.erasedBundles('acme', 1)).toEqual({ version: 2, bundles: [0] })
    expect(await store.erasedBundles('acme', 0)).toEqual({ version: 2, bundles: [0, 2] })
    expect(await store.erasedBundles('none', 0)).toEqual({ version: 0, bundles: [] })
  })

  check('pruning takes the content of whole bundles; hashes stay, and names are still known', async store => {
    const entries = Array.from({ length: 600 }, (_, i) => sampleEntry(String(i)))
    await store.commit('acme', commitOf(0, ...entries))
    await store.commit('globex', commitOf(0, ...entries.slice(0, 256)))
    const before = await store.tile('acme', 0, 0)
    await store.prune('acme', [0, 2, 7])
    await store.prune('acme', [0])
    expect(await store.prunedBundles('acme')).toEqual([0])
    expect(await store.prunedBundles('globex')).toEqual([])
    expect(await store.emptyJournal()).toBe(true)
    expect((await store.entries('acme', 250, 258)).map(entry => entry.index)).toEqual([256, 257])
    expect(await store.entriesAt('acme', [3, 300])).toHaveLength(1)
    expect(await store.entries('globex', 0, 256)).toHaveLength(256)
    expect(await store.tile('acme', 0, 0)).toEqual(before)
    const named = (id: string, source = 'test') => ({ source, id })
    const names = [named('0'), named('255'), named('256'), named('600'), named('0', 'other')]
    expect(await store.indexesOf('acme', names)).toEqual([0, 255, 256, null, null])
    expect(await store.state('acme')).toMatchObject({ size: 600 })
    expect(await store.erasedBundles('acme', 0)).toEqual({ version: 1, bundles: [0] })
    expect(await store.census('acme')).toMatchObject({
      entries: 344,
      disclosures: 344,
      names: 600,
      pruned: 1,
    })
    expect(await store.erase('acme', [{ index: 3, fields: ['actor.name'] }])).toBe(0)
  })

  check('settings are kept by name, each workspace its own', async store => {
    expect(await store.setting('acme', 'a')).toBeNull()
    await store.putSetting('acme', 'a', '1')
    await store.putSetting('acme', 'a', '2')
    await store.putSetting('globex', 'a', '3')
    expect([await store.setting('acme', 'a'), await store.setting('globex', 'a')]).toEqual(['2', '3'])
    expect(await store.setting('acme', 'b')).toBeNull()
  })

  check('tasks stay until they are dropped, each log its own', async store => {
    await store.putTask('acme', { id: 'b', task: '1' })
    await store.putTask('acme', { id: 'a', task: '2' })
    await store.putTask('globex', { id: 'a', task: '3' })
    await store.putTask('acme', { id: 'b', task: '4' })
    expect(await store.tasks('acme')).toEqual([
      { id: 'b', task: '4' },
      { id: 'a', task: '2' },
    ])
    await store.dropTask('acme', 'a')
    expect((await store.tasks('acme')).map(task => task.id)).toEqual(['b'])
    expect((await store.tasks('globex')).map(task => task.id)).toEqual(['a'])
    expect(await store.tasks('none')).toEqual([])
  })
}
