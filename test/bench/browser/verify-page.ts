/** Runs in a page: the panel's own verification of a file that was dropped on it, again and again. */
import { verifyFiles } from '../../../extension/worker/verify-files.ts'
import type { LogKeys } from '../../../shared/api.ts'

export interface VerifyPage {
  /** Takes the file, a zip in base64. */
  load(zip: string): void
  /** Answers how many rows were verified; throws where one was not. */
  verify(keys: LogKeys, times: number): Promise<number>
}

let blob = new Blob()

const page: VerifyPage = {
  load(zip) {
    blob = new Blob([Uint8Array.from(atob(zip), char => char.charCodeAt(0))])
  },
  async verify(keys, times) {
    const pinned = { ...keys, by: 'first_use' as const, at: new Date().toISOString() }
    let rows = 0
    for (let i = 0; i < times; i++) {
      const report = await verifyFiles([{ name: 'export.zip', blob }], { pinned, rotations: [] })
      if (report.outcome !== 'verified') throw new Error(`not verified: ${report.words}`)
      rows += report.rowsChecked
    }
    return rows
  },
}

Object.assign(globalThis, { verifyPage: page })
