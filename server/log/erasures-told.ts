/** What a log tells of that was taken from it: only that accounts for a disclosure or for entries that are gone. */
import type { Json } from '../../shared/json.ts'
import { type IndexRange, isCovered, removalTold } from '../../shared/log/removal.ts'
import type { LogStore, StoredEntry } from '../store/log-store.ts'
import { isErasure, rolesOf } from './erasure-plan.ts'
import { readBundle } from './stored-bundle.ts'

const batchSize = 256

interface ToldErasure {
  index: number
  actor: string
  fields: ReadonlySet<string>
  /** Only entries below it lost anything. */
  below: number
}

export type ErasuresTold = readonly ToldErasure[]

export interface Accounts {
  erasures: ErasuresTold
  /** By each event that tells of a removal: all ranges removed until then. */
  removals: readonly (readonly IndexRange[])[]
}

/** Reads the whole log once: accounts come after what they tell of. `pruned` are bundles whose content is gone. */
export async function readAccounts(
  store: LogStore,
  org: string,
  { size, pruned }: { size: number; pruned: ReadonlySet<number> },
): Promise<Accounts> {
  const erasures: ToldErasure[] = []
  const removals: IndexRange[][] = []
  for (let from = 0; from < size; from += batchSize) {
    if (pruned.has(from / batchSize)) continue
    const entries = await readBundle(store, org, from, Math.min(from + batchSize, size))
    for (const entry of entries) {
      const erasure = readErasure(entry)
      if (erasure) erasures.push(erasure)
      const removal = readRemoval(entry)
      if (removal) removals.push(removal)
    }
  }
  return { erasures, removals }
}

/** Whether an event tells that the bundle's content was removed. */
export function isRemovalTold({ removals }: Accounts, bundle: number): boolean {
  const range = { from: bundle * batchSize, to: (bundle + 1) * batchSize }
  return removals.some(ranges => isCovered(ranges, range))
}

/** The first of the entry's erased fields that no erasure accounts for. */
export function unaccounted(entry: StoredEntry, told: ErasuresTold): string | undefined {
  const own = told.filter(({ actor, below, index }) => {
    const { isActor, isPrincipal, isTarget } = rolesOf(entry, actor)
    return entry.index < Math.min(below, index) && (isActor || isPrincipal || isTarget)
  })
  return entry.erased.find(name => !own.some(({ fields }) => fields.has(name)))
}

function readRemoval(entry: StoredEntry): IndexRange[] | null {
  try {
    const { index, open } = entry
    const { source, action } = open
    return removalTold({ index, source, action, metadata: entry.values.get('metadata') })
  } catch {
    // What cannot be read is named when its turn comes.
    return null
  }
}

function readErasure(entry: StoredEntry): ToldErasure | null {
  try {
    if (!isErasure(entry)) return null
    const { actor, fields, below } = (entry.values.get('metadata') ?? {}) as Record<string, Json>
    if (typeof actor !== 'string' || typeof below !== 'number' || !Array.isArray(fields)) return null
    return { index: entry.index, actor, below, fields: new Set(fields.map(String)) }
  } catch {
    // What cannot be read is named when its turn comes.
    return null
  }
}
