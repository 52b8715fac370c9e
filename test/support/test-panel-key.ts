/** A panel's key and what it cosigns, outside a browser. */
import { panelKeyName } from '../../shared/log/cosignature.ts'
import { formatNote, parseNote } from '../../shared/log/note.ts'
import { createTestWitnessKey } from './test-witness.ts'

export async function createTestPanelKey(origin: string, seed: number, now: () => number) {
  const id = seed.toString(16).padStart(8, '0')
  const { verifierKey, cosigner } = await createTestWitnessKey(panelKeyName(origin, id), seed, now)
  return {
    key: verifierKey,
    async cosign(note: string) {
      const { text, signatures } = parseNote(note)
      const { name, keyId } = cosigner
      const line = { name, keyId, signature: await cosigner.sign(text) }
      return { key: verifierKey, note: formatNote({ text, signatures: [...signatures, line] }) }
    },
  }
}
