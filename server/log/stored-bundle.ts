/** Entries of a stored log that may be damaged, read so that the first bad one can be named. */
import { nodeHasher } from '../node-hasher.ts'
import type { LogStore, StoredEntry } from '../store/log-store.ts'
import { Finding, wrongEntry } from './finding.ts'

/** @throws {Finding} naming the first entry that is missing or cannot be read */
export async function readBundle(
  store: LogStore,
  org: string,
  from: number,
  to: number,
): Promise<StoredEntry[]> {
  const entries = await store.entries(org, from, to).catch(() => null)
  if (entries?.length === to - from && entries.every((entry, i) => entry.index === from + i)) return entries
  for (let index = from; index < to; index++) {
    const [entry] = await store.entriesAt(org, [index]).catch((error: Error) => {
      throw wrongEntry(index, `cannot be read (${error.message}).`)
    })
    if (!entry) throw wrongEntry(index, 'is missing.')
  }
  throw new Finding('malformed', 'log', `The entries from ${from} to ${to - 1} cannot be read together.`)
}

/** @throws {Finding} for an entry whose leaf cannot be put together again */
export function leafHashOf(entry: StoredEntry): Uint8Array {
  try {
    return nodeHasher.leafHash(entry.leaf)
  } catch (error) {
    throw wrongEntry(entry.index, `cannot be read (${(error as Error).message}).`)
  }
}
