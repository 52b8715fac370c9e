/**
 * The event index: page, total, facets and histogram of any filter, from memory.
 * The server holds one over the whole log, a panel one over what it has cached. What a filter means is
 * `matches` in shared/filter.ts; everything here is that, faster.
 */
import type { Scope } from '../access.ts'
import type { FacetField, FacetValue } from '../api.ts'
import type { ActorType, AuditEvent, Channel, Outcome } from '../audit-event.ts'
import type { Filter } from '../filter.ts'
import type { IndexRange } from '../log/removal.ts'
import { AddressSelection } from './address-selection.ts'
import { ChangeSets } from './change-sets.ts'
import { type CompiledFilter, compileFilter, type Vocabulary } from './compiled-filter.ts'
import { PendingRows } from './event-rows.ts'
import { FacetTuples, isTupleField, type TupleField } from './facet-tuples.ts'
import { listFacet, namesOf, sumByValue, tuplesForFacets } from './facets.ts'
import { type Buckets, histogramByValue, histogramOf } from './histogram.ts'
import { columnOf, type IndexImage, type KeptIndex } from './index-image.ts'
import { IndexRanges } from './index-ranges.ts'
import { MemoryText } from './memory-text.ts'
import { oldestTimeOf, pageAfter, pageFrom, rankOf, totalOf } from './paging.ts'
import { relabel } from './relabel.ts'
import { rowAt } from './row.ts'
import { maxSegmentRows } from './segment.ts'
import { TargetNames } from './target-names.ts'
import { TextMatchers } from './text-matchers.ts'
import { type TextSource, textBlockSize } from './text-source.ts'
import { Timeline } from './timeline.ts'
import { TimesByIndex } from './times-by-index.ts'
import { countByChangeSet, countByTargetKey, countByTuple } from './tuple-counts.ts'
import { usedIn } from './used-codes.ts'

/** A place in the order of events: newest `occurredAt` (ms) first, ties by higher log index. */
export interface Position {
  occurredAt: number
  index: number
}

/** Log indexes of one page, and where the next one goes on (its `after`); null where nothing follows. */
export interface IndexPage {
  indexes: number[]
  next: Position | null
}

/** What a list row shows, from the columns alone. Names are those that the event itself carries. */
export interface Row {
  index: number
  occurredAt: number
  action: string
  area: string
  outcome: Outcome
  channel: Channel | null
  actor: { id: string; type: ActorType; label: string }
  targets: { type: string; id: string; label: string }[]
  /** Whether the event says what was before and after. */
  changed: boolean
}

/** `size`: only entries with a log index below it, as the log stood at that size. */
export interface Sized {
  size?: number | undefined
}

export interface FacetResult {
  values: FacetValue[]
  /** Further values that were found and not named. */
  more: number
}

export interface FacetRequest<Field extends FacetField = FacetField> extends Sized {
  fields: readonly Field[]
  limit: number
  /** Only values whose label or key holds this, however written. */
  search?: string | undefined
}

export interface EventIndexOptions {
  /** Where free text is looked up; in memory by default. */
  text?: TextSource
  /** Events a segment, at most 65,536: smaller ones are for tests. */
  segmentRows?: number
}

