/** Receipts (C2SP tlog-proof): one entry's inclusion proof with a signed checkpoint, to be checked offline. */
import { fromBase64, toBase64 } from './bytes.ts'
import { type OpenedCheckpoint, parseSize } from './checkpoint.ts'
import { LogError } from './errors.ts'
import type { Hasher } from './hasher.ts'
import { verifyInclusion } from './inclusion.ts'
import { openWithPolicy, type Policy } from './policy.ts'
import { HASH_BYTES } from './tree.ts'

const HEADER = 'c2sp.org/tlog-proof@v1'

/** `checkpoint` is the signed note verbatim. `extra` is for the application and protected by nothing. */
export interface Receipt {
  readonly extra: Uint8Array | null
  readonly index: number
  readonly proof: readonly Uint8Array[]
  readonly checkpoint: string
}

/** The text of a receipt; files of it end in `.tlog-proof`. */
export function formatReceipt({ extra, index, proof, checkpoint }: Receipt): string {
  const lines = [
    HEADER,
    ...(extra ? [`extra ${toBase64(extra)}`] : []),
    `index ${index}`,
    ...proof.map(toBase64),
  ]
  return `${lines.join('\n')}\n\n${checkpoint}`
}

/** The parts of a receipt, nothing verified. Throws `proof_malformed`. */
export function parseReceipt(text: string): Receipt {
  const split = text.indexOf('\n\n')
  if (split < 0) throw malformed('it has no checkpoint')
  const [header, ...lines] = text.slice(0, split).split('\n')
  if (header !== HEADER) throw malformed('its first line is unknown')
  const extra = lines[0]?.startsWith('extra ') ? decode(lines.shift()!.slice(6)) : null
  const index = parseIndex(lines.shift() ?? '')
  const proof = lines.map(decode)
  if (proof.some(hash => hash.length !== HASH_BYTES)) throw malformed('a hash is not 32 bytes')
  return { extra, index, proof, checkpoint: text.slice(split + 2) }
}

/**
 * The checkpoint that provably has `leafHash` at the receipt's index, signed as `policy` asks. Throws
 * `inclusion_failed`, or as `openWithPolicy`.
 */
export async function verifyReceipt(
  hasher: Hasher,
  receipt: Receipt,
  leafHash: Uint8Array,
  policy: Policy,
): Promise<OpenedCheckpoint> {
  const opened = await openWithPolicy(receipt.checkpoint, policy)
  const { size, root } = opened.checkpoint
  verifyInclusion(hasher, { index: receipt.index, size, leafHash, proof: receipt.proof, root })
  return opened
}

function parseIndex(line: string): number {
  if (!line.startsWith('index ')) throw malformed('it has no index')
  try {
    return parseSize(line.slice(6))
  } catch {
    throw malformed('its index is not a number up to 2^53-1')
  }
}

function decode(text: string): Uint8Array {
  try {
    return fromBase64(text)
  } catch {
    throw malformed('a line is not base64')
  }
}

function malformed(what: string): LogError {
  return new LogError('proof_malformed', `not a receipt: ${what}`)
}
