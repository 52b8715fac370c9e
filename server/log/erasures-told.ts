/** The erasures that a log tells of: only they account for a disclosure that is gone. */
import type { Json } from '../../shared/json.ts'
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

/** Reads the whole log once: erasures come after what they took. */
export async function readErasures(store: LogStore, org: string, size: number): Promise<ErasuresTold> {
  const told: ToldErasure[] = []
  for (let from = 0; from < size; from += batchSize) {
    const entries = await readBundle(store, org, from, Math.min(from + batchSize, size))
    for (const entry of entries) {
      const erasure = readErasure(entry)
      if (erasure) told.push(erasure)
    }
  }
  return told
}

/** The first of the entry's erased fields that no erasure accounts for. */
export function unaccounted(entry: StoredEntry, told: ErasuresTold): string | undefined {
  const own = told.filter(({ actor, below, index }) => {
    const { isActor, isPrincipal, isTarget } = rolesOf(entry, actor)
    return entry.index < Math.min(below, index) && (isActor || isPrincipal || isTarget)
  })
  return entry.erased.find(name => !own.some(({ fields }) => fields.has(name)))
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