export class EventIndex {
  readonly #vocabulary: Vocabulary = {
    tuples: new FacetTuples(),
    targets: new TargetNames(),
    addresses: new AddressSelection(),
    changes: new ChangeSets(),
  }
  readonly #held = new IndexRanges()
  readonly #times = new TimesByIndex()
  readonly #timeline: Timeline
  readonly #pending = new PendingRows()
  readonly #segmentRows: number
  readonly #text: TextSource
  readonly #matchers: TextMatchers
  #count = 0
  #hasReplaced = false

  constructor({ text = new MemoryText(), segmentRows = maxSegmentRows }: EventIndexOptions = {}) {
    this.#text = text
    this.#matchers = new TextMatchers(text)
    this.#segmentRows = segmentRows
    this.#timeline = new Timeline(segmentRows, () => {
      const { tuples, targets } = this.#vocabulary
      return { tuples: tuples.size, targetKeys: targets.keys.size, keyOfTarget: targets.keyOf.array }
    })
  }

  /**
   * Adds events in any order of log index. One that is held already is ignored.
   * @throws {RangeError} before anything is added, where a time or log index is none.
   */
  append(events: readonly AuditEvent[]): void {
    for (const { index, occurredAt } of events) {
      if (Number.isNaN(Date.parse(occurredAt))) throw new RangeError(`entry ${index} has no valid time`)
      if (!(Number.isInteger(index) && index >= 0 && index < 2 ** 32))
        throw new RangeError(`${index} is no log index`)
    }
    const added = events.filter(event => this.#add(event))
    this.#text.append(added)
    this.#matchers.forget(added)
  }

  /**
   * Puts events in the place of those held at the same log indexes, as after an erasure: every answer is as if they had
   * always read so. Those not held are ignored. What they were called before stays in memory, out of every answer.
   * @throws {RangeError} before anything is replaced, where a time is not the same: events do not move.
   */
  replace(events: readonly AuditEvent[]): void {
    const held = events.filter(event => this.has(event.index))
    for (const { index, occurredAt } of held) {
      if (Date.parse(occurredAt) !== this.#times.get(index))
        throw new RangeError(`entry ${index} is of another time`)
    }
    const timeline = this.#settled()
    const rows = new PendingRows()
    this.#hasReplaced = true
    for (const event of held) rows.push(this.#rowOf(event))
    timeline.replace(rows.drain())
    this.#text.replace(held)
    this.#matchers.forget(held)
  }

  /** What there is now, to be kept. After a replacement names that no event has any more are not in it. */
  image(): IndexImage {
    const { segments } = this.#settled()
    const used = this.#hasReplaced ? usedIn(segments) : undefined
    const { tuples, targets, addresses, changes } = this.#vocabulary
    const [ofTuples, ofTargets] = [tuples.columns(used?.tuple), targets.columns(used?.target)]
    return {
      segments: [...segments],
      vocabulary: {
        texts: {
          ...ofTuples.texts,
          ...ofTargets.texts,
          ...changes.columns(used?.changeSet),
          addresses: addresses.addresses.column(used?.address),
        },
        numbers: { ...ofTuples.numbers, ...ofTargets.numbers },
      },
    }
  }

  /**
   * Takes up what an image kept, in an index that holds nothing yet; its text must be in the text source already.
   * @throws {RangeError | SyntaxError} before anything is taken in, where the parts do not fit together
   */
  restore({ segments, texts, numbers }: KeptIndex): void {
    const vocabulary: Vocabulary = {
      tuples: new FacetTuples({ texts, numbers }),
      targets: new TargetNames({ texts, numbers }),
      addresses: new AddressSelection(columnOf(texts, 'addresses')),
      changes: new ChangeSets(columnOf(texts, 'changed fields'), columnOf(texts, 'change sets')),
    }
    Object.assign(this.#vocabulary, vocabulary)
    this.#timeline.restore(segments)
    for (const { length, indexes, times } of segments) {
      for (let row = 0; row < length; row++) this.#times.set(indexes[row]!, times[row]!)
      this.#count += length
    }
    this.#held.restore(segments.map(({ indexes }) => indexes))
  }

  /**
   * Forgets the events of whole text blocks, as after retention: every answer is as if they had never been here. What
   * they were called stays in memory, out of every answer.
   * @throws {RangeError} before anything is forgotten, for parts of blocks
   */
  remove(ranges: readonly IndexRange[]): void {
    const blocks = ranges.flatMap(blocksOf)
    const timeline = this.#settled()
    timeline.remove(ranges)
    for (const { from, to } of ranges) this.#count -= this.#held.remove(from, to)
    this.#text.remove(blocks)
    this.#matchers.forget(blocks.map(block => ({ index: block * textBlockSize })))
    this.#hasReplaced = true
    relabel(timeline, this.#vocabulary, ranges)
  }

  get count(): number {
    return this.#count
  }

  has(index: number): boolean {
    return this.#held.has(index)
  }

  /** The log indexes held, as ranges in ascending order; `to` is not held. */
  coverage(): { from: number; to: number }[] {
    return this.#held.ranges.map(range => ({ ...range }))
  }

  /** Time of the oldest and of the newest event that matches, in milliseconds; null where none does. */
  timeRange(filter: Filter, scope: Scope, options: Sized = {}): { first: number; last: number } | null {
    const timeline = this.#settled()
    const compiled = this.#compile(filter, scope, options.size)
    const [newest] = pageAfter(timeline, compiled, null, 1).indexes
    if (newest === undefined) return null
    return { first: oldestTimeOf(timeline, compiled)!, last: this.#times.get(newest) }
  }

  /** Up to `limit` matching events after a position, newest first. */
  page(
    filter: Filter,
    scope: Scope,
    { after, limit, size }: { after?: Position | null | undefined; limit: number } & Sized,
  ): IndexPage {
    return pageAfter(this.#settled(), this.#compile(filter, scope, size), after ?? null, limit)
  }

  /** Up to `limit` matching events after the newest `offset` ones: for a list that jumps anywhere. */
  pageAt(
    filter: Filter,
    scope: Scope,
    { offset, limit, size }: { offset: number; limit: number } & Sized,
  ): IndexPage {
    return pageFrom(this.#settled(), this.#compile(filter, scope, size), offset, limit)
  }

  /** How many events match, exactly. */
  total(filter: Filter, scope: Scope, { size }: Sized = {}): number {
    return totalOf(this.#settled(), this.#compile(filter, scope, size))
  }

  /** How many matching events come before a position, which need not match itself. */
  rank(filter: Filter, scope: Scope, position: Position, { size }: Sized = {}): number {
    return rankOf(this.#settled(), this.#compile(filter, scope, size), position)
  }

  /**
   * Values of each field by how often they occur: most frequent first, then by label. The counts of a field
   * ignore its own selection; what is selected (included or excluded) is always listed, also beyond the limit.
   */
  facets<Field extends FacetField>(
    filter: Filter,
    scope: Scope,
    { fields, limit, search = '', size }: FacetRequest<Field>,
  ): Record<Field, FacetResult> {
    const counts = this.#countsByField(filter, scope, fields, size)
    const results = {} as Record<Field, FacetResult>
    for (const field of fields) {
      const names = namesOf(field, this.#vocabulary, scope)
      const selected = [...(filter[field]?.include ?? []), ...(filter[field]?.exclude ?? [])]
      results[field] = listFacet(counts[field]!, names, selected, limit, search)
    }
    return results
  }

  /** Matching events by bucket: bucket `i` begins at `starts[i]` (ms, ascending), the last one ends at `end`. */
  histogram(filter: Filter, scope: Scope, { size, ...buckets }: Buckets & Sized): number[] {
    return histogramOf(this.#settled(), this.#compile(filter, scope, size), buckets)
  }

  /** A histogram for each value of a field that occurs, such as outcomes to stack or actions to draw small. */
  histogramBy(
    field: TupleField,
    filter: Filter,
    scope: Scope,
    { size, ...buckets }: Buckets & Sized,
  ): Map<string, number[]> {
    const compiled = this.#compile(filter, scope, size)
    return histogramByValue(this.#settled(), compiled, buckets, field, this.#vocabulary.tuples)
  }

  /** Rows to draw, in the order asked for. Indexes that are not held are left out. */
  rows(indexes: readonly number[], scope: Scope): Row[] {
    const timeline = this.#settled()
    return indexes
      .filter(index => this.has(index))
      .map(index => rowAt(timeline.locate(this.#times.get(index), index), this.#vocabulary, scope))
  }

  #add(event: AuditEvent): boolean {
    const { index } = event
    if (this.#held.has(index)) return false
    const row = this.#rowOf(event)
    this.#held.add(index)
    this.#times.set(index, row.time)
    this.#pending.push(row)
    this.#count++
    if (this.#pending.length >= this.#segmentRows) this.#settled()
    return true
  }

  #rowOf(event: AuditEvent) {
    const { tuples, targets, addresses, changes } = this.#vocabulary
    return {
      time: Date.parse(event.occurredAt),
      index: event.index,
      tuple: tuples.code(event),
      address: addresses.addresses.code(event.context.ip),
      changeSet: changes.code(event.changes),
      targets: event.targets.map(target => targets.code(target, event.index)),
    }
  }

  /** The timeline with everything in it. Put in order only when asked, so that many small appends cost one merge. */
  #settled(): Timeline {
    if (this.#pending.length > 0) this.#timeline.add(this.#pending.drain())
    return this.#timeline
  }

  #compile(filter: Filter, scope: Scope, size = Number.POSITIVE_INFINITY): CompiledFilter {
    return compileFilter(
      filter,
      scope,
      size,
      this.#vocabulary,
      this.#matchers.of(filter.text, scope.personal, this.#vocabulary),
    )
  }

  #countsByField(
    filter: Filter,
    scope: Scope,
    fields: readonly FacetField[],
    size: number | undefined,
  ): Partial<Record<FacetField, Uint32Array>> {
    const timeline = this.#settled()
    const { tuples, targets, changes } = this.#vocabulary
    const sums: Partial<Record<FacetField, Uint32Array>> = {}
    const wantedTupleFields = fields.filter(isTupleField)
    if (wantedTupleFields.length > 0) {
      const compiled = this.#compile(filter, scope, size)
      if (compiled.misses) compiled.rows.tuples = tuplesForFacets(compiled.misses, fields)
      const counts = countByTuple(timeline, compiled, tuples.size)
      for (const field of wantedTupleFields) sums[field] = sumByValue(field, counts, compiled, tuples)
    }
    if (fields.includes('target')) {
      const { target: _, ...others } = filter
      const compiled = this.#compile(others, scope, size)
      sums.target = countByTargetKey(timeline, compiled, targets.keys.size, targets.keyOf.array)
    }
    if (fields.includes('changed')) {
      const { changed: _, ...others } = filter
      const counts = countByChangeSet(timeline, this.#compile(others, scope, size), changes.size)
      sums.changed = changes.sumByField(counts)
    }
    return sums
  }
}

function blocksOf({ from, to }: IndexRange): number[] {
  if (from % textBlockSize !== 0 || to % textBlockSize !== 0) throw new RangeError('only whole blocks can go')
  return Array.from({ length: (to - from) / textBlockSize }, (_, i) => from / textBlockSize + i)
}
