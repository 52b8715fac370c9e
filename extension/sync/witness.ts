/**
 * The panel as a witness of the log: it holds the server to the keys it pinned and to the largest checkpoint it ever
 * saw, writes each new one down before it is used, and takes nothing more once the server is proven to misbehave.
 */
import type { LogKeys } from '../../shared/api.ts'
import { fromBase64 } from '../../shared/log/bytes.ts'
import { LogError } from '../../shared/log/errors.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import { followRotations, type KeyTransition } from '../../shared/log/key-transition.ts'
import type { Client } from '../api/client.ts'
import { FailureError, misbehaved } from '../api/failure.ts'
import type {
  Evidence,
  FollowedRotation,
  PinnedLog,
  SeenCheckpoint,
  WitnessRecord,
  WitnessStore,
} from '../cache/witness-record.ts'
import type { Failure } from '../worker/protocol.ts'
import {
  type AskConsistency,
  isoTime,
  Misbehaviour,
  openSignedNote,
  requireConsistency,
  requireFreshness,
  seenAt,
} from './checkpoint-check.ts'
import { readEpochOffer, withTrail } from './epoch-offer.ts'

export interface WitnessOptions {
  client: Pick<Client, 'checkpoint' | 'consistency' | 'logKeys'>
  store: WitnessStore
  hasher: Hasher
  server: string
  /** What the administrator of this browser pinned; null leaves it to the first sight. */
  policy: LogKeys | null
  now(): number
  /** Told of the record whenever it changed. */
  onRecord(record: WitnessRecord): void
}

export type Witness = ReturnType<typeof createWitness>

const pastAlarms = 20
/** Others may write between reading and writing; they cannot keep on doing so. */
const attempts = 5

