/** Saved views: kept on the server for each person, with how many events each has and how many are new. */
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals'
import { maxSavedViews, type SavedView } from '../../shared/api.ts'
import { FilterError, formatFilter, parseFilter } from '../../shared/filter.ts'
import type { WrittenFilter } from '../../shared/query/format.ts'
import type { Client } from '../api/client.ts'
import { failureOf } from '../api/failure.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { Failure } from '../worker/protocol.ts'
import { dateChoiceOf, rangeOfChoice, writeDateChoice } from './filter-dates.ts'
import type { FilterModel } from './filter-model.ts'
import type { SyncModel } from './sync-model.ts'

export interface ViewCount {
  total: number
  /** What came since its owner last looked. */
  fresh: number
  /** False where only what is held here could be counted. */
  exact: boolean
}

export interface ViewsModelDependencies {
  log: LogClient
  sync: SyncModel
  filter: FilterModel
  zone: ReadonlySignal<string>
  now(): number
  client(): Client
  newId(): string
}

const countPauseMs = 1_000

export type ViewsModel = ReturnType<typeof createViewsModel>

export function createViewsModel({ log, sync, filter, zone, now, client, newId }: ViewsModelDependencies) {
  const views = signal<readonly SavedView[]>([])
  const counts = signal<ReadonlyMap<string, ViewCount>>(new Map())
  const failure = signal<Failure | null>(null)
  /** The list is open: then the views that are not pinned are counted too. */
  const isOpen = signal(false)
  let revision = 0
  let saving = Promise.resolve()
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    try {
      const saved = await client().savedViews()
      revision = saved.revision
      views.value = saved.views
      failure.value = null
    } catch (error) {
      failure.value = failureOf(error)
    }
  }

  /** Shown at once and saved in turn; where another window was first, made again on what that one left. */
  function change(edit: (views: readonly SavedView[]) => readonly SavedView[]): Promise<void> {
    views.value = edit(views.peek())
    saving = saving.then(() => save(edit))
    return saving
  }

  async function save(edit: (views: readonly SavedView[]) => readonly SavedView[]): Promise<void> {
    try {
      await put(views.peek())
    } catch (error) {
      if (failureOf(error).code !== 'conflict') {
        failure.value = failureOf(error)
        return
      }
      await load()
      if (failure.peek()) return
      views.value = edit(views.peek())
      await put(views.peek()).catch(again => {
        failure.value = failureOf(again)
      })
    }
  }

  async function put(next: readonly SavedView[]): Promise<void> {
    revision = (await client().replaceSavedViews({ revision, views: [...next] })).revision
    failure.value = null
  }

  const replace = (id: string, part: Partial<SavedView>) =>
    change(all => all.map(view => (view.id === id ? { ...view, ...part } : view)))

  const current = computed(() => {
    filter.filter.value
    const shown = textOf(filter.written())
    return views.value.find(view => view.filter === shown)?.id ?? null
  })

  function writtenOf(view: SavedView): WrittenFilter | null {
    try {
      const parameters = new URLSearchParams(view.filter)
      return { filter: parseFilter(parameters), moving: parameters.get('range') }
    } catch (error) {
      if (error instanceof FilterError) return null
      throw error
    }
  }

  async function count(): Promise<void> {
    const ask = ++asked
    const { size } = sync.status.peek()
    const next = new Map<string, ViewCount>()
    for (const view of views.peek().filter(({ pinned }) => pinned || isOpen.peek())) {
      const written = writtenOf(view)
      if (!written) continue
      const asks = { ...written.filter, ...rangeOfChoice(dateChoiceOf(written), now(), zone.peek()) }
      try {
        const all = await log.call('total', { filter: asks, size })
        const before = view.seen < size ? await log.call('total', { filter: asks, size: view.seen }) : all
        if (ask !== asked) return
        const fresh = Math.max(0, all.total - before.total)
        next.set(view.id, { total: all.total, fresh, exact: all.exact && before.exact })
      } catch {
        // Without a count the view still opens; the list then says what is wrong.
      }
    }
    if (ask === asked) counts.value = next
  }

  return {
    views,
    counts,
    failure,
    isOpen,
    /** The id of the saved view that the filter in force is. */
    current,
    isFull: computed(() => views.value.length >= maxSavedViews),
    hasFresh: computed(() => [...counts.value.values()].some(({ fresh }) => fresh > 0)),
    reload: load,
    writtenOf,
    save: (name: string) =>
      change(all => [
        ...all,
        {
          ...{ id: newId(), name: name.trim(), filter: textOf(filter.written()), pinned: false },
          seen: sync.status.peek().size,
        },
      ]),
    rename: (id: string, name: string) => replace(id, { name: name.trim() }),
    pin: (id: string, pinned: boolean) => replace(id, { pinned }),
    /** Takes the filter now in force for the view's own. */
    update: (id: string) => replace(id, { filter: textOf(filter.written()) }),
    /** By so many places towards the end, or the beginning where negative. */
    move: (id: string, by: 1 | -1) => change(all => moved(all, id, by)),
    /** Answers how to bring it back. */
    remove(id: string): () => void {
      const at = views.peek().findIndex(view => view.id === id)
      const removed = views.peek()[at]
      void change(all => all.filter(view => view.id !== id))
      return () => removed && void change(all => [...all.slice(0, at), removed, ...all.slice(at)])
    },
    /** Shows the view; what is in it now has been looked at. Answers false where it cannot be read. */
    show(view: SavedView): boolean {
      const written = writtenOf(view)
      if (!written) return false
      filter.restore(written)
      const { size } = sync.status.peek()
      if (size > view.seen) void replace(view.id, { seen: size })
      return true
    },
    /** Returns the clean-up. */
    follow(): () => void {
      const stopLoading = effect(() => {
        const isReady = sync.opened.value
        untracked(() => {
          if (isReady) void load()
          else forget()
        })
      })
      const stopCounting = effect(() => {
        views.value
        isOpen.value
        sync.status.value.size
        if (!sync.opened.value) return
        timer ??= setTimeout(() => {
          timer = undefined
          void count()
        }, countPauseMs)
      })
      return () => {
        clearTimeout(timer)
        stopLoading()
        stopCounting()
      }
    },
  }

  function forget(): void {
    asked++
    revision = 0
    views.value = []
    counts.value = new Map()
    failure.value = null
  }
}

/** A filter as it is saved: as in a link. */
function textOf(written: WrittenFilter): string {
  const choice = dateChoiceOf(written)
  const { from: _from, to: _to, ...undated } = written.filter
  const parameters = formatFilter(choice.kind === 'preset' ? undated : written.filter)
  writeDateChoice(choice, parameters)
  return parameters.toString()
}

function moved(all: readonly SavedView[], id: string, by: 1 | -1): readonly SavedView[] {
  const at = all.findIndex(view => view.id === id)
  const to = at + by
  if (at < 0 || to < 0 || to >= all.length) return all
  const next = [...all]
  ;[next[at], next[to]] = [next[to]!, next[at]!]
  return next
}
