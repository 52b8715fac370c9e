/** Which fields events changed, as small integers: each set of fields that occurs has one, and 0 stands for none. */
import type { Change } from '../audit-event.ts'
import type { Values } from '../filter.ts'
import { Dictionary } from './dictionary.ts'
import { listColumn, type VocabularyColumns } from './index-image.ts'

export class ChangeSets {
  readonly fields: Dictionary
  /** By set: the codes of its fields. */
  readonly #sets: number[][]
  readonly #codes = new Map<string, number>()

  constructor(fields: readonly (string | null)[] = [], sets: readonly (string | null)[] = ['[]']) {
    this.fields = new Dictionary(fields)
    this.#sets = sets.map(set => JSON.parse(set ?? '[]') as number[])
    for (const [code, set] of this.#sets.entries()) this.#codes.set(set.join(), code)
  }

  /** `isUsed`: by set, whether its fields' names are to stay. */
  columns(isUsed?: (set: number) => boolean): VocabularyColumns['texts'] {
    const used = new Set(this.#sets.flatMap((fields, set) => (isUsed?.(set) ? fields : [])))
    return {
      'changed fields': this.fields.column(isUsed ? field => used.has(field) : undefined),
      'change sets': listColumn(this.#sets.map(set => JSON.stringify(set))),
    }
  }

  get size(): number {
    return this.#sets.length
  }

  /** The set of the fields that the changes name; a new one gets the next number. */
  code(changes: readonly Change[]): number {
    if (changes.length === 0) return 0
    const fields = [...new Set(changes.map(change => this.fields.code(change.field)))].sort((a, b) => a - b)
    const key = fields.join()
    const known = this.#codes.get(key)
    if (known !== undefined) return known
    this.#codes.set(key, this.size)
    return this.#sets.push(fields) - 1
  }

  /** By set: 1 where the filter lets it through. */
  admitted(values: Values): Uint8Array {
    const include = this.#known(values.include)
    const exclude = this.#known(values.exclude)
    return Uint8Array.from(this.#sets, fields => {
      const named = values.include.length === 0 || fields.some(field => include.has(field))
      return named && !fields.some(field => exclude.has(field)) ? 1 : 0
    })
  }

  /** By code of a field, from counts by set: an event counts for every field it changed. */
  sumByField(counts: Uint32Array): Uint32Array {
    const sums = new Uint32Array(this.fields.size)
    for (const [set, fields] of this.#sets.entries()) for (const field of fields) sums[field]! += counts[set]!
    return sums
  }

  #known(names: readonly string[]): Set<number> {
    return new Set(names.map(name => this.fields.find(name)).filter(code => code !== undefined))
  }
}
