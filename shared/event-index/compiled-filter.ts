/** A filter in the index's own numbers: which tuples, target keys and addresses it lets through. */
import type { Scope } from '../access.ts'
import { type Filter, FilterError, type Values } from '../filter.ts'
import { parseMoment } from '../time.ts'
import type { AddressSelection } from './address-selection.ts'
import type { ChangeSets } from './change-sets.ts'
import type { Dictionary } from './dictionary.ts'
import { type FacetTuples, tupleFields } from './facet-tuples.ts'
import type { TargetNames } from './target-names.ts'
import type { TextMatcher } from './text-matcher.ts'
import type { Place } from './timeline.ts'

/** What rows are asked for, apart from their time. */
export interface RowQuery {
  /** By tuple: 1 where its rows are wanted. Null wants all. */
  tuples: Uint8Array | null
  /** Codes of target keys: any of `include` (null: whatever), none of `exclude`. */
  targets: { include: number[] | null; exclude: number[] } | null
  /** By address code: 1 where its rows are wanted. */
  addresses: Uint8Array | null
  /** By set of changed fields: 1 where its rows are wanted. */
  changeSets: Uint8Array | null
  /** Only log indexes below. */
  size: number
  text: TextMatcher | null
}

export interface CompiledFilter {
  rows: RowQuery
  /** By tuple: bit `i` is set where the tuple fails the selection of `tupleFields[i]`. Null where no field is selected. */
  misses: Uint8Array | null
  lower: Place
  upper: Place
}

/** What the index knows of the values that occur. */
export interface Vocabulary {
  tuples: FacetTuples
  targets: TargetNames
  addresses: AddressSelection
  changes: ChangeSets
}

/** @throws {FilterError} where `from` or `to` is no moment. */
export function compileFilter(
  filter: Filter,
  scope: Scope,
  size: number,
  vocabulary: Vocabulary,
  text: TextMatcher | null,
): CompiledFilter {
  const misses = missesByTuple(filter, vocabulary.tuples)
  return {
    rows: {
      tuples: misses && admitted(misses),
      targets: targetCodes(filter.target, vocabulary.targets.keys),
      addresses: addressCodes(filter.ip, scope, vocabulary.addresses),
      changeSets: hasSelection(filter.changed) ? vocabulary.changes.admitted(filter.changed) : null,
      size,
      text,
    },
    misses,
    lower: boundary(filter.from, 'from', Number.NEGATIVE_INFINITY),
    upper: boundary(filter.to, 'to', Number.POSITIVE_INFINITY),
  }
}

/** Whether a time range, tuples and log size say all there is to say: then counts need no look at single rows. */
export function asksForTuplesOnly(query: RowQuery): boolean {
  return [query.targets, query.addresses, query.changeSets, query.text].every(part => part === null)
}

function boundary(text: string | undefined, end: 'from' | 'to', open: number): Place {
  if (text === undefined) return { time: open, index: 0 }
  const moment = parseMoment(text)
  if (moment === null) throw new FilterError(end, `${end} is not a time with an offset: ${text.slice(0, 60)}`)
  return { time: Date.parse(moment), index: 0 }
}

function hasSelection(values: Values | undefined): values is Values {
  return values !== undefined && (values.include.length > 0 || values.exclude.length > 0)
}

function missesByTuple(filter: Filter, tuples: FacetTuples): Uint8Array | null {
  let misses: Uint8Array | null = null
  for (const [bit, field] of tupleFields.entries()) {
    const selection = filter[field]
    if (!hasSelection(selection)) continue
    misses ??= new Uint8Array(tuples.size)
    const { values, codes } = tuples.fields[field]
    const allowed = allowedCodes(selection, values)
    for (let tuple = 0; tuple < misses.length; tuple++)
      if (allowed[codes.array[tuple]!] === 0) misses[tuple]! |= 1 << bit
  }
  return misses
}

function admitted(misses: Uint8Array): Uint8Array {
  const wanted = new Uint8Array(misses.length)
  for (let tuple = 0; tuple < misses.length; tuple++) if (misses[tuple] === 0) wanted[tuple] = 1
  return wanted
}

/** By code of the field: 1 where the selection lets its value through. */
function allowedCodes(selection: Values, values: Dictionary): Uint8Array {
  const allowed = new Uint8Array(values.size).fill(selection.include.length ? 0 : 1)
  for (const code of knownCodes(selection.include, values)) allowed[code] = 1
  for (const code of knownCodes(selection.exclude, values)) allowed[code] = 0
  return allowed
}

function knownCodes(names: string[], values: Dictionary): number[] {
  return [...new Set(names)].map(name => values.find(name)).filter(code => code !== undefined)
}

function targetCodes(selection: Values | undefined, keys: Dictionary): RowQuery['targets'] {
  if (!hasSelection(selection)) return null
  const include = selection.include.length ? knownCodes(selection.include, keys) : null
  const exclude = knownCodes(selection.exclude, keys)
  return include === null && exclude.length === 0 ? null : { include, exclude }
}

/** Without `personal` an address neither is nor is not what the filter names: naming it finds nothing, leaving it out leaves nothing out. */
function addressCodes(
  selection: Values | undefined,
  scope: Scope,
  addresses: AddressSelection,
): Uint8Array | null {
  if (!hasSelection(selection)) return null
  if (scope.personal) return addresses.admitted(selection)
  return selection.include.length ? new Uint8Array(addresses.addresses.size) : null
}
