/** Whether a stored log continues the state that its witnesses cosigned, and how much has come since. */
import { bytesEqual } from '../../shared/log/bytes.ts'
import { edgeTiles, resumeFromTiles, type TileId } from '../../shared/log/tiles.ts'
import { HASH_BYTES } from '../../shared/log/tree.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { LogStore } from '../store/log-store.ts'
import type { AuthenticTiles } from './authentic-tiles.ts'
import { Finding } from './finding.ts'
import type { WitnessedState } from './stored-checkpoint.ts'

interface CheckedLog {
  org: string
  store: LogStore
  size: number
  tiles: AuthenticTiles
}

/** Witnesses are asked within minutes; clocks may be apart by the rest. */
const longestUnwitnessedMs = 30 * 60_000

/** Notes in the report how far the quorum reaches. @throws {Finding} */
export async function checkWitnessed(
  log: CheckedLog,
  witnessed: WitnessedState,
  report: { witnessedSize: number | null },
): Promise<void> {
  if (witnessed.size > log.size) {
    const words = `Witnesses cosigned ${witnessed.size} entries of this log, which has ${log.size} now.`
    throw new Finding('tampered', 'checkpoint', words)
  }
  if (!bytesEqual(await rootAt(log.tiles, witnessed.size), witnessed.root)) {
    const words = `The first ${witnessed.size} entries are not those that the witnesses cosigned.`
    throw new Finding('tampered', 'checkpoint', words)
  }
  report.witnessedSize = witnessed.size
  if (witnessed.size < log.size) await requireSoon(log, witnessed)
}

/** An attacker who has the log's key could otherwise keep one old cosigned state and write anything after it. */
async function requireSoon({ org, store, size }: CheckedLog, witnessed: WitnessedState): Promise<void> {
  const [last] = await store.entries(org, size - 1, size)
  const received = Date.parse(String(last?.open.rx))
  if (received - witnessed.atMs <= longestUnwitnessedMs) return
  const words = `Only the first ${witnessed.size} of ${size} entries are cosigned by enough witnesses, and these were asked too long ago.`
  throw new Finding('untrusted', 'checkpoint', words)
}

/** The root that the log had at an earlier size. */
async function rootAt(tiles: AuthenticTiles, size: number): Promise<Uint8Array> {
  const read = new Map<string, Uint8Array>()
  const nameOf = ({ level, index }: Pick<TileId, 'level' | 'index'>) => `${level}/${index}`
  for (const { level, index, width } of edgeTiles(size)) {
    read.set(nameOf({ level, index }), (await tiles.tile(level, index)).subarray(0, width * HASH_BYTES))
  }
  return resumeFromTiles(nodeHasher, size, tile => read.get(nameOf(tile))!).root()
}
