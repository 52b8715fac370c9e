/**
 * What panel and worker say to each other. The worker holds cache, event index, sync and export, off the
 * main thread. Commands are calls with an answer; news comes unasked. Errors cross as data (`Failure`).
 */
import type { FacetField, Facets, Histogram, LogKeys } from '../../shared/api.ts'
import type { AuditEvent } from '../../shared/audit-event.ts'
import type { Row } from '../../shared/event-index/event-index.ts'
import type { ExportFormat } from '../../shared/export/columns.ts'
import type { ExportReport } from '../../shared/export/verify.ts'
import type { Filter } from '../../shared/filter.ts'
import type { ProvenEntry } from '../../shared/log/entry-evidence.ts'
import type { LogErrorKind } from '../../shared/log/errors.ts'
import type { TimeBuckets } from '../../shared/time-buckets.ts'
import type { WitnessRecord } from '../cache/witness-record.ts'
import type { CompanyNews } from '../sync/company.ts'
import type { EntryProof } from '../sync/entry-proof.ts'

/** A signed-in session, as the panel hands it to the worker. The token never touches the disk. */
export interface WorkerSession {
  server: string
  token: string
  userId: string
  /** base64, 32 bytes; opens the cache. Null keeps nothing on disk. */
  cacheKey: string | null
  /** When it differs from the one the cache was filled under, the cache is purged first. */
  accessVersion: string
  personal: boolean
  /** The log's keys as this browser's administrator pinned them; without, the first sight decides. */
  policy?: LogKeys | null
  /** The trust policy (C2SP tlog-policy) with the witnesses that this administrator asks for. */
  quorum?: string | null
}

/** Why something could not be had. Unreachable, refused and misbehaved are three things. */
export interface Failure {
  kind: 'unreachable' | 'refused' | 'misbehaved' | 'failed' | 'cancelled'
  /** The problem's stable code where the server sent one, else one of the panel's own. */
  code: string
  detail: string
  status?: number
  permission?: string
  requestId?: string
  retryAfter?: number
}

export interface View {
  filter: Filter
  /** Only entries below this log size: a view stands still while events arrive. */
  size: number
}

/** Where an answer comes from: `local` is exact where the whole log is held, else only for what is held. */
export type AnswerSource = 'local' | 'server'

export interface Answer {
  /** Exact for the log up to the view's size: the whole log is held here, or the server answered. */
  exact: boolean
  source: AnswerSource
}

export interface RowsAnswer extends Answer {
  rows: Row[]
  total: number
}

/** What the bars of the histogram are divided by. */
export type StackField = 'outcome' | 'area'

export interface OverviewRequest {
  by: StackField
  /** The zone whose hours, days and months are the buckets. */
  zone: string
  /** At most so many buckets. */
  buckets: number
  /** So many values are named, the most frequent first; the others are added up. */
  values: number
  /** When the log's oldest event happened, in ms, where that is known to be before all that is held. */
  since: number | null
}

/** Events by bucket of time, over the whole of the filter's dates or, where they are open, of the log. */
export interface Overview extends Answer {
  buckets: TimeBuckets
  /** Each value that occurs; `value` is null for those that are not named. */
  series: { value: string | null; counts: number[] }[]
  /** Where entries are missing here, by when they happened, in ms; null for an open end. */
  gaps: TimeGap[]
}

export interface TimeGap {
  from: number | null
  to: number | null
}

export interface SparklinesRequest {
  field: FacetField
  values: string[]
  zone: string
  buckets: number
  since: number | null
}

export interface ExportRequest {
  format: ExportFormat
  filter: Filter
  zone: string
  columns: string[]
  byteOrderMark: boolean
  rowsPerFile: number
  /** One file too comes as a zip with what proves it; several always do. */
  proof: boolean
  size: number
}

/** A finished export: one file, or one zip of parts, what proves them, and manifest. */
export interface ExportedFile {
  name: string
  blob: Blob
  rows: number
  parts: number
}

export interface ChosenFile {
  name: string
  blob: Blob
}

