/** Export files of the platform on their way into the log: looked at first, since what is in the log stays there. */
import { signal } from '@preact/signals'
import type { ImportReport } from '../../shared/imports.ts'
import { toBase64 } from '../../shared/log/bytes.ts'
import type { Client } from '../api/client.ts'
import { failureOf } from '../api/failure.ts'
import type { Failure } from '../worker/protocol.ts'

export type ImportState =
  | { name: 'idle' }
  | { name: 'looking' }
  /** What would become of the records. */
  | { name: 'found'; report: ImportReport }
  | { name: 'importing'; report: ImportReport }
  | { name: 'imported'; report: ImportReport }
  | { name: 'failed'; failure: Failure }

export type ImportModel = ReturnType<typeof createImportModel>

export function createImportModel(client: () => Client, onRefused: (failure: Failure) => void) {
  const state = signal<ImportState>({ name: 'idle' })
  let asked = 0

  async function send(files: readonly File[], dryRun: boolean): Promise<void> {
    const ask = ++asked
    try {
      const sent = await Promise.all(files.map(contentOf))
      const report = await client().importFiles({ files: sent, dryRun })
      if (ask === asked) state.value = { name: dryRun ? 'found' : 'imported', report }
    } catch (error) {
      const failure = failureOf(error)
      onRefused(failure)
      if (ask === asked) state.value = { name: 'failed', failure }
    }
  }

  return {
    state,
    look(files: readonly File[]): Promise<void> {
      state.value = { name: 'looking' }
      return send(files, true)
    },
    async bring(files: readonly File[]): Promise<void> {
      const now = state.peek()
      if (now.name !== 'found') return
      state.value = { name: 'importing', report: now.report }
      await send(files, false)
    },
    forget(): void {
      asked++
      state.value = { name: 'idle' }
    },
  }
}

async function contentOf(file: File): Promise<{ name: string; content: string }> {
  return { name: file.name, content: toBase64(new Uint8Array(await file.arrayBuffer())) }
}

/** By name: what they hold is for the server to say. A zip is none, nor is what lies beside a manifest. */
export function mayBeExports(files: readonly File[]): boolean {
  const names = files.map(({ name }) => name.toLowerCase())
  return (
    names.length > 0 &&
    names.every(name => /\.(csv|json|txt)$/.test(name)) &&
    !names.includes('manifest.json')
  )
}
