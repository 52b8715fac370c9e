/** Verifies exported files that a person chose or dropped, by the keys this panel pinned. Asks nobody. */
import { evidenceSuffix, gapsName, manifestName } from '../../shared/export/parts.ts'
import type { ExportFiles } from '../../shared/export/read-zip.ts'
import { type ExportReport, verifyExport } from '../../shared/export/verify.ts'
import type { Trust } from '../../shared/export/verify-checkpoint.ts'
import { verifyFile } from '../../shared/export/verify-file.ts'
import { createHasher } from '../../shared/log/hasher.ts'
import { parsePolicy } from '../../shared/log/policy.ts'
import type { WitnessRecord } from '../cache/witness-record.ts'
import type { ChosenFile } from './protocol.ts'

/** A zip; or one part or several with the manifest and the evidence, all chosen together. */
export async function verifyFiles(
  chosen: readonly ChosenFile[],
  witnessed: Pick<WitnessRecord, 'pinned' | 'rotations'> | null,
): Promise<ExportReport> {
  const options = { hasher: createHasher(), trust: witnessed && trustIn(witnessed) }
  const byName = new Map(chosen.map(({ name, blob }) => [name, blob]))
  const files: ExportFiles = {
    names: [...byName.keys()],
    read: async name => bytesOf(byName.get(name)),
  }
  const asked = chosen.filter(({ name }) => chosen.length === 1 || isPart(name))
  const [first] = asked
  if (asked.length !== 1 || !first) return verifyExport(files, options)
  return verifyFile({ name: first.name, bytes: (await bytesOf(first.blob))! }, files, options)
}

/** Exports made before the log changed its key were signed by the one that this panel trusted then. */
function trustIn({ pinned, rotations }: Pick<WitnessRecord, 'pinned' | 'rotations'>): Trust {
  const policy = parsePolicy(`log ${pinned.log}\nquorum none\n`)
  return { policy, by: 'pinned', transitions: rotations.map(({ proof }) => proof) }
}

function isPart(name: string): boolean {
  return name !== manifestName && name !== gapsName && !name.endsWith(evidenceSuffix)
}

async function bytesOf(blob: Blob | undefined): Promise<Uint8Array | null> {
  return blob ? new Uint8Array(await blob.arrayBuffer()) : null
}
