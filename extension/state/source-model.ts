/** Sources of the log: how they stand, for every reader; and their settings, for those who manage settings. */
import { computed, effect, signal, untracked } from '@preact/signals'
import type { NewSourceInput, Source, SourceChange, SourceStatus, SourceTest } from '../../shared/sources.ts'
import type { Client } from '../api/client.ts'
import { failureOf } from '../api/failure.ts'
import type { Failure } from '../worker/protocol.ts'
import type { Loaded } from './admin-model.ts'
import type { Clock } from './clock.ts'
import type { SessionModel } from './session-model.ts'

/** What a test brought: the platform's answer, or that our own server could not be asked. */
export type Tried = { result: SourceTest } | { failure: Failure }

export type SourceModel = ReturnType<typeof createSourceModel>

const everyMs = 30_000

export function createSourceModel(
  client: () => Client,
  {
    session,
    clock,
    onRefused,
  }: { session: SessionModel; clock: Clock; onRefused: (failure: Failure) => void },
) {
  const managed = signal<Loaded<Source>>({ items: null, failure: null })
  const standing = signal<SourceStatus[]>([])
  /** Our server answered, but not how the sources stand: then nobody may read silence as good news. */
  const unknown = signal(false)
  const busy = signal(false)
  /** Those of which something is missing, or may be. */
  const troubled = computed(() => standing.value.filter(source => !isWhole(source)))

  async function loadManaged(): Promise<void> {
    try {
      managed.value = { items: await client().sourceSettings(), failure: null }
    } catch (error) {
      const failure = failureOf(error)
      onRefused(failure)
      managed.value = { items: managed.peek().items, failure }
    }
  }

  async function loadStanding(): Promise<void> {
    const person = session.me.peek()?.id
    try {
      const now = await client().sources()
      if (session.me.peek()?.id !== person) return
      standing.value = now
      unknown.value = false
    } catch (error) {
      const { kind, status } = failureOf(error)
      // A server that is away says so elsewhere; one without sources has none.
      unknown.value = kind !== 'unreachable' && kind !== 'cancelled' && status !== 401 && status !== 404
    }
  }

  /** Answers the failure, or null when it is done. */
  async function attempt(work: () => Promise<unknown>): Promise<Failure | null> {
    busy.value = true
    try {
      await work()
      await Promise.all([loadManaged(), session.may('audit_log.read') ? loadStanding() : null])
      return null
    } catch (error) {
      const failure = failureOf(error)
      onRefused(failure)
      return failure
    } finally {
      busy.value = false
    }
  }

  async function tryOut(work: () => Promise<SourceTest>): Promise<Tried> {
    busy.value = true
    try {
      return { result: await work() }
    } catch (error) {
      const failure = failureOf(error)
      onRefused(failure)
      return { failure }
    } finally {
      busy.value = false
    }
  }

  /** While the log is open, every so often. */
  function follow(): () => void {
    let askedAt = Number.NEGATIVE_INFINITY
    let askedFor: string | null = null
    return effect(() => {
      const { state } = session
      const person = state.value.name === 'open' ? state.value.me.id : null
      const now = clock.now.value
      if (person === null) {
        askedFor = null
        return
      }
      if (person === askedFor && now - askedAt < everyMs) return
      askedAt = now
      askedFor = person
      untracked(() => void loadStanding())
    })
  }

  return {
    managed,
    standing,
    unknown,
    troubled,
    busy,
    load: loadManaged,
    add: (source: NewSourceInput) => attempt(() => client().addSource(source)),
    change: (id: string, change: SourceChange) => attempt(() => client().changeSource(id, change)),
    remove: (id: string) => attempt(() => client().removeSource(id)),
    act: (id: string, verb: 'pause' | 'resume' | 'run') => attempt(() => client().actOnSource(id, verb)),
    test: (source: NewSourceInput) => tryOut(() => client().testSource(source)),
    testChanged: (id: string, change: SourceChange) => tryOut(() => client().testChangedSource(id, change)),
    follow,
    /** For the next person. */
    forget(): void {
      managed.value = { items: null, failure: null }
      standing.value = []
      unknown.value = false
    },
  }
}

/** Nothing is missing as far as the platform says. */
export function isWhole({ state, gap, unreadable }: SourceStatus): boolean {
  return state === 'caught_up' && gap === null && unreadable.count === 0
}
