/** Targets as small integers: by key (what filters and facets name), and by key and name (what a row shows). */
import { type Target, targetKey } from '../audit-event.ts'
import { foldPhrase } from '../search-text.ts'
import { CodeTable, hashOfNumbers } from './code-table.ts'
import { Dictionary } from './dictionary.ts'
import { GrowingCodes } from './growing-codes.ts'
import { columnOf, type KeptIndex, type VocabularyColumns } from './index-image.ts'
import { LatestLabels } from './latest-labels.ts'

const emptyTargets = {
  texts: { 'target keys': [], 'target names': [], 'target types': [] },
  numbers: {
    'target keys': new Uint32Array(0),
    'target types': new Uint32Array(0),
    'target names': new Uint32Array(0),
    'target labels': new Uint32Array(0),
    'target label indexes': new Uint32Array(0),
  },
}

export class TargetNames {
  readonly keys: Dictionary
  /** What targets are called, whichever. */
  readonly names: Dictionary
  /** By code of a key: the name its latest event has. */
  readonly labels: LatestLabels
  /** The key's code by named target. */
  readonly keyOf: GrowingCodes
  /** By named target: codes of its type and name. The key is type, colon and id; a colon may be in either. */
  readonly #typeOf: GrowingCodes
  readonly #nameOf: GrowingCodes
  readonly #types: Dictionary
  readonly #named = new CodeTable()

  constructor({ texts, numbers }: Pick<KeptIndex, 'texts' | 'numbers'> = emptyTargets) {
    const codes = (name: string) => new GrowingCodes(columnOf(numbers, name))
    this.keys = new Dictionary(columnOf(texts, 'target keys'))
    this.names = new Dictionary(columnOf(texts, 'target names'))
    this.#types = new Dictionary(columnOf(texts, 'target types'))
    this.labels = new LatestLabels(this.names, codes('target labels'), codes('target label indexes'))
    this.keyOf = codes('target keys')
    this.#typeOf = codes('target types')
    this.#nameOf = codes('target names')
    for (let code = 0; code < this.size; code++)
      this.#named.add(this.#hashOf(code), code, other => this.#hashOf(other))
  }

  /** `isUsed`: by named target, whether its name is to stay. */
  columns(isUsed?: (code: number) => boolean): VocabularyColumns {
    const used = isUsed && this.#usedNames(isUsed)
    return {
      texts: {
        'target keys': this.keys.column(),
        'target names': this.names.column(used ? name => used[name] === 1 : undefined),
        'target types': this.#types.column(),
      },
      numbers: {
        'target keys': this.keyOf.column,
        'target types': this.#typeOf.column,
        'target names': this.#nameOf.column,
        'target labels': this.labels.labels.column,
        'target label indexes': this.labels.indexes.column,
      },
    }
  }

  #usedNames(isUsed: (code: number) => boolean): Uint8Array {
    const used = new Uint8Array(this.names.size)
    for (let code = 0; code < this.size; code++) if (isUsed(code)) used[this.#nameOf.array[code]!] = 1
    for (const name of this.labels.labels.column) used[name] = 1
    return used
  }

  /** Named targets. */
  get size(): number {
    return this.keyOf.length
  }

  /** The named target's number; a new one gets the next. */
  code(target: Target, index: number): number {
    const key = this.keys.code(targetKey(target))
    const type = this.#types.code(target.type)
    const name = this.names.code(target.name ?? target.id)
    this.labels.see(key, name, index)
    const hash = hashOfNumbers(key, type, name)
    const known = this.#named.find(hash, code => this.#is(code, key, type, name))
    if (known !== undefined) return known
    const code = this.size
    this.keyOf.push(key)
    this.#typeOf.push(type)
    this.#nameOf.push(name)
    this.#named.add(hash, code, other => this.#hashOf(other))
    return code
  }

  /** Names a target as a named one that was seen at the index does, now that what named it later is gone. */
  relabel(key: number, latest: { target: number; index: number } | null): void {
    this.labels.reset(key, latest ? this.#nameOf.array[latest.target]! : 0, latest?.index ?? 0)
  }

  named(code: number): { type: string; id: string; label: string } {
    const type = this.#types.text(this.#typeOf.array[code]!)
    const id = this.keys.text(this.keyOf.array[code]!).slice(type.length + 1)
    return { type, id, label: this.names.text(this.#nameOf.array[code]!) }
  }

  /** Puts 1 for each named target from `from` on whose id or name holds the folded phrase, which is not empty. */
  markHolding(phrase: string, held: Uint8Array, from: number): void {
    if (from >= this.size) return
    const names = this.names.lastPlaces(phrase)
    const keys = this.keys.lastPlaces(phrase, from === 0 ? 0 : lowest(this.keyOf, from))
    const ids = Uint32Array.from({ length: this.#types.size }, (_, type) => this.#idStart(type))
    for (let code = from; code < this.size; code++) {
      const inId = keys[this.keyOf.array[code]!]! >= ids[this.#typeOf.array[code]!]!
      if (inId || names[this.#nameOf.array[code]!]! >= 0) held[code] = 1
    }
  }

  /** Where ids begin in the folded keys of a type. */
  #idStart(type: number): number {
    return type === 0 ? 0 : foldPhrase(`${this.#types.text(type)}:`).length
  }

  #is(code: number, key: number, type: number, name: number): boolean {
    return (
      this.keyOf.array[code] === key && this.#typeOf.array[code] === type && this.#nameOf.array[code] === name
    )
  }

  #hashOf(code: number): number {
    return hashOfNumbers(this.keyOf.array[code]!, this.#typeOf.array[code]!, this.#nameOf.array[code]!)
  }
}

function lowest({ array, length }: GrowingCodes, from: number): number {
  let least = array[from]!
  for (let place = from + 1; place < length; place++) if (array[place]! < least) least = array[place]!
  return least
}
