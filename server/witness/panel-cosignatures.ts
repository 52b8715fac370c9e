/**
 * What people's panels cosign of this log: verified, kept for each panel, and shown to all others, so that whoever was
 * shown another log than the rest finds out. A log could hide these from some; it cannot make one up.
 */
import type { Scope } from '../../shared/access.ts'
import { type LogKeys, maxPanelsShown, type PanelCosignature, type PanelWitness } from '../../shared/api.ts'
import { bytesEqual, fromBase64, toBase64 } from '../../shared/log/bytes.ts'
import { type OpenedCheckpoint, openCheckpoint, parseCheckpoint } from '../../shared/log/checkpoint.ts'
import { verifyConsistency } from '../../shared/log/consistency.ts'
import { isPanelKeyName } from '../../shared/log/cosignature.ts'
import { LogError } from '../../shared/log/errors.ts'
import { ALGORITHM, parseVerifierKey, type VerifierKey } from '../../shared/log/key.ts'
import { formatNote, isSignedBy, parseNote } from '../../shared/log/note.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import { CompactRange } from '../../shared/log/tree.ts'
import { ProblemError } from '../../shared/problem.ts'
import { formatMoment } from '../../shared/time.ts'
import type { By } from '../access/access.ts'
import { eventBy } from '../access/access-events.ts'
import { OncePerMinute } from '../access/once-per-minute.ts'
import type { LogReader } from '../log/reader.ts'
import type { Recorder } from '../log/recorder.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { WitnessStore } from './witness-store.ts'

export interface PanelCosignatures {
  /**
   * Keeps it in the place of what this panel cosigned before. Answers whether this log was in that state.
   * @throws {ProblemError} malformed, checkpoint_untrusted, conflict (smaller than before), rate_limited
   */
  accept(by: By, cosignature: PanelCosignature): Promise<boolean>
  /**
   * Of those that cosigned after `since` (milliseconds since 1970) the ones that do not fit, then the latest; without
   * names for readers who may not see personal data. `total` counts all there are.
   */
  list(scope: Scope, since: number): { panels: PanelWitness[]; total: number }
}

export interface PanelCosignaturesOptions {
  log: { readonly keys: LogKeys }
  reader: Pick<LogReader, 'checkpoint' | 'consistency'>
  store: Pick<WitnessStore, 'panel' | 'panels' | 'putPanel'>
  recorder: Pick<Recorder, 'record'>
  /** Milliseconds since 1970. */
  clock: () => number
}

export function createPanelCosignatures(options: PanelCosignaturesOptions): PanelCosignatures {
  const { log, reader, store, recorder, clock } = options
  const registered = new OncePerMinute()
  const told = new OncePerMinute()

  async function isOurs({ size, root }: { size: number; root: Uint8Array }): Promise<boolean> {
    const now = parseCheckpoint(parseNote(await reader.checkpoint()).text)
    if (size > now.size) return false
    if (size === 0) return bytesEqual(root, new CompactRange(nodeHasher).root())
    if (size === now.size) return bytesEqual(root, now.root)
    const proof = (await reader.consistency(size, now.size)).map(fromBase64)
    try {
      verifyConsistency(nodeHasher, {
        oldSize: size,
        newSize: now.size,
        oldRoot: root,
        newRoot: now.root,
        proof,
      })
      return true
    } catch (error) {
      if (error instanceof LogError) return false
      throw error
    }
  }

  /** Told as events: a panel that is new, and a state that this log was not in. */
  async function tell(by: By, key: VerifierKey, opened: OpenedCheckpoint, isNew: boolean, fits: boolean) {
    const at = clock()
    const targets = [{ type: 'witness', id: key.name, name: null }]
    if (isNew) {
      const metadata = { keyId: key.id }
      await recorder.record(eventBy('auditlog.panel_registered', by, at, { targets, metadata }))
    }
    if (!fits && told.isFirst(key.name, at)) {
      const { size, root } = opened.checkpoint
      const metadata = { reason: 'this log was not in this state', size, root: toBase64(root) }
      const parts = { outcome: 'failure' as const, targets, metadata }
      await recorder.record(eventBy('auditlog.checkpoint_refused', by, at, parts))
    }
  }

  return {
    async accept(by, cosignature) {
      const { origin } = log.keys
      const key = readPanelKey(cosignature.key, origin)
      const opened = await openPanelNote(cosignature.note, log.keys, key)
      const { size } = opened.checkpoint
      const before = store.panel(origin, cosignature.key)
      if (before && size < before.size) {
        throw new ProblemError('conflict', `This panel cosigned ${before.size} entries already.`)
      }
      if (!before && !registered.isFirst(by.caller.id, clock())) {
        throw new ProblemError('rate_limited', 'Another panel was registered just now.', { retryAfter: 60 })
      }
      const fits = await isOurs(opened.checkpoint)
      const note = formatNote({ text: opened.text, signatures: opened.verified })
      const at = clock()
      const { id: userId, name: userName } = by.caller
      const registeredAt = before?.registeredAt ?? at
      store.putPanel(origin, { key: cosignature.key, userId, userName, size, note, at, registeredAt, fits })
      await tell(by, key, opened, before === null, fits)
      return fits
    },
    list({ personal }, since) {
      const all = store.panels(log.keys.origin)
      const later = all.filter(({ at }) => at > since)
      const shown = [...later.filter(({ fits }) => !fits), ...later.filter(({ fits }) => fits)]
      const panels = shown
        .slice(0, maxPanelsShown)
        .map(({ key, userId, userName, size, note, at, fits }) => ({
          by: personal && userId !== '' ? { id: userId, name: userName } : null,
          ...{ key, size, note, fits, at: formatMoment(at) },
        }))
      return { panels, total: all.length }
    },
  }
}

function readPanelKey(text: string, origin: string): VerifierKey {
  try {
    const key = parseVerifierKey(text)
    if (key.algorithm === ALGORITHM.cosignature && isPanelKeyName(key.name, origin)) return key
  } catch (error) {
    if (!(error instanceof LogError)) throw error
  }
  throw new ProblemError('malformed', 'This is not the key of a panel that witnesses this log.')
}

async function openPanelNote(note: string, keys: LogKeys, key: VerifierKey): Promise<OpenedCheckpoint> {
  try {
    const panel = createVerifier(key)
    const opened = await openCheckpoint(note, keys.origin, createVerifier(keys.log), [panel])
    if (opened.verified.some(line => isSignedBy(panel, line))) return opened
    throw new LogError('note_unverified', 'the panel itself did not cosign this checkpoint')
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    throw new ProblemError(error.kind === 'malformed' ? 'malformed' : 'checkpoint_untrusted', error.message)
  }
}
