/** How long the server keeps events, and what is kept whatever happens: as it last said, asked again after each change. */
import { signal } from '@preact/signals'
import type { LegalHold, NewLegalHold, Retention } from '../../shared/api.ts'
import type { Client } from '../api/client.ts'
import type { Failure } from '../worker/protocol.ts'
import { createAsking, createList } from './asking.ts'

export type RetentionModel = ReturnType<typeof createRetentionModel>

export function createRetentionModel(client: () => Client, onRefused: (failure: Failure) => void) {
  const setting = signal<Retention | null>(null)
  const settingFailure = signal<Failure | null>(null)
  const holds = createList<LegalHold>()
  const { busy, ask, change, load } = createAsking(onRefused)

  async function loadSetting(): Promise<void> {
    settingFailure.value = await ask(async () => {
      setting.value = await client().retention()
    })
  }

  const loadHolds = () => load(holds, () => client().holds())

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
