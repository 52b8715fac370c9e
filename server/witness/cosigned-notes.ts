/** Puts cosignatures where readers of the log find them: at the newest checkpoint, and at the newest with a quorum. */
import { parseCheckpoint } from '../../shared/log/checkpoint.ts'
import { formatNote, isSignedBy, parseNote } from '../../shared/log/note.ts'
import type { CosignedNotes } from '../log/reader.ts'
import type { WitnessStore } from './witness-store.ts'

export function createCosignedNotes(store: Pick<WitnessStore, 'cosignedAt' | 'quorumOf'>): CosignedNotes {
  return {
    addTo(note) {
      const { text, signatures } = parseNote(note)
      const { origin, size } = parseCheckpoint(text)
      const cosigned = store.cosignedAt(origin, size)
      const known = cosigned && parseNote(cosigned.note)
      if (known?.text !== text) return note
      const missing = known.signatures.filter(line => !signatures.some(each => isSignedBy(each, line)))
      return formatNote({ text, signatures: [...signatures, ...missing] })
    },
    withQuorum: note => store.quorumOf(parseCheckpoint(parseNote(note).text).origin),
  }
}
