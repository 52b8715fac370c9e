/** Sources of the log: how they stand, for every reader; and their settings, for those who manage settings. */
import { computed, effect, signal, untracked } from '@preact/signals'
import type { NewSourceInput, Source, SourceChange, SourceStatus, SourceTest } from '../../shared/sources.ts'
import type { Client } from '../api/client.ts'
import { failureOf } from '../api/failure.ts'
import type { Failure } from '../worker/protocol.ts'
import { createAsking, createList } from './asking.ts'
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
  const managed = createList<Source>()
  const standing = signal<SourceStatus[]>([])
  /** Our server answered, but not how the sources stand: then nobody may read silence as good news. */
  const unknown = signal(false)
  const { busy, change, load } = createAsking(onRefused)
  /** Those of which something is missing, or may be. */
  const troubled = computed(() => standing.value.filter(source => !isWhole(source)))

  const loadManaged = () => load(managed, () => client().sourceSettings())

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

  /** A change is followed by asking again. */
  const attempt = (work: () => Promise<unknown>) =>
    change(async () => {
      await work()
      await Promise.all([loadManaged(), session.may('audit_log.read') ? loadStanding() : null])
    })

  async function tryOut(work: () => Promise<SourceTest>): Promise<Tried> {
    let tried: Tried | undefined
    const failure = await change(async () => {
      tried = { result: await work() }
    })
    return failure ? { failure } : tried!
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
    change: (id: string, changes: SourceChange) => attempt(() => client().changeSource(id, changes)),
    remove: (id: string) => attempt(() => client().removeSource(id)),
    act: (id: string, verb: 'pause' | 'resume' | 'run') => attempt(() => client().actOnSource(id, verb)),
    test: (source: NewSourceInput) => tryOut(() => client().testSource(source)),
    testChanged: (id: string, changes: SourceChange) => tryOut(() => client().testChangedSource(id, changes)),
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
