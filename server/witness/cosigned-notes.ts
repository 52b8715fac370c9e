/** Puts cosignatures where readers of the log find them: at the newest checkpoint, and at the newest with a quorum. */
import { parseCheckpoint } from '../../shared/log/checkpoint.ts'
import { formatNote, isSignedBy, parseNote } from '../../shared/log/note.ts'
import type { CosignedNotes } from '../log/reader.ts'
import type { WitnessStore } from './witness-store.ts'

type Kept = Pick<WitnessStore, 'cosignedAt' | 'quorumOf' | 'newestCosigned'>

export function createCosignedNotes(store: Kept): CosignedNotes & { all(note: string): string[] } {
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
    withQuorum: note => store.quorumOf(originOf(note)),
    /** Every cosigned note that is kept of the log that a note is of, newest first. */
    all(note) {
      const [newest, quorum] = [store.newestCosigned(originOf(note)), store.quorumOf(originOf(note))]
      return [...new Set([newest, quorum].flatMap(each => (each ? [each.note] : [])))]
    },
  }
}

function originOf(note: string): string {
  return parseCheckpoint(parseNote(note).text).origin
}
