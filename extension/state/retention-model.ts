/** How long the server keeps events, and what is kept whatever happens: as it last said, asked again after each change. */
import { signal } from '@preact/signals'
import type { LegalHold, NewLegalHold, Retention } from '../../shared/api.ts'
import type { Client } from '../api/client.ts'
import { failureOf } from '../api/failure.ts'
import type { Failure } from '../worker/protocol.ts'
import type { Loaded } from './admin-model.ts'

export type RetentionModel = ReturnType<typeof createRetentionModel>

export function createRetentionModel(client: () => Client, onRefused: (failure: Failure) => void) {
  const setting = signal<Retention | null>(null)
  const settingFailure = signal<Failure | null>(null)
  const holds = signal<Loaded<LegalHold>>({ items: null, failure: null })
  const busy = signal(false)

  /** Answers the failure, or null when it is done. */
  async function attempt(work: () => Promise<unknown>): Promise<Failure | null> {
    try {
      await work()
      return null
    } catch (error) {
      const failure = failureOf(error)
      onRefused(failure)
      return failure
    }
  }

  async function change(work: () => Promise<unknown>): Promise<Failure | null> {
    busy.value = true
    try {
      return await attempt(work)
    } finally {
      busy.value = false
    }
  }

  async function loadSetting(): Promise<void> {
    settingFailure.value = await attempt(async () => {
      setting.value = await client().retention()
    })
  }

  async function loadHolds(): Promise<void> {
    let items = holds.peek().items
    const failure = await attempt(async () => {
      items = await client().holds()
    })
    holds.value = { items, failure }
  }

  return {
    setting,
    settingFailure,
    holds,
    busy,
    load: () => Promise.all([loadSetting(), loadHolds()]).then(() => {}),
    change: (days: number | null) =>
      change(async () => {
        setting.value = await client().changeRetention({ days })
      }),
    place: (hold: NewLegalHold) =>
      change(async () => {
        await client().placeHold(hold)
        await loadHolds()
      }),
    release: (id: string) =>
      change(async () => {
        await client().releaseHold(id)
        await loadHolds()
      }),
    /** For the next person. */
    forget(): void {
      setting.value = null
      settingFailure.value = null
      holds.value = { items: null, failure: null }
    },
  }
}
