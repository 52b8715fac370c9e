/** How fast an export is verified offline: each row opened, proven, and compared with what the file shows. */
import { nodeHasher } from '../../../server/node-hasher.ts'
import { readZip } from '../../../shared/export/read-zip.ts'
import { verifyExport } from '../../../shared/export/verify.ts'
import { trustIn } from '../../support/export-zip.ts'
import type { BenchCase } from '../bench.ts'
import { type MadeExport, makeExport } from '../export.ts'
import { cpuMsOf, measureInTurns, perSecond } from '../measure.ts'

/** One verification is over before a clock could tell. */
const repeats = 5

export default {
  about: 'strict verification of an export, all of it',
  unit: 'rows',
  size: 1000,
  async run({ size, rounds }) {
    const csv = await makeExport(size, 'csv')
    const json = await makeExport(size, 'json')
    const measured = await measureInTurns(rounds, {
      csv: () => verifyAgain(csv, size),
      json: () => verifyAgain(json, size),
    })
    const figure = { unit: 'rows a CPU second', target: { atLeast: 20_000 } }
    return [
      { name: 'Node, CSV', ...figure, values: perSecond(size * repeats, measured.csv) },
      { name: 'Node, JSON', ...figure, values: perSecond(size * repeats, measured.json) },
    ]
  },
} satisfies BenchCase

async function verifyAgain({ zip, keys }: MadeExport, rows: number): Promise<number> {
  const trust = trustIn(keys.log)
  return cpuMsOf(async () => {
    for (let i = 0; i < repeats; i++) {
      const report = await verifyExport(readZip(zip), { hasher: nodeHasher, trust })
      if (report.outcome !== 'verified' || report.rowsChecked !== rows)
        throw new Error(`not verified: ${report.words}`)
    }
  })
}
