/** The check of exported files that somebody chose or dropped. */
import { signal } from '@preact/signals'
import type { ExportReport } from '../../shared/export/verify.ts'
import { failureOf } from '../api/failure.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { Failure } from '../worker/protocol.ts'

export type VerifyState =
  | { name: 'asking' }
  | { name: 'checking'; file: string }
  | { name: 'done'; file: string; report: ExportReport }
  | { name: 'failed'; file: string; failure: Failure }

export type VerifyModel = ReturnType<typeof createVerifyModel>

export function createVerifyModel(log: LogClient) {
  const isOpen = signal(false)
  const state = signal<VerifyState>({ name: 'asking' })
  /** Those that were chosen last, for whatever else they may be. */
  const files = signal<readonly File[]>([])
  let asked = 0

  function again(): void {
    asked++
    files.value = []
    state.value = { name: 'asking' }
  }

  return {
    isOpen,
    state,
    files,
    again,
    open(): void {
      again()
      isOpen.value = true
    },
    close(): void {
      again()
      isOpen.value = false
    },
    /** Opens with the answer. */
    async verify(chosen: readonly File[]): Promise<void> {
      const [first] = chosen
      if (!first) return
      const ask = ++asked
      const file = first.name
      isOpen.value = true
      files.value = chosen
      state.value = { name: 'checking', file }
      try {
        const report = await log.call(
          'verifyFiles',
          chosen.map(({ name }, i) => ({ name, blob: chosen[i]! })),
        )
        if (ask === asked) state.value = { name: 'done', file, report }
      } catch (error) {
        if (ask === asked) state.value = { name: 'failed', file, failure: failureOf(error) }
      }
    },
  }
}
