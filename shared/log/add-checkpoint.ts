/** The request in which a log asks a witness to cosign (C2SP tlog-witness): an old size, a consistency proof, a note. */
import { fromBase64, fromUtf8, toBase64 } from './bytes.ts'
import { parseSize } from './checkpoint.ts'
import { LogError } from './errors.ts'
import { HASH_BYTES } from './tree.ts'

/** `oldSize` is what the log believes the witness cosigned last; the proof leads from it to the note's checkpoint. */
export interface AddCheckpoint {
  readonly oldSize: number
  /** Hashes of 32 bytes, at most 63. */
  readonly proof: readonly Uint8Array[]
  /** The signed note as it stands, unverified. */
  readonly note: string
}

/** No tree that can be counted needs more. */
export const MAX_PROOF_LINES = 63

/** Of an answer that tells the size a witness cosigned last. */
export const SIZE_CONTENT_TYPE = 'text/x.tlog.size'

/** The body of a request. Throws `number_out_of_range` for a proof too long to be one. */
export function formatAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  if (proof.length > MAX_PROOF_LINES) throw new LogError('number_out_of_range', 'the proof is too long')
  return `${[`old ${oldSize}`, ...proof.map(toBase64)].join('\n')}\n\n${note}`
}

/** The parts of a body. Throws `submission_malformed`, `encoding_malformed`, `number_out_of_range`; verifies nothing. */
export function parseAddCheckpoint(body: string | Uint8Array): AddCheckpoint {
  const text = typeof body === 'string' ? body : fromUtf8(body)
  // The first empty line: the note has one of its own.
  const split = text.indexOf('\n\n')
  if (split < 0) throw malformed('it has no empty line before its checkpoint')
  const [first, ...hashes] = text.slice(0, split).split('\n')
  if (!first!.startsWith('old ')) throw malformed('it does not begin with an old size')
  if (hashes.length > MAX_PROOF_LINES) throw malformed('its proof has more than 63 hashes')
  return { oldSize: readSize(first!.slice(4)), proof: hashes.map(readHash), note: text.slice(split + 2) }
}

/** The size in a witness's answer of type `text/x.tlog.size`. Throws `submission_malformed`, `number_out_of_range`. */
export function parseSizeAnswer(text: string): number {
  if (!text.endsWith('\n')) throw malformed('a size ends with a newline')
  return readSize(text.slice(0, -1))
}

function readSize(text: string): number {
  try {
    return parseSize(text)
  } catch (error) {
    if (error instanceof LogError && error.code === 'checkpoint_malformed')
      throw malformed('a size is not decimal')
    throw error
  }
}

function readHash(line: string): Uint8Array {
  const hash = fromBase64(line)
  if (hash.length !== HASH_BYTES) throw malformed('a hash is not 32 bytes')
  return hash
}

function malformed(what: string): LogError {
  return new LogError('submission_malformed', `not a request to a witness: ${what}`)
}