export interface WorkerCommands {
  /** Opens the cache, builds the index, begins to sync. Resolves when the first rows can be asked for. */
  open(session: WorkerSession): SyncStatus
  /** A new token for the same person after the session expired; sync goes on. */
  renew(token: string): void
  /** Stops; with `purge` deletes everything kept for this server. */
  close(options: { purge: boolean }): void
  /** Tries the server at once instead of at the next turn: sync, and exports that wait. */
  syncNow(): void
  /** After an alarm: asks the server again. Only an answer that holds ends the alarm. */
  lookAgain(): void
  /** After the alarm that the server keeps another log: follows the one whose verifier key is given from now on. */
  acceptLog(key: string): void
  /** The proof that this entry is in the log, made and verified here. */
  prove(index: number): EntryProof
  /** What such a proof's text proves, without asking anybody. */
  verifyEvidence(text: string): EvidenceFinding
  rows(view: View, range: { offset: number; limit: number }): RowsAnswer
  total(view: View): Answer & { total: number }
  facets(view: View, request: { fields: FacetField[]; limit: number; search?: string }): Answer & Facets
  histogram(view: View, buckets: { starts: number[]; end: number }): Answer & Histogram
  /** From what is held here, at once and without a request. Null where nothing says which time it is about. */
  overview(view: View, request: OverviewRequest): Overview | null
  /** The same of the whole log, as the server answers it. */
  wholeOverview(view: View, request: OverviewRequest): Overview | null
  /** Of each value, from what is held here; the field's own selection does not count, as in facets. */
  sparklines(view: View, request: SparklinesRequest): { counts: number[][]; exact: boolean }
  /** The whole event; null where neither cache nor server has it. */
  event(index: number): AuditEvent | null
  /** How many match among entries `from` (inclusive) to the log's end: the "3 new events". */
  arrivedSince(filter: Filter, from: number): { count: number; size: number }
  /** The moments of the oldest and newest event that match; null where none does. */
  timeRange(view: View): { first: string; last: string } | null
  /** Makes the file. Progress comes as news; a second call with the same id resumes after a failure. */
  export(id: string, request: ExportRequest): ExportedFile
  cancelExport(id: string): void
  /** Verifies an export, a zip or its files, by the keys pinned here. Asks nobody. */
  verifyFiles(files: ChosenFile[]): ExportReport
}

/** `key` tells whether the log's key is the one pinned here, one it followed from, or only the text's own. */
export type EvidenceFinding =
  | ({ holds: true; key: 'pinned' | 'before' | 'carried' } & Omit<ProvenEntry, 'root'>)
  | { holds: false; reason: LogErrorKind | 'other_history'; detail: string }

export type SyncPhase =
  | 'closed'
  | 'opening'
  | 'loading'
  | 'syncing'
  | 'live'
  | 'offline'
  | 'expired'
  | 'forbidden'
  | 'misbehaved'
  | 'failed'

export interface SyncStatus {
  phase: SyncPhase
  /** The log's size as the server last said, and how many entries are held here. */
  size: number
  held: number
  /** Entries of the log that retention removed, as the log tells. */
  removed: number
  /** All that the log still has up to `size` is held. */
  complete: boolean
  /** ISO time of the last successful contact; null before the first. */
  lastContact: string | null
  /** Server clock minus ours, in ms, once known. */
  clockOffsetMs: number | null
  /** Bundles on disk that could not be opened since `open`: dropped, and fetched again. */
  damaged: number
  failure: Failure | null
  /** What this panel witnessed of the log; null before the first contact. */
  trust: WitnessRecord | null
  /** Who else witnesses the log, as the server says; null before it was asked. */
  company: CompanyNews | null
}

export interface ExportProgress {
  id: string
  state: 'running' | 'waiting' | 'done' | 'failed' | 'cancelled'
  rowsDone: number
  rowsTotal: number
  failure: Failure | null
}

export interface WorkerNews {
  status: SyncStatus
  /** Entries were added to what is held; the log now has `size`. */
  arrived: { size: number; held: number }
  /**
   * What this person may see has changed: everything kept was deleted and the worker has closed. The panel asks
   * `/v1/me` again and opens anew, or shows why it cannot.
   */
  accessChanged: { accessVersion: string }
  exportProgress: ExportProgress
  /** The log has forgotten something: what was answered before is to be asked again, and names not to be kept. */
  forgotten: null
}
