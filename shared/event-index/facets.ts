/** Values of each field with their counts, by the rule that a field's counts ignore its own selection. */
import type { Scope } from '../access.ts'
import type { FacetField, FacetValue } from '../api.ts'
import { actionLabel, areaLabel } from '../catalogue.ts'
import { foldPhrase, foldText } from '../search-text.ts'
import type { CompiledFilter, Vocabulary } from './compiled-filter.ts'
import type { Dictionary } from './dictionary.ts'
import type { FacetResult } from './event-index.ts'
import { type FacetTuples, isTupleField, type TupleField, tupleFields } from './facet-tuples.ts'
import type { LatestLabels } from './latest-labels.ts'

/**
 * By tuple 1 where it fails no selection, or only that of a field whose counts are asked for:
 * the tuples that any of the fields' counts can need.
 */
export function tuplesForFacets(misses: Uint8Array, fields: readonly FacetField[]): Uint8Array {
  const ignorable = new Set([0])
  for (const field of fields) if (isTupleField(field)) ignorable.add(1 << tupleFields.indexOf(field))
  return misses.map(missed => (ignorable.has(missed) ? 1 : 0))
}

/** By code of the field's values, from counts by tuple. */
export function sumByValue(
  field: TupleField,
  counts: Uint32Array,
  { misses }: CompiledFilter,
  tuples: FacetTuples,
): Uint32Array {
  const { values, codes } = tuples.fields[field]
  const others = ~(1 << tupleFields.indexOf(field))
  const sums = new Uint32Array(values.size)
  for (let tuple = 0; tuple < counts.length; tuple++) {
    const count = counts[tuple]!
    if (count > 0 && (misses === null || (misses[tuple]! & others) === 0)) sums[codes.array[tuple]!]! += count
  }
  return sums
}

/** How the values of a field are named. */
export interface FieldNames {
  values: Dictionary
  label(code: number): string
  /** By code: whether value, label or e-mail holds the folded text, which is not empty. */
  holding(folded: string): ArrayLike<boolean | number>
  email?(code: number): string | null
  /** Of a selected value that no event has. */
  unknownLabel(value: string): string
}

export function namesOf(
  field: FacetField,
  { tuples, targets, changes }: Vocabulary,
  scope: Scope,
): FieldNames {
  if (field === 'target') return labelled(targets.keys, targets.labels)
  if (field === 'changed') return derived(changes.fields, value => value)
  const { values } = tuples.fields[field]
  if (field === 'action') return derived(values, actionLabel)
  if (field === 'area') return derived(values, areaLabel)
  if (field === 'actor' && scope.personal)
    return withEmails(labelled(values, tuples.actorLabels), tuples.actorEmails)
  return derived(values, value => value)
}

function derived(values: Dictionary, labelOf: (value: string) => string): FieldNames {
  return {
    values,
    label: code => labelOf(values.text(code)),
    holding: folded =>
      Array.from({ length: values.size }, (_, code) => {
        const value = values.at(code) ?? ''
        return foldText(value).includes(folded) || foldText(labelOf(value)).includes(folded)
      }),
    unknownLabel: labelOf,
  }
}

function labelled(values: Dictionary, labels: LatestLabels): FieldNames {
  return {
    values,
    label: code => labels.of(code) ?? values.text(code),
    holding: folded => {
      const held = labels.holding(folded)
      for (const [code, place] of values.lastPlaces(folded).entries()) if (place >= 0) held[code] = 1
      return held
    },
    unknownLabel: value => value,
  }
}

function withEmails(names: FieldNames, emails: LatestLabels): FieldNames {
  return {
    ...names,
    email: code => emails.of(code),
    holding: folded => {
      const byEmail = emails.holding(folded)
      return Array.from(names.holding(folded), (held, code) => Boolean(held) || byEmail[code] === 1)
    },
  }
}

/** The most frequent values that the search finds, and every selected one. */
export function listFacet(
  counts: Uint32Array,
  names: FieldNames,
  selected: readonly string[],
  limit: number,
  search: string,
): FacetResult {
  const holding = search === '' ? null : names.holding(foldPhrase(search))
  const { best, found } = mostFrequent(counts, names, limit, holding)
  const listed = new Set(best.map(entry => entry.value))
  const values = [...best]
  let alsoFound = 0
  for (const value of new Set(selected)) {
    if (listed.has(value)) continue
    const code = names.values.find(value)
    const count = code === undefined ? 0 : counts[code]!
    if (count > 0 && (holding === null || holding[code!])) alsoFound++
    const entry = code === undefined ? { value, label: names.unknownLabel(value) } : named(names, code)
    insert(values, { ...entry, count })
  }
  return { values, more: found - best.length - alsoFound }
}

function named(names: FieldNames, code: number): Omit<FacetValue, 'count'> {
  const entry = { value: names.values.text(code), label: names.label(code) }
  const email = names.email?.(code)
  return email ? { ...entry, email } : entry
}

function mostFrequent(
  counts: Uint32Array,
  names: FieldNames,
  limit: number,
  holding: ArrayLike<boolean | number> | null,
): { best: FacetValue[]; found: number } {
  const best: FacetValue[] = []
  let found = 0
  for (let code = 1; code < counts.length; code++) {
    const count = counts[code]!
    if (count === 0 || (holding && !holding[code])) continue
    found++
    if (best.length >= limit && (limit === 0 || count < best[limit - 1]!.count)) continue
    insert(best, { ...named(names, code), count })
    if (best.length > limit) best.pop()
  }
  return { best, found }
}

/** Puts the entry in its place: most frequent first, then by label, then by value. */
function insert(entries: FacetValue[], entry: FacetValue): void {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (comesBefore(entry, entries[middle]!)) high = middle
    else low = middle + 1
  }
  entries.splice(low, 0, entry)
}

function comesBefore(a: FacetValue, b: FacetValue): boolean {
  if (a.count !== b.count) return a.count > b.count
  return a.label === b.label ? a.value < b.value : a.label < b.label
}
