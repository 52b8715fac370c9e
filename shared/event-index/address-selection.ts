/** Addresses as small integers, and which of them an ip filter means. */
import { addressFits, type Values } from '../filter.ts'
import { Dictionary } from './dictionary.ts'

const remembered = 32

export class AddressSelection {
  readonly addresses: Dictionary
  /** By filter value: which addresses fit. Addresses are only ever added, so an answer is only ever extended. */
  readonly #fits = new Map<string, Uint8Array>()

  constructor(addresses: readonly (string | null)[] = []) {
    this.addresses = new Dictionary(addresses)
  }

  /** By address code: 1 where the filter lets it through. */
  admitted(values: Values): Uint8Array {
    const include = values.include.map(value => this.#fitting(value))
    const exclude = values.exclude.map(value => this.#fitting(value))
    return Uint8Array.from({ length: this.addresses.size }, (_, code) => {
      const named = include.length === 0 || include.some(fits => fits[code] === 1)
      return named && !exclude.some(fits => fits[code] === 1) ? 1 : 0
    })
  }

  #fitting(value: string): Uint8Array {
    const known = this.#fits.get(value)
    const { size } = this.addresses
    if (known?.length === size) return known
    const fits = new Uint8Array(size)
    if (known) fits.set(known)
    for (let code = known?.length ?? 0; code < size; code++)
      fits[code] = addressFits(value, this.addresses.at(code)) ? 1 : 0
    this.#fits.delete(value)
    this.#fits.set(value, fits)
    if (this.#fits.size > remembered) this.#fits.delete(this.#fits.keys().next().value!)
    return fits
  }
}