export function createWitness(options: WitnessOptions) {
  const { client, store, hasher, server, policy, onRecord } = options
  const nowText = () => new Date(options.now()).toISOString()

  /**
   * The server's checkpoint, proven to continue the largest one ever seen, and on disk.
   * @throws {FailureError} misbehaved with an `AlarmCode`, or whatever kept it from an answer
   */
  async function check(signal: AbortSignal): Promise<SeenCheckpoint> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const record = await heldRecord(signal)
      requireCalm(record)
      const pinned = record?.pinned ?? (await firstPin(signal))
      const shown = await examine(record, pinned, signal)
      // Under a key that was followed just now, it is looked at anew.
      if (shown && (await keep(record, pinned, shown))) return shown
    }
    throw new FailureError({ kind: 'failed', code: 'internal', detail: 'The witness record keeps changing' })
  }

  /** The record, held to the administrator's policy where there is one. */
  async function heldRecord(signal: AbortSignal): Promise<WitnessRecord | null> {
    const record = await store.read()
    if (!policy) return record
    // A policy may name the key that the log changed to before this panel heard of it.
    if (record && !record.alarm && !isHeldTo(record, policy) && record.pinned.origin === policy.origin)
      await followKey(record, record.pinned, signal).catch(onlyMisbehaviour)
    return store.change(found => heldTo(policy, found, nowText()))
  }

  /** Null where the log has changed its key, which is proven and written down now. */
  async function examine(record: WitnessRecord | null, pinned: PinnedLog, signal: AbortSignal) {
    try {
      return await believe(record, pinned, signal)
    } catch (error) {
      if (!(error instanceof Misbehaviour)) throw error
      // Keys that were taken from the same answer contradict nothing that was known before.
      if (!record && pinned.by === 'first_use') throw misbehaved(error.code, error.detail)
      throw await raise(error, pinned, signal)
    }
  }

  async function believe(record: WitnessRecord | null, pinned: PinnedLog, signal: AbortSignal) {
    try {
      const shown = await openSignedNote(await client.checkpoint(signal), pinned)
      if (record?.seen) {
        await requireConsistency(hasher, record.seen, shown, (from, to) => askProof(from, to, signal))
      }
      requireFreshness(shown, options.now())
      return shown
    } catch (error) {
      const mayHaveChangedKey = error instanceof Misbehaviour && error.code === 'bad_signature'
      if (mayHaveChangedKey && (record || policy) && (await followKey(record, pinned, signal))) return null
      const isOther = mayHaveChangedKey || (error instanceof Misbehaviour && error.code === 'wrong_origin')
      throw (record && isOther && (await newEpoch(record, error.parts.shown!, signal))) || error
    }
  }

  /**
   * Goes on to the key that the pinned one announced, if it did and the log only grew on the way there.
   * @throws {Misbehaviour} where the pinned key announced one for another history
   */
  async function followKey(record: WitnessRecord | null, pinned: PinnedLog, signal: AbortSignal) {
    const steps = await provenRotations(pinned, signal)
    if (steps.length === 0) return false
    let before = record?.seen ?? null
    for (const step of steps.map(seenAt)) {
      if (before) await requireConsistency(hasher, before, step, (from, to) => askProof(from, to, signal))
      before = step
    }
    const followedAt = nowText()
    await write(record, pinned, base => ({
      ...base,
      pinned: { ...base.pinned, ...steps.at(-1)!.after },
      seen: before,
      rotations: [...base.rotations, ...steps.map(step => followed(step, followedAt))],
    }))
    return true
  }

  /** Another log that goes on from the one followed, restored from a backup; null where the server shows no such log. */
  async function newEpoch(record: WitnessRecord, note: string, signal: AbortSignal) {
    try {
      const history = await client.logKeys(signal)
      const ask: AskConsistency = (from, to) => askProof(from, to, signal)
      const epoch = await readEpochOffer({ hasher, record, history, note, ask })
      if (!epoch) return null
      const { origin } = epoch.keys
      const detail = `The log "${record.pinned.origin}" was restored from a backup and goes on as "${origin}"`
      return new Misbehaviour('new_epoch', detail, { shown: note, offered: epoch.keys, epoch })
    } catch (error) {
      if (isAway(error) || !(error instanceof FailureError)) throw error
      return null
    }
  }

  /** None where the server has no proof that holds: then nothing was announced. */
  async function provenRotations(pinned: PinnedLog, signal: AbortSignal): Promise<KeyTransition[]> {
    try {
      const { transitions } = await client.logKeys(signal)
      return await followRotations(hasher, transitions, pinned)
    } catch (error) {
      if (!isAway(error) && (error instanceof LogError || error instanceof FailureError)) return []
      throw error
    }
  }

  /** False where somebody else wrote meanwhile: what was proven was proven of another record. */
  async function keep(
    before: WitnessRecord | null,
    pinned: PinnedLog,
    seen: SeenCheckpoint,
  ): Promise<boolean> {
    return write(before, pinned, base => {
      const first = base.first ?? { size: seen.size, at: nowText() }
      const past = withPast(base)
      const trail = withTrail(base.trail, seen)
      return { ...base, first, seen, trail, past, checkedAt: nowText(), alarm: null, lookAgain: false }
    })
  }

  async function write(
    before: WitnessRecord | null,
    pinned: PinnedLog,
    change: (base: WitnessRecord) => WitnessRecord,
  ): Promise<boolean> {
    let isKept = false
    const after = await store.change(record => {
      isKept = isSameGround(before, record)
      return isKept ? change(record ?? newRecord(server, pinned)) : null
    })
    if (isKept) onRecord(after!)
    return isKept
  }

  /** Writes the evidence down; answers the failure to be thrown. */
  async function raise(error: Misbehaviour, pinned: PinnedLog, signal?: AbortSignal): Promise<FailureError> {
    const offered = error.code === 'wrong_origin' ? await offeredKeys(error.parts.shown ?? '', signal) : null
    const record = await store.change(found => {
      const base = found ?? newRecord(server, pinned)
      const alarm: Evidence = {
        ...{ shown: null, proof: null, mismatch: null, offered, ...error.parts },
        ...{ code: error.code, detail: error.detail, at: nowText(), server, pinned, believed: base.seen },
      }
      const past = base.alarm && base.alarm.code !== alarm.code ? withPast(base) : base.past
      return { ...base, alarm, past, lookAgain: false }
    })
    onRecord(record!)
    return misbehaved(error.code, error.detail)
  }

  /** The keys of another log that the server now shows, where they do sign its note: what a person may accept. */
  async function offeredKeys(note: string, signal?: AbortSignal): Promise<LogKeys | null> {
    try {
      const { origin, log, time } = await client.logKeys(signal)
      await openSignedNote(note, { origin, log, time })
      return { origin, log, time }
    } catch (error) {
      if (error instanceof Misbehaviour || error instanceof FailureError || error instanceof LogError)
        return null
      throw error
    }
  }

  async function firstPin(signal: AbortSignal): Promise<PinnedLog> {
    if (policy) return { ...policy, by: 'policy', at: nowText() }
    const { origin, log, time } = await client.logKeys(signal)
    return { origin, log, time, by: 'first_use', at: nowText() }
  }

  async function askProof(from: number, to: number, signal: AbortSignal): Promise<Uint8Array[] | null> {
    try {
      return (await client.consistency(from, to, signal)).map(fromBase64)
    } catch (error) {
      if (error instanceof LogError) return null
      const status = error instanceof FailureError ? error.failure.status : undefined
      // A server that signed both sizes and says that it has no such proof withholds it.
      if (status === 400 || status === 404) return null
      throw error
    }
  }

  return {
    check,
    /** The server's proof that its log only grew between two sizes; null where it says that it has none. */
    askProof,
    /** What a bundle or tile proved against the server. @throws nothing: answers the failure to be thrown. */
    async accuse(error: Misbehaviour): Promise<FailureError> {
      const record = await store.read()
      if (!record) return misbehaved(error.code, error.detail)
      return raise(error, record.pinned)
    },
  }
}

