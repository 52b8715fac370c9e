/** Targets as small integers: by key (what filters and facets name), and by key and name (what a row shows). */
import { type Target, targetKey } from '../audit-event.ts'
import { Dictionary } from './dictionary.ts'
import { GrowingCodes } from './growing-codes.ts'
import { LatestLabels } from './latest-labels.ts'

export class TargetNames {
  readonly keys = new Dictionary()
  /** By code of a key: the name its latest event has. */
  readonly labels = new LatestLabels()
  /** The key's code by named target. */
  readonly keyOf = new GrowingCodes()
  readonly #named = new Map<string, number>()
  readonly #targets: { type: string; id: string; label: string }[] = []

  /** The named target's number; a new one gets the next. */
  code(target: Target, index: number): number {
    const { type, id, name } = target
    const label = name ?? id
    const key = this.keys.code(targetKey(target))
    this.labels.see(key, label, index)
    const text = `${type.length}|${type}|${id.length}|${id}|${label}`
    const known = this.#named.get(text)
    if (known !== undefined) return known
    this.#named.set(text, this.#targets.length)
    this.keyOf.push(key)
    return this.#targets.push({ type, id, label }) - 1
  }

  named(code: number): { type: string; id: string; label: string } {
    return { ...this.#targets[code]! }
  }
}
