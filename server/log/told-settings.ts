/**
 * Settings of the workspace whose changes the log tells of: the task is kept first, then the event, then the setting.
 * Whatever stops it midway, the next start finishes it, and the log tells of it once.
 */
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { LogStore } from '../store/log-store.ts'
import type { Recorder } from './recorder.ts'

interface Parts {
  org: string
  store: Pick<LogStore, 'putTask' | 'tasks' | 'dropTask' | 'putSetting'>
  recorder: Pick<Recorder, 'record'>
}

export interface ToldChange {
  name: string
  value: string
  event: NewEventInput
}

const kind = 'setting'

export async function changeSetting(parts: Parts, change: ToldChange): Promise<void> {
  await parts.store.putTask(parts.org, { id: change.event.id, task: JSON.stringify({ kind, ...change }) })
  await finish(parts, change)
}

/** Finishes what an earlier process began to change. */
export async function finishSettings(parts: Parts, name: string): Promise<void> {
  for (const { task } of await parts.store.tasks(parts.org)) {
    const begun = JSON.parse(task) as ToldChange & { kind?: string }
    if (begun.kind === kind && begun.name === name) await finish(parts, begun)
  }
}

async function finish({ org, store, recorder }: Parts, { name, value, event }: ToldChange): Promise<void> {
  await recorder.record(event)
  await store.putSetting(org, name, value)
  await store.dropTask(org, event.id)
}
