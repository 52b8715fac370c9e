/** The picture above the list: all that the filter finds, by time. */
import { effect, signal, untracked } from '@preact/signals'
import { failureOf } from '../api/failure.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { Failure, Overview, OverviewRequest, StackField, SyncPhase, View } from '../worker/protocol.ts'
import type { LogModel } from './log-model.ts'
import { type Slots, slotsOf } from './series-slots.ts'
import type { SettingsModel } from './settings-model.ts'
import type { SyncModel } from './sync-model.ts'

/** One consistent answer, replaced as a whole. */
export interface Picture {
  view: View
  by: StackField
  zone: string
  /** Null where there is no time to show: nothing is dated, in the filter or in the log. */
  overview: Overview | null
  /** By value: its place among the colours. */
  slots: Slots
}

export interface HistogramDependencies {
  log: LogClient
  list: Pick<LogModel, 'question'>
  sync: Pick<SyncModel, 'status'>
  settings: Pick<SettingsModel, 'settings' | 'zone'>
}

/** At the narrowest a bucket has some three pixels. */
const mostBuckets = 96
/** Values with a colour of their own. */
export const namedValues = 5
/** Typing goes on: the server is asked for what is not held here only when it rests. */
const completePauseMs = 250
/** In these the server may be asked. */
const reachable: ReadonlySet<SyncPhase> = new Set(['live', 'syncing'])

export type HistogramModel = ReturnType<typeof createHistogramModel>

export function createHistogramModel({ log, list, sync, settings }: HistogramDependencies) {
  const picture = signal<Picture | null>(null)
  const failure = signal<Failure | null>(null)
  /** When the log begins, in ms, once the server said so: what is held here may begin later. */
  const since = signal<number | null>(null)
  let asked = 0

  async function draw(view: View, by: StackField, zone: string): Promise<void> {
    const ask = ++asked
    const request = () => ({ by, zone, buckets: mostBuckets, values: namedValues, since: since.peek() })
    const show = (overview: Overview | null) => {
      const before = picture.peek()
      const slots = slotsOf(overview?.series ?? [], before?.by === by ? before.slots : new Map(), namedValues)
      picture.value = { view, by, zone, overview, slots }
      failure.value = null
    }
    try {
      const here = await log.call('overview', view, request())
      if (ask !== asked) return
      const isBetter = here?.exact || !isWhole(picture.peek(), view, by, zone)
      if (isBetter) show(here)
      if (here?.exact || !reachable.has(sync.status.peek().phase)) return
      const whole = await askServer(view, request, ask)
      if (whole && ask === asked) show(whole)
    } catch (error) {
      const problem = failureOf(error)
      if (ask !== asked || problem.kind === 'cancelled') return
      picture.value = null
      failure.value = problem
    }
  }

  /** Null where it has no answer: then what is held stays, and says that it is not all. */
  async function askServer(
    view: View,
    request: () => OverviewRequest,
    ask: number,
  ): Promise<Overview | null> {
    await new Promise(done => setTimeout(done, completePauseMs))
    if (ask !== asked) return null
    try {
      const whole = await log.call('wholeOverview', view, request())
      const isFromBeginning = view.filter.from === undefined && ask === asked
      if (whole && isFromBeginning) since.value = whole.buckets.starts[0] ?? null
      return whole
    } catch {
      return null
    }
  }

  return {
    picture,
    /** Why there is no picture; null where there is one, or will be in a moment. */
    failure,
    since,
    /** Returns the clean-up. */
    follow(): () => void {
      return effect(() => {
        const view = list.question.value
        const { stack } = settings.settings.value
        const zone = settings.zone.value
        untracked(() => {
          if (view) return void draw(view, stack, zone)
          asked++
          picture.value = null
          failure.value = null
          since.value = null
        })
      })
    },
  }
}

/** Whether the picture shows the same question already, as the server answered it for an earlier size. */
function isWhole(shown: Picture | null, view: View, by: StackField, zone: string): boolean {
  if (!shown?.overview?.exact || shown.overview.source !== 'server') return false
  return shown.view.filter === view.filter && shown.by === by && shown.zone === zone
}
