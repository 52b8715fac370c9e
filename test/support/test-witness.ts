/** A witness in memory, and what a log would ask it. */

import type { LogKey } from '../../server/log/log-key.ts'
import { createLogReader } from '../../server/log/reader.ts'
import type { Recorder } from '../../server/log/recorder.ts'
import { openDatabase } from '../../server/store/sqlite/database.ts'
import { createCollector } from '../../server/witness/collector.ts'
import { createCosignedNotes } from '../../server/witness/cosigned-notes.ts'
import { createPeerWitness, type PeerWitnessOptions } from '../../server/witness/peer-witness.ts'
import type { WitnessKey } from '../../server/witness/witness-key.ts'
import { openWitnessStore } from '../../server/witness/witness-store.ts'
import { createWitnessing } from '../../server/witness/witnessing.ts'
import type { NewEventInput } from '../../shared/audit-event.ts'
import { formatAddCheckpoint } from '../../shared/log/add-checkpoint.ts'
import { fromBase64, utf8 } from '../../shared/log/bytes.ts'
import { signingKeyFromSeed } from '../../shared/log/ed25519.ts'
import { ALGORITHM, createVerifierKey, formatVerifierKey, parseVerifierKey } from '../../shared/log/key.ts'
import type { Policy } from '../../shared/log/policy.ts'
import { createCosigner } from '../../shared/log/signature.ts'
import { type TestLog, testOrg, testStart } from './test-log.ts'

export async function createTestWitnessKey(
  name = 'witness.example/w1',
  seed = 1,
  clock: () => number = () => testStart,
): Promise<WitnessKey> {
  const signing = await signingKeyFromSeed(new Uint8Array(32).fill(seed))
  const verifierKey = formatVerifierKey(createVerifierKey(name, ALGORITHM.cosignature, signing.publicKey))
  return { verifierKey, cosigner: createCosigner(name, signing, () => Math.floor(clock() / 1000)) }
}

export async function openTestWitness(
  logs: readonly LogKey[],
  { path = ':memory:', ...options }: Partial<PeerWitnessOptions> & { path?: string } = {},
) {
  const store = openWitnessStore(openDatabase(path))
  const events: NewEventInput[] = []
  const witness = createPeerWitness({
    logs: logs.map(key => parseVerifierKey(key.verifierKeys.log)),
    key: await createTestWitnessKey(),
    store,
    record: async event => void events.push(event),
    clock: () => testStart,
    ...options,
  })
  return { witness, store, events }
}

/** What an app over the test log needs: a witness of that very log, and nobody that is asked to cosign it. */
export async function openTestWitnessing(log: TestLog, recorder: Recorder, policy: Policy | null = null) {
  const { store, witness: peer } = await openTestWitness([log.key], {
    record: event => recorder.record(event),
  })
  const clock = () => log.clock.now
  const reader = createLogReader({ org: testOrg, store: log.store, cosigned: createCosignedNotes(store) })
  const signedNote = async () => (await log.store.state(testOrg)).checkpoint
  const onError = (error: unknown) => log.errors.push(error)
  // Nothing by itself: tests say when.
  const after = () => () => {}
  const collector =
    policy && createCollector({ policy, signedNote, reader, store, fetch, clock, after, onError })
  const witnessing = createWitnessing({ store, writer: log.writer, reader, recorder, clock }, peer, collector)
  return { witnessing, reader, witnessStore: store }
}

/** The body that a log sends: its checkpoint, and the proof from the size it believes the witness has. */
export async function submission(log: TestLog, oldSize: number): Promise<Uint8Array> {
  const reader = createLogReader({ org: testOrg, store: log.store })
  const { size } = log.writer
  const proof = oldSize === 0 || oldSize >= size ? [] : await reader.consistency(oldSize, size)
  return utf8(formatAddCheckpoint({ oldSize, proof: proof.map(fromBase64), note: await reader.checkpoint() }))
}
