/**
 * The event index: page, total, facets and histogram of any filter, from memory.
 * The server holds one over the whole log, a panel one over what it has cached.
 */
import type { Scope } from '../access.ts'
import type { FacetField, FacetValue } from '../api.ts'
import type { ActorType, AuditEvent, Channel, Outcome } from '../audit-event.ts'
import type { Filter } from '../filter.ts'
import type { TextSource } from './text-source.ts'

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
  /** Further values with a count that were not named. */
  more: number
}

/** Fields that an event has at most one value of. */
export type SeriesField = Exclude<FacetField, 'target'>

export class EventIndex {
  constructor(_options: { text?: TextSource } = {}) {}

  /** Adds events in any order of log index. One that is held already is ignored. */
  append(_events: readonly AuditEvent[]): void {
    throw new Error('not yet')
  }

  get count(): number {
    throw new Error('not yet')
  }

  has(_index: number): boolean {
    throw new Error('not yet')
  }

  /** The log indexes held, as ranges in ascending order; `to` is not held. */
  coverage(): { from: number; to: number }[] {
    throw new Error('not yet')
  }

  /** Time of the oldest and of the newest event held, in milliseconds. */
  timeRange(): { first: number; last: number } | null {
    throw new Error('not yet')
  }

  /** Matching events after a position, newest first. */
  page(
    _filter: Filter,
    _scope: Scope,
    _options: { after?: Position | null; limit: number } & Sized,
  ): IndexPage {
    throw new Error('not yet')
  }

  /** Matching events from the `offset`-th on: for a list that jumps anywhere. */
  pageAt(_filter: Filter, _scope: Scope, _options: { offset: number; limit: number } & Sized): IndexPage {
    throw new Error('not yet')
  }

  /** How many events match, exactly. */
  total(_filter: Filter, _scope: Scope, _options?: Sized): number {
    throw new Error('not yet')
  }

  /** How many matching events come before a position, which need not match itself. */
  rank(_filter: Filter, _scope: Scope, _position: Position, _options?: Sized): number {
    throw new Error('not yet')
  }

  /**
   * Values of each field by how often they occur. The counts of a field ignore its own selection;
   * selected values (included or excluded) are always listed. `search` keeps values whose label or key holds it.
   */
  facets<Field extends FacetField>(
    _filter: Filter,
    _scope: Scope,
    _options: { fields: readonly Field[]; limit: number; search?: string | undefined } & Sized,
  ): Record<Field, FacetResult> {
    throw new Error('not yet')
  }

  /** Matching events by bucket: bucket `i` begins at `starts[i]` (ms, ascending), the last one ends at `end`. */
  histogram(
    _filter: Filter,
    _scope: Scope,
    _options: { starts: readonly number[]; end: number } & Sized,
  ): number[] {
    throw new Error('not yet')
  }

  /** A histogram for each value of a field that occurs, such as outcomes to stack or actions to draw small. */
  histogramBy(
    _field: SeriesField,
    _filter: Filter,
    _scope: Scope,
    _options: { starts: readonly number[]; end: number } & Sized,
  ): Map<string, number[]> {
    throw new Error('not yet')
  }

  /** Rows to draw, in the order asked for. Indexes that are not held are left out. */
  rows(_indexes: readonly number[], _scope: Scope): Row[] {
    throw new Error('not yet')
  }
}
