/** The export dialog: what is asked for, how much it will be, how far it is. */
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals'
import { defaultColumnIds, type ExportFormat } from '../../shared/export/columns.ts'
import type { Filter } from '../../shared/filter.ts'
import { addDays, dayOf, lastDays, type MomentRange, rangeOfDays } from '../../shared/time.ts'
import { failureOf } from '../api/failure.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { ExportedFile, ExportProgress, ExportRequest, Failure, View } from '../worker/protocol.ts'
import type { Clock } from './clock.ts'
import { type DayRange, daysOfRange } from './filter-dates.ts'
import type { SettingsModel } from './settings-model.ts'

export const rowsPerFile = 1000

export type TimeFrame = '30' | '90' | 'custom'

export type ExportState =
  | { name: 'asking' }
  | { name: 'running'; id: string; progress: ExportProgress | null }
  | { name: 'failed'; id: string; request: ExportRequest; failure: Failure; progress: ExportProgress | null }
  | { name: 'done'; file: ExportedFile }

export interface ExportDependencies {
  log: LogClient
  view: ReadonlySignal<View>
  /** The log's size as far as known: the list may be standing at an earlier one. */
  newest: ReadonlySignal<number>
  zone: ReadonlySignal<string>
  settings: Pick<SettingsModel, 'settings' | 'change'>
  clock: Clock
  save(name: string, blob: Blob): void
  newId(): string
}

export type ExportModel = ReturnType<typeof createExportModel>

export function createExportModel(given: ExportDependencies) {
  const { log, view, newest, zone, settings, clock, save, newId } = given
  const isOpen = signal(false)
  const format = signal<ExportFormat>('csv')
  const frame = signal<TimeFrame>('30')
  const days = signal<DayRange>({ first: '', last: '' })
  /** The list's filter applies, dates apart: those are the time frame's. */
  const filtered = signal(true)
  const columns = signal<readonly string[]>(defaultColumnIds)
  const byteOrderMark = signal(true)
  const exportZone = signal('UTC')
  const total = signal<number | null>(null)
  /** The count shown belongs to an earlier choice; the next one is on its way. */
  const isCounting = signal(false)
  const totalFailure = signal<Failure | null>(null)
  const state = signal<ExportState>({ name: 'asking' })
  let asked = 0

  const daysProblem = computed<'missing' | 'reversed' | null>(() => {
    const { first, last } = days.value
    if (frame.value !== 'custom') return null
    if (!first || !last) return 'missing'
    return first > last ? 'reversed' : null
  })
  const range = computed<MomentRange | null>(() => {
    if (daysProblem.value) return null
    if (frame.value === 'custom') return rangeOfDays(days.value.first, days.value.last, exportZone.value)
    return lastDays(Number(frame.value), clock.read(), exportZone.value)
  })
  const filter = computed<Filter | null>(() => {
    if (!range.value) return null
    const { from: _, to: __, ...parts } = view.value.filter
    return { ...(filtered.value ? parts : {}), ...range.value }
  })
  /** What the list shows is exported as it stands there; without its filter it is another question, asked of all there is. */
  const size = computed(() => (filtered.value ? view.value.size : newest.value))
  const files = computed(() => Math.ceil((total.value ?? 0) / rowsPerFile))
  /** Several files always come with what proves them. */
  const proofIsChoice = computed(() => files.value <= 1)
  const hasProof = computed(() => !proofIsChoice.value || settings.settings.value.exportProof)

  async function count(wanted: View): Promise<void> {
    const ask = ++asked
    totalFailure.value = null
    isCounting.value = true
    try {
      const answer = await log.call('total', wanted)
      if (ask !== asked) return
      total.value = answer.total
      isCounting.value = false
    } catch (error) {
      const failure = failureOf(error)
      if (ask !== asked || failure.kind === 'cancelled') return
      total.value = null
      isCounting.value = false
      totalFailure.value = failure
    }
  }

  async function run(id: string, request: ExportRequest): Promise<void> {
    state.value = { name: 'running', id, progress: null }
    try {
      const file = await log.call('export', id, request)
      if (!isRunning(id)) return
      save(file.name, file.blob)
      state.value = { name: 'done', file }
    } catch (error) {
      const now = state.peek()
      if (now.name !== 'running' || now.id !== id) return
      const failure = failureOf(error)
      state.value =
        failure.kind === 'cancelled'
          ? { name: 'asking' }
          : { name: 'failed', id, request, failure, progress: now.progress }
    }
  }

  function isRunning(id: string): boolean {
    const now = state.peek()
    return now.name === 'running' && now.id === id
  }

  /** The list's own dates are the first choice; else the platform's default. */
  function open(): void {
    const { from, to } = view.peek().filter
    const today = dayOf(clock.read(), zone.peek())
    exportZone.value = zone.peek()
    const shown = daysOfRange({ ...(from ? { from } : {}), ...(to ? { to } : {}) }, zone.peek())
    days.value = { first: shown.first ?? addDays(today, -29), last: shown.last ?? today }
    frame.value = from || to ? 'custom' : '30'
    if (state.peek().name === 'done') state.value = { name: 'asking' }
    filtered.value = true
    isOpen.value = true
  }

  return {
    isOpen,
    format,
    frame,
    days,
    daysProblem,
    filtered,
    columns,
    byteOrderMark,
    exportZone,
    filter,
    total,
    isCounting,
    totalFailure,
    files,
    proofIsChoice,
    hasProof,
    chooseProof: (exportProof: boolean) => settings.change({ exportProof }),
    state,
    open,
    close(): void {
      isOpen.value = false
    },
    async start(): Promise<void> {
      const wanted = filter.peek()
      if (!wanted || !total.peek() || isCounting.peek()) return
      await run(newId(), {
        format: format.peek(),
        filter: wanted,
        zone: exportZone.peek(),
        columns: [...columns.peek()],
        byteOrderMark: format.peek() === 'csv' && byteOrderMark.peek(),
        rowsPerFile,
        proof: hasProof.peek(),
        size: size.peek(),
      })
    },
    /** Goes on where the failed one stopped: same id, same request. */
    async resume(): Promise<void> {
      const now = state.peek()
      if (now.name === 'failed') await run(now.id, now.request)
    },
    cancel(): void {
      const now = state.peek()
      if (now.name === 'running') void log.call('cancelExport', now.id).catch(() => {})
      state.value = { name: 'asking' }
    },
    again(): void {
      state.value = { name: 'asking' }
    },
    recount(): void {
      if (filter.peek()) void count({ filter: filter.peek()!, size: size.peek() })
    },
    /** Returns the clean-up. */
    follow(): () => void {
      const stopNews = log.on('exportProgress', progress => {
        const now = state.peek()
        if (now.name === 'running' && now.id === progress.id) state.value = { ...now, progress }
      })
      const stopCount = effect(() => {
        const wanted = filter.value
        const below = size.value
        if (!isOpen.value || !wanted) return
        untracked(() => void count({ filter: wanted, size: below }))
      })
      return () => {
        stopNews()
        stopCount()
      }
    },
  }
}
