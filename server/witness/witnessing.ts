/** Everything about witnesses, put together: of this log, and this server as one of others. */
import type { LogWitnesses } from '../../shared/api.ts'
import { formatMoment } from '../../shared/time.ts'
import type { Config } from '../config.ts'
import type { LogReader } from '../log/reader.ts'
import type { Recorder } from '../log/recorder.ts'
import type { LogWriter } from '../log/writer.ts'
import type { LogStore } from '../store/log-store.ts'
import { type Collector, createCollector } from './collector.ts'
import { createPanelCosignatures, type PanelCosignatures } from './panel-cosignatures.ts'
import { createPeerWitness, type PeerWitness } from './peer-witness.ts'
import { readPeerLogs, readWitnessPolicy } from './policy-files.ts'
import { openWitnessKey } from './witness-key.ts'
import type { WitnessStore } from './witness-store.ts'

export interface Witnessing {
  /** Null where this server witnesses no other log. */
  peer: PeerWitness | null
  /** Null where nobody is asked to cosign this log. */
  collector: Collector | null
  panels: PanelCosignatures
  states(): Omit<LogWitnesses, 'panels' | 'panelsTotal'>
  close(): Promise<void>
}

export interface WitnessingOptions {
  config: Pick<Config, 'policy' | 'witnessFor' | 'witnessName'>
  org: string
  logStore: LogStore
  store: WitnessStore
  writer: Pick<LogWriter, 'keys' | 'size' | 'onCommitted'>
  reader: LogReader
  recorder: Recorder
  keyPath: string
  fetch: typeof fetch
  /** Milliseconds since 1970. */
  clock: () => number
  randomBytes: (length: number) => Uint8Array
  onError: (error: unknown) => void
}

/** @throws {ConfigError | LogKeyError} with words for the person who starts the server. */
export async function openWitnessing(options: WitnessingOptions): Promise<Witnessing> {
  return createWitnessing(options, await openPeerWitness(options), openCollector(options))
}

type WitnessingParts = Pick<WitnessingOptions, 'store' | 'writer' | 'reader' | 'recorder' | 'clock'>

export function createWitnessing(
  parts: WitnessingParts,
  peer: PeerWitness | null,
  collector: Collector | null,
): Witnessing {
  const { writer, store } = parts
  const stop = collector ? writer.onCommitted(() => collector.noticeGrowth()) : () => {}
  // What was signed before this process, too.
  collector?.noticeGrowth()
  return {
    ...{ peer, collector, panels: createPanelCosignatures({ ...parts, log: writer }) },
    states: () => ({
      size: writer.size,
      quorumSize: store.quorumOf(writer.keys.origin)?.size ?? null,
      witnesses: collector?.states() ?? [],
      witnessing: peer && { key: peer.key, logs: peer.logs().map(logState) },
    }),
    async close() {
      stop()
      await collector?.close()
    },
  }
}

function logState({ origin, latest }: ReturnType<PeerWitness['logs']>[number]) {
  return { origin, size: latest?.size ?? null, at: latest && formatMoment(latest.at) }
}

async function openPeerWitness(options: WitnessingOptions): Promise<PeerWitness | null> {
  const { config, store, writer, recorder, keyPath, clock, randomBytes } = options
  if (config.witnessFor === undefined) return null
  const logs = readPeerLogs(config.witnessFor)
  const key = await openWitnessKey({
    ...{ path: keyPath, name: config.witnessName ?? null, newName: `${writer.keys.origin}/witness` },
    ...{ mayCreate: store.allWitnessed().length === 0, clock, randomBytes },
  })
  return createPeerWitness({ logs, key, store, record: event => recorder.record(event), clock })
}

function openCollector(options: WitnessingOptions): Collector | null {
  const { config, org, logStore, reader, store, fetch, clock, onError } = options
  if (config.policy === undefined) return null
  const policy = readWitnessPolicy(config.policy)
  const signedNote = async () => (await logStore.state(org)).checkpoint
  return createCollector({ policy, signedNote, reader, store, fetch, clock, onError })
}
