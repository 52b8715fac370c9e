/** The changes of keys in a stored log: what proves each of them, and the entries that tell of them, none without the other. */
import { bytesEqual } from '../../shared/log/bytes.ts'
import { claimedBefore, followTransitions } from '../../shared/log/epoch.ts'
import { LogError } from '../../shared/log/errors.ts'
import type { KeyTransition } from '../../shared/log/key-transition.ts'
import { isSignedBy, parseNote } from '../../shared/log/note.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import { loadNodes } from '../../shared/log/tiles.ts'
import { decompose, treeRoot } from '../../shared/log/tree.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { AuthenticTiles } from './authentic-tiles.ts'
import { Finding, wrongEntry } from './finding.ts'

export interface StoredTransitions {
  /** As stored, oldest first. */
  texts: readonly string[]
  /** The places of the entries that tell of a change, in order. */
  told: readonly number[]
  /** The signed checkpoint, and its tree. */
  checkpoint: string
  size: number
  tiles: AuthenticTiles
}

/** The changes in their order, each proven by the key before it; the last one leads to the key that signed. @throws {Finding} */
export async function checkTransitions(stored: StoredTransitions): Promise<KeyTransition[]> {
  const { texts, told, checkpoint, size, tiles } = stored
  const steps = await readSteps(texts)
  for (const [i, step] of steps.entries()) {
    if (step.index !== told[i]) throw wrongTransition(i, 'is of another entry than the log has')
    const subtrees = decompose(0, step.size)
    const nodes = await loadNodes(nodeHasher, size, subtrees, ({ level, index }) => tiles.tile(level, index))
    if (!bytesEqual(treeRoot(nodeHasher, step.size, nodes), step.root))
      throw wrongTransition(i, 'is of another tree')
  }
  if (told.length > steps.length)
    throw wrongEntry(told[steps.length]!, 'tells of new keys, and what proves them is missing.')
  const last = steps.at(-1)
  if (
    last &&
    !parseNote(checkpoint).signatures.some(line => isSignedBy(createVerifier(last.after.log), line))
  )
    throw wrongTransition(steps.length - 1, 'leads to another key than the one that signed the log')
  return steps
}

async function readSteps(texts: readonly string[]): Promise<KeyTransition[]> {
  const [first] = texts
  if (first === undefined) return []
  try {
    const before = claimedBefore(nodeHasher, first)
    const steps = before ? await followTransitions(nodeHasher, texts, before) : []
    if (steps.length === texts.length) return steps
    throw wrongTransition(steps.length, 'does not follow from the one before')
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    throw new Finding('tampered', 'key change', `A change of keys is not proven: ${error.message}.`)
  }
}

function wrongTransition(number: number, how: string): Finding {
  return new Finding('tampered', `key change ${number + 1}`, `The proof of key change ${number + 1} ${how}.`)
}