/** Whether everything from this server is refused until a person decides. What is merely old may come right by itself. */
export function isBlocking({ kind, code }: Pick<Failure, 'kind' | 'code'>): boolean {
  return kind === 'misbehaved' && blocking.has(code)
}

const blocking: ReadonlySet<string> = new Set([
  'bad_signature',
  'wrong_origin',
  'new_epoch',
  'rollback',
  'fork',
  'inconsistent',
  'wrong_bundle',
  'split_view',
])

/** A person wants the server to be asked again; only an answer that holds ends the alarm. */
export function askToLookAgain(store: WitnessStore): Promise<WitnessRecord | null> {
  return store.change(record => (record?.alarm ? { ...record, lookAgain: true } : null))
}

/**
 * A person accepts that the server now keeps another log: one that was restored from a backup, or any whose key they
 * compared. Nothing but the former links it to the one before.
 * @throws {FailureError} refused, where there is no such log, or where the administrator's policy decides.
 */
export async function acceptOfferedLog(
  store: WitnessStore,
  key: string,
  at: string,
): Promise<WitnessRecord | null> {
  return store.change(record => {
    const offered = record?.alarm?.offered
    if (!record || !offered || offered.log !== key || record.pinned.by === 'policy') {
      const detail = 'There is no other log that could be accepted here'
      throw new FailureError({ kind: 'refused', code: 'cannot_accept', detail })
    }
    const accepted = replaced(record, { ...offered, by: 'person', at }, at)
    const { epoch } = record.alarm!
    if (!epoch) return accepted
    // What the old log's key signed is in the new one: it goes on from what was compared.
    const { shown, provenTo } = epoch
    const trail = withTrail(
      record.trail.filter(({ size }) => size <= provenTo),
      shown,
    )
    return { ...accepted, seen: shown, first: { size: shown.size, at }, trail }
  })
}

/** What a key that is given up announced is no matter any more. */
function onlyMisbehaviour(error: unknown): void {
  if (!(error instanceof Misbehaviour)) throw error
}

function requireCalm(record: WitnessRecord | null): void {
  const alarm = record?.alarm
  if (!alarm || record.lookAgain || !blocking.has(alarm.code)) return
  throw misbehaved(alarm.code, alarm.detail)
}

function newRecord(server: string, pinned: PinnedLog): WitnessRecord {
  const nothing = { first: null, seen: null, checkedAt: null, alarm: null, lookAgain: false }
  return { server, pinned, ...nothing, rotations: [], trail: [], past: [], earlier: [] }
}

function replaced(record: WitnessRecord, pinned: PinnedLog, until: string): WitnessRecord {
  const { earlier, seen, server, rotations } = record
  return {
    ...newRecord(server, pinned),
    past: withPast(record),
    earlier: [...earlier, { pinned: record.pinned, seen, rotations, until }],
  }
}

/** The alarms that are over, now that the one in force is. */
function withPast({ past, alarm }: WitnessRecord): Evidence[] {
  return alarm ? [...past, alarm].slice(-pastAlarms) : past
}

/** What an administrator says outranks what this panel found: another log is then begun anew. Null: nothing to change. */
function heldTo(policy: LogKeys, record: WitnessRecord | null, at: string): WitnessRecord | null {
  if (!record) return null
  if (!isHeldTo(record, policy)) return replaced(record, { ...policy, by: 'policy', at }, at)
  const { origin, log, time, at: since, by, policyKey } = record.pinned
  const older = isSameKeys(record.pinned, policy) ? {} : { policyKey: policy.log }
  if (by === 'policy' && policyKey === older.policyKey) return null
  return { ...record, pinned: { origin, log, time, by: 'policy', at: since, ...older } }
}

/** By the keys that the policy names, or by those that they announced: that is no other log. */
function isHeldTo({ pinned, rotations }: WitnessRecord, policy: LogKeys): boolean {
  return isSameKeys(pinned, policy) || rotations.some(({ before }) => isSameKeys(before, policy))
}

function followed({ before, after, index, size, signedAt, text }: KeyTransition, followedAt: string) {
  const told = { before, after, index, size, changedAt: isoTime(signedAt), followedAt, proof: text }
  return told satisfies FollowedRotation
}

function isAway(error: unknown): boolean {
  return error instanceof FailureError && error.failure.kind === 'unreachable'
}

/** Nobody has verified another checkpoint, raised an alarm or changed the log since. */
function isSameGround(before: WitnessRecord | null, now: WitnessRecord | null): boolean {
  const groundOf = (record: WitnessRecord | null) =>
    record && [record.pinned.log, record.seen?.note, record.alarm?.at].join('\n')
  return groundOf(before) === groundOf(now)
}

function isSameKeys(a: LogKeys, b: LogKeys): boolean {
  return a.log === b.log && a.time === b.time && a.origin === b.origin
}
