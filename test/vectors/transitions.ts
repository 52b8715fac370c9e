/** Vectors of changes of keys: within a log, and from a log to its next epoch. */
import { ownSource } from '../../shared/audit-event.ts'
import type { JsonObject } from '../../shared/json.ts'
import { formatCheckpoint } from '../../shared/log/checkpoint.ts'
import { timeKeyName } from '../../shared/log/cosignature.ts'
import { signingKeyFromSeed } from '../../shared/log/ed25519.ts'
import { type EpochFacts, epochMetadata } from '../../shared/log/epoch.ts'
import { createVerifierKey, formatVerifierKey } from '../../shared/log/key.ts'
import {
  epochAction,
  formatKeyTransition,
  rotationAction,
  rotationMetadata,
} from '../../shared/log/key-transition.ts'
import { type Signer, signNote } from '../../shared/log/note.ts'
import { createCosigner, createNoteSigner } from '../../shared/log/signature.ts'
import { CompactRange } from '../../shared/log/tree.ts'
import { eventToLeafBytes } from '../support/leaf-bytes.ts'
import { byteLeaves, hasher } from '../support/reference-tree.ts'
import { countedSalts, sampleEvent, type TextCase } from './samples.ts'

const origin = 'example.com/trailside'
const time = 1_767_225_600
const size = 7

/** Keys from two seeds, of 32 equal bytes each. */
async function pairOf(seed: number, name = origin) {
  const [log, clock] = await Promise.all(
    [seed, seed + 1].map(byte => signingKeyFromSeed(new Uint8Array(32).fill(byte))),
  )
  const keys = {
    origin: name,
    log: formatVerifierKey(createVerifierKey(name, 1, log!.publicKey)),
    time: formatVerifierKey(createVerifierKey(timeKeyName(name), 4, clock!.publicKey)),
  }
  const signers = [createNoteSigner(name, log!), createCosigner(timeKeyName(name), clock!, () => time)]
  return { keys, signers }
}

type Pair = Awaited<ReturnType<typeof pairOf>>

function before(): CompactRange {
  const range = new CompactRange(hasher)
  for (const leaf of byteLeaves(size)) range.append(leaf)
  return range
}

interface Told {
  action: string
  metadata: JsonObject
  signers: readonly Signer[]
  after: Pair['keys']
  isWithheld?: boolean
}

/** A log of 7 entries, and entry 7 that tells of the change. */
async function textOf({ action, metadata, signers, after, isWithheld = false }: Told): Promise<string> {
  const event = { ...sampleEvent, source: ownSource, action, area: 'audit-log', metadata }
  const { leaf, disclosures } = eventToLeafBytes(hasher, event, { tenant: 'acme' }, countedSalts)
  const range = before()
  range.append(hasher.leafHash(leaf))
  const body = formatCheckpoint({ origin: after.origin, size: size + 1, root: range.root(), extensions: [] })
  return formatKeyTransition({
    ...{ subtrees: before().hashes, index: size, leaf, disclosures: isWithheld ? [] : disclosures, after },
    checkpoint: await signNote(body, signers),
  })
}

export async function keyTransition() {
  const [old, next, other] = [await pairOf(1), await pairOf(3), await pairOf(5)]
  const metadata = rotationMetadata(old.keys, next.keys)
  const told = { action: rotationAction, metadata, signers: [...old.signers, ...next.signers], after: next.keys }
  const make = (change: Partial<Told> = {}) => textOf({ ...told, ...change })
  const [oldLog, oldTime] = old.signers as [Signer, Signer]
  const [newLog, newTime] = next.signers as [Signer, Signer]
  const holding = await make()
  const bad = async (about: string, change: Partial<Told>) => ({ about, holds: false, text: await make(change) })
  const cases: TextCase[] = [
    { about: 'as it is', holds: true, text: holding },
    {
      ...{ about: 'without the time by the old key', holds: true },
      text: await make({ signers: [oldLog, newLog, newTime] }),
    },
    await bad('without the signature of the old key', { signers: [oldTime, newLog, newTime] }),
    await bad('without the signature of the new key', { signers: [oldLog, oldTime, newTime] }),
    await bad('without the time by the new key', { signers: [oldLog, oldTime, newLog] }),
    await bad('signed by another key in place of the old', { signers: [...other.signers, ...next.signers] }),
    await bad('with an entry that names other old keys', { metadata: rotationMetadata(other.keys, next.keys) }),
    await bad('with an entry that names other new keys', { metadata: rotationMetadata(old.keys, other.keys) }),
    await bad('with an entry of another action', { action: 'auditlog.viewed' }),
    await bad('with metadata withheld', { isWithheld: true }),
    { about: 'with another place', holds: false, text: holding.replace('index 7', 'index 6') },
  ]
  return { before: old.keys, after: next.keys, time, cases }
}

export async function epoch() {
  const old = await pairOf(1)
  const next = await pairOf(3, `${origin}/epoch2`)
  const noteOf = (root: Uint8Array, { keys, signers }: Pair, entries = size) =>
    signNote(formatCheckpoint({ origin: keys.origin, size: entries, root, extensions: [] }), signers)
  const facts: EpochFacts = {
    ...{ note: await noteOf(before().root(), old), before: old.keys, after: next.keys },
    ...{ reason: 'restored from a backup', restoredAt: '2026-01-02T03:04:05.678Z' },
  }
  const make = (change: Partial<EpochFacts> = {}, told: Partial<Told> = {}) =>
    textOf({
      ...{ action: epochAction, signers: next.signers, after: next.keys },
      ...{ metadata: epochMetadata({ ...facts, ...change }), ...told },
    })
  const bad = async (about: string, ...change: Parameters<typeof make>) => {
    return { about, holds: false, text: await make(...change) }
  }
  const [other, third] = [await pairOf(5), await pairOf(3, `${origin}/epoch3`)]
  const foreign = await pairOf(3, 'example.org/epoch2')
  const under = ({ keys, signers }: Pair) => [{ after: keys }, { signers, after: keys }] as const
  const cases: TextCase[] = [
    { about: 'as it is', holds: true, text: await make() },
    { about: 'with the number after the next', holds: true, text: await make(...under(third)) },
    await bad('without the time', {}, { signers: next.signers.slice(0, 1) }),
    await bad('signed by another key', {}, { signers: other.signers }),
    await bad('with the last note of another key', { note: await noteOf(before().root(), other) }),
    await bad('with the last note of another root', { note: await noteOf(new Uint8Array(32), old) }),
    await bad('with the last note of another size', { note: await noteOf(before().root(), old, size - 1) }),
    await bad('with a last note that is none', { note: 'none' }),
    await bad('with an entry that names another log before', { before: other.keys }),
    await bad('with an entry that names another log after', { after: third.keys }),
    await bad('under another name', ...under(foreign)),
    await bad('with metadata withheld', {}, { isWithheld: true }),
  ]
  const kept = await bad('with the name before', ...under(await pairOf(3)))
  return { before: old.keys, after: next.keys, time, size, cases: [...cases, kept] }
}
