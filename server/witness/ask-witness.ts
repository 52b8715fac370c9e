/** One request to one witness (C2SP tlog-witness `add-checkpoint`), and what its answer is worth. */
import { formatAddCheckpoint, parseSizeAnswer, SIZE_CONTENT_TYPE } from '../../shared/log/add-checkpoint.ts'
import { fromBase64, fromUtf8 } from '../../shared/log/bytes.ts'
import { parseCheckpoint } from '../../shared/log/checkpoint.ts'
import { parseCosignature } from '../../shared/log/cosignature.ts'
import { LogError } from '../../shared/log/errors.ts'
import type { VerifierKey } from '../../shared/log/key.ts'
import { isSignedBy, type NoteSignature, openNote, parseNote } from '../../shared/log/note.ts'
import { createVerifier } from '../../shared/log/signature.ts'

/** Why a witness did not cosign. */
export type AskFailureCode = 'unreachable' | 'refused' | 'ahead' | 'inconsistent' | 'bad_answer'

export class AskFailure extends Error {
  override name = 'AskFailure'
  constructor(
    readonly code: AskFailureCode,
    message: string,
  ) {
    super(message)
  }
}

export interface WitnessQuestion {
  /** Its submission prefix. */
  url: string
  key: VerifierKey
  /** The log's signed note. */
  note: string
  /** What it is believed to have cosigned last. */
  oldSize: number
  /** Base64 hashes. */
  consistency(from: number, to: number): Promise<string[]>
  fetch: typeof fetch
}

/** `time` is when it cosigned, in seconds since 1970, by its own clock. */
export interface WitnessCosignature {
  signature: NoteSignature
  time: number
}

const timeoutMs = 10_000
const maxAnswerBytes = 64 * 1024
/** Beyond it there are no dates, and a witness may sign any number. */
const latestSeconds = 8.64e12

/** A verified cosignature. Where the witness tells another old size, it is asked once more from there. @throws {AskFailure} */
export async function askWitness(question: WitnessQuestion): Promise<WitnessCosignature> {
  const first = await submit(question)
  if (typeof first !== 'number') return first
  const second = await submit({ ...question, oldSize: first })
  if (typeof second !== 'number') return second
  throw new AskFailure('bad_answer', `It says that it cosigned ${first} entries last, and then ${second}`)
}

/** The cosignature, or the size that the witness cosigned last. */
async function submit(question: WitnessQuestion): Promise<WitnessCosignature | number> {
  const { url, note, oldSize } = question
  const { size } = parseCheckpoint(parseNote(note).text)
  if (oldSize > size) {
    throw new AskFailure('ahead', `It cosigned ${oldSize} entries of this log, which now has ${size}`)
  }
  const hashes = oldSize === 0 || oldSize === size ? [] : await question.consistency(oldSize, size)
  const body = formatAddCheckpoint({ oldSize, proof: hashes.map(fromBase64), note })
  const { status, type, text } = await post(question.fetch, addressOf(url), body)
  if (status === 200) return readCosignature(question, text)
  if (status === 409 && type === SIZE_CONTENT_TYPE) return readSize(text)
  if (status === 422 || status === 409) {
    throw new AskFailure('inconsistent', 'It says that this log contradicts what it cosigned before')
  }
  throw new AskFailure('refused', `It answered ${status}`)
}

function addressOf(url: string): string {
  return new URL('add-checkpoint', url.endsWith('/') ? url : `${url}/`).href
}

async function post(send: typeof fetch, url: string, body: string) {
  try {
    const response = await send(url, {
      ...{ method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) },
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    })
    const type = /^[^;\s]*/.exec(response.headers.get('content-type') ?? '')![0]
    return { status: response.status, type, text: fromUtf8(await readBounded(response)) }
  } catch (error) {
    if (error instanceof AskFailure) throw error
    if (error instanceof LogError) throw new AskFailure('bad_answer', 'Its answer is not text')
    throw new AskFailure('unreachable', `It cannot be reached: ${reasonOf(error)}`)
  }
}

/** A witness is somebody else's machine: it must not fill this one's memory. */
async function readBounded(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > maxAnswerBytes) throw new AskFailure('bad_answer', 'Its answer does not end')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message
}

async function readCosignature({ note, key }: WitnessQuestion, lines: string): Promise<WitnessCosignature> {
  const verifier = createVerifier(key)
  try {
    const { verified } = await openNote(`${parseNote(note).text}\n${lines}`, [verifier])
    const signature = verified.find(line => isSignedBy(verifier, line))!
    const { time } = parseCosignature(signature.signature)
    if (time > latestSeconds) throw new AskFailure('bad_answer', 'Its clock is beyond all dates')
    return { signature, time }
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    throw new AskFailure('bad_answer', `Its answer is no cosignature by its key: ${error.message}`)
  }
}

function readSize(text: string): number {
  try {
    return parseSizeAnswer(text)
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    throw new AskFailure('bad_answer', `Its answer is no size: ${error.message}`)
  }
}
