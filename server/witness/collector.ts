/**
 * Collects cosignatures for the own log: some time after it grew, never on the way of an append, its newest checkpoint
 * goes to all witnesses of the policy at once; what they cosigned in one round stays together on that checkpoint.
 */
import type { WitnessState } from '../../shared/api.ts'
import { parseCheckpoint } from '../../shared/log/checkpoint.ts'
import { formatVerifierKey, type VerifierKey } from '../../shared/log/key.ts'
import { formatNote, isSignedBy, type NoteSignature, parseNote } from '../../shared/log/note.ts'
import { isQuorumMet, type Policy } from '../../shared/log/policy.ts'
import { formatMoment } from '../../shared/time.ts'
import type { LogReader } from '../log/reader.ts'
import { AskFailure, askWitness } from './ask-witness.ts'
import type { WitnessStore } from './witness-store.ts'

export interface CollectorOptions {
  policy: Policy
  /** The newest note that the log itself signed; null before the first. */
  signedNote(): Promise<string | null>
  reader: Pick<LogReader, 'consistency'>
  store: Pick<WitnessStore, 'asked' | 'putAsked' | 'cosignedAt' | 'putCosigned'>
  fetch: typeof fetch
  /** Milliseconds since 1970. */
  clock: () => number
  /** Calls back once; answers how to prevent it. */
  after?: (ms: number, callback: () => void) => () => void
  /** Told of a round that failed by a fault of ours. */
  onError: (error: unknown) => void
}

export interface Collector {
  /** The log grew: a round comes soon. */
  noticeGrowth(): void
  /** A round now with every witness that is due; resolves when all have answered or given up. */
  collect(): Promise<void>
  /** How each witness of the policy stands, in its order. */
  states(): WitnessState[]
  close(): Promise<void>
}

/** Growth within this time goes into one round. */
const gatherMs = 1000
/** An unchanged checkpoint is cosigned again this often, so that a quorum is seen to be alive. */
const renewMs = 10 * 60_000
const firstRetryMs = 5000
const longestRetryMs = 5 * 60_000

/** A witness as it is being asked. Times in milliseconds since 1970. */
interface Asked {
  name: string
  key: VerifierKey
  verifierKey: string
  url: string | null
  /** What it cosigned last, and when by its own clock; null when it is not known to have. */
  last: { size: number; at: number } | null
  /** The text and moment of the last success, by the clock here. */
  cosigned: { text: string; at: number } | null
  failures: number
  retryAt: number
  error: { code: string; detail: string; at: number } | null
}

export function createCollector(options: CollectorOptions): Collector {
  const { policy, signedNote, reader, store, fetch, clock, onError, after = afterUnreferenced } = options
  const witnesses = [...policy.witnesses].map(([name, { key, url }]) => newcomer(name, key, url))
  let origin: string | null = null
  let planned: { at: number; cancel: () => void } | null = null
  let running: Promise<void> | null = null
  /** What grew while a round was under way is for the next one. */
  let again = false
  let closed = false

  function plan(ms: number): void {
    const at = clock() + ms
    if (closed || (planned && planned.at <= at)) return
    planned?.cancel()
    const cancel = after(ms, () => {
      planned = null
      void collect()
    })
    planned = { at, cancel }
  }

  function collect(): Promise<void> {
    again = running !== null
    running ??= round().catch(onError).finally(planNext)
    return running
  }

  function planNext(): void {
    running = null
    const retries = witnesses.filter(({ error }) => error).map(({ retryAt }) => retryAt - clock())
    plan(again ? gatherMs : Math.max(gatherMs, Math.min(renewMs, ...retries)))
  }

  async function round(): Promise<void> {
    const note = await signedNote()
    if (note === null) return
    const { text } = parseNote(note)
    const checkpoint = parseCheckpoint(text)
    if (checkpoint.origin !== origin) recall(checkpoint.origin)
    const due = witnesses.filter(witness => isDue(witness, text))
    const found = await Promise.all(due.map(witness => ask(witness, note, text, checkpoint)))
    const signatures = found.filter(signature => signature !== null)
    if (signatures.length > 0) publish(note, signatures)
  }

  /** What was known before this process, or before the log began anew. */
  function recall(of: string): void {
    origin = of
    const known = new Map(store.asked(of).map(({ key, size, at }) => [key, { size, at }]))
    for (const witness of witnesses) witness.last = known.get(witness.verifierKey) ?? null
  }

  function isDue({ url, cosigned, retryAt }: Asked, text: string): boolean {
    if (url === null || clock() < retryAt) return false
    return cosigned?.text !== text || clock() - cosigned.at >= renewMs
  }

  async function ask(
    witness: Asked,
    note: string,
    text: string,
    { origin, size }: { origin: string; size: number },
  ): Promise<NoteSignature | null> {
    try {
      const oldSize = Math.min(witness.last?.size ?? 0, size)
      const question = { url: witness.url!, key: witness.key, note, oldSize, fetch }
      const { signature, time } = await askWitness({ ...question, consistency: reader.consistency })
      witness.last = { size, at: time * 1000 }
      Object.assign(witness, { cosigned: { text, at: clock() }, failures: 0, retryAt: 0, error: null })
      store.putAsked(origin, { key: witness.verifierKey, ...witness.last })
      return signature
    } catch (error) {
      const at = clock()
      const wait = Math.min(longestRetryMs, firstRetryMs * 2 ** witness.failures++)
      const { code, message } =
        error instanceof AskFailure ? error : { code: 'failed', message: String(error) }
      Object.assign(witness, { retryAt: at + wait, error: { code, detail: message, at } })
      if (!(error instanceof AskFailure)) onError(error)
      return null
    }
  }

  /** Together with what other witnesses cosigned of the same checkpoint in an earlier round. */
  function publish(note: string, fresh: readonly NoteSignature[]): void {
    const { text, signatures } = parseNote(note)
    const { origin, size } = parseCheckpoint(text)
    const before = store.cosignedAt(origin, size)
    const known = before && parseNote(before.note)
    const byOthers = known?.text === text ? known.signatures : []
    const lines = [...signatures, ...fresh]
    for (const line of byOthers) if (!lines.some(each => isSignedBy(each, line))) lines.push(line)
    const cosigned = witnesses.filter(({ key }) =>
      lines.some(line => isSignedBy({ name: key.name, keyId: key.id }, line)),
    )
    const quorum = isQuorumMet(policy, new Set(cosigned.map(({ name }) => name)))
    store.putCosigned(origin, { size, note: formatNote({ text, signatures: lines }), quorum })
  }

  return {
    collect,
    noticeGrowth: () => plan(gatherMs),
    states: () => witnesses.map(stateOf),
    async close() {
      closed = true
      planned?.cancel()
      await running
    },
  }
}

function newcomer(name: string, key: VerifierKey, url: string | null): Asked {
  const verifierKey = formatVerifierKey(key)
  const nothing = { last: null, cosigned: null, failures: 0, retryAt: 0, error: null }
  return { name, key, verifierKey, url, ...nothing }
}

function stateOf({ name, verifierKey, url, last, error }: Asked): WitnessState {
  return {
    ...{ name, key: verifierKey, asked: url !== null },
    size: last?.size ?? null,
    at: last && formatMoment(last.at),
    error: error && { code: error.code, detail: error.detail, at: formatMoment(error.at) },
  }
}

/** A timer alone does not keep the process running. */
function afterUnreferenced(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms).unref()
  return () => clearTimeout(timer)
}
