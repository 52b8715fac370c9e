/** Whether other people's panels were shown the same log: what one lone panel can never find out. */
import type { PanelWitness } from '../../shared/api.ts'
import { LogError } from '../../shared/log/errors.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import { isSignedBy, openNote } from '../../shared/log/note.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import type { PinnedLog, SeenCheckpoint } from '../cache/witness-record.ts'
import { type AskConsistency, Misbehaviour, openSignedNote, requireConsistency } from './checkpoint-check.ts'

export interface CompareOptions {
  hasher: Hasher
  ask: AskConsistency
  /** The server's checkpoint at this moment, believed and written down. @throws {FailureError} */
  check(): Promise<SeenCheckpoint>
}

/** Notes found to be of the same log; the oldest are forgotten, and then compared again. */
export type Compared = Set<string>
const maxCompared = 1000
/** Each may cost a request. */
const maxAtOnce = 10

/** Answers how many of them were found to be of the same log. @throws {Misbehaviour} split_view */
export async function comparePanels(
  { hasher, ask, check }: CompareOptions,
  pinned: PinnedLog,
  seen: SeenCheckpoint,
  panels: readonly PanelWitness[],
  compared: Compared,
): Promise<void> {
  const others = panels.filter(({ note }) => !compared.has(textOf(note))).slice(0, maxAtOnce)
  let here = seen
  for (const panel of others) {
    const there = await openPanelNote(panel, pinned)
    if (!there) continue
    // It may be ahead of us; asked now, the server cannot be behind what it signed before.
    if (there.size > here.size) here = await check()
    await requireSameLog(hasher, there, here, ask)
    remember(compared, textOf(panel.note))
  }
}

/** Null where the log itself did not sign it, or not the panel: that accuses nobody. */
async function openPanelNote({ key, note }: PanelWitness, pinned: PinnedLog): Promise<SeenCheckpoint | null> {
  try {
    const verifier = createVerifier(key)
    const { verified } = await openNote(note, [verifier])
    if (!verified.some(line => isSignedBy(verifier, line))) return null
    return await openSignedNote(note, pinned)
  } catch (error) {
    if (error instanceof LogError || error instanceof Misbehaviour) return null
    throw error
  }
}

async function requireSameLog(
  hasher: Hasher,
  there: SeenCheckpoint,
  here: SeenCheckpoint,
  ask: AskConsistency,
): Promise<void> {
  try {
    await requireConsistency(hasher, there, here, ask)
  } catch (error) {
    if (!(error instanceof Misbehaviour)) throw error
    const detail = `Another panel was shown ${there.size} entries that do not fit the ${here.size} shown here: ${error.detail}`
    throw new Misbehaviour('split_view', detail, { ...error.parts, shown: there.note })
  }
}

/** Cosigners come and go; what they speak of stays. */
function textOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n'))
}

function remember(compared: Compared, text: string): void {
  if (compared.size >= maxCompared) compared.delete(compared.values().next().value!)
  compared.add(text)
}
