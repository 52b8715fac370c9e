/**
 * Timestamped cosignatures (C2SP tlog-cosignature, type 04): "at this time, this was the largest consistent tree I
 * had seen of this log". The log makes one itself, under its own key name, so that freshness can be checked.
 */
import { concatBytes, utf8 } from './bytes.ts'
import { ED25519_SIGNATURE_BYTES } from './ed25519.ts'
import { LogError } from './errors.ts'

/** `time` in whole seconds since 1970; `signature` is 64 bytes. */
export interface Cosignature {
  readonly time: number
  readonly signature: Uint8Array
}

/** The key name of a log's own cosignatures. */
export function timeKeyName(origin: string): string {
  return `${origin}/time`
}

/** The key name of a panel that witnesses the log; `id` is 8 hex digits of its own choice. */
export function panelKeyName(origin: string, id: string): string {
  return `${origin}/panel/${id}`
}

/** Whether a key is named as one of a panel that witnesses the log of this origin. */
export function isPanelKeyName(name: string, origin: string): boolean {
  const id = name.slice(-8)
  return /^[0-9a-f]{8}$/.test(id) && name === panelKeyName(origin, id)
}

/** The bytes a cosigner signs: a header, the time, and the whole text of the checkpoint. */
export function cosignedMessage(time: number, text: string): Uint8Array {
  requireTime(time)
  return utf8(`cosignature/v1\ntime ${time}\n${text}`)
}

/** 72 bytes: the time as a 64-bit big-endian number, then the signature. */
export function formatCosignature({ time, signature }: Cosignature): Uint8Array {
  requireTime(time)
  if (signature.length !== ED25519_SIGNATURE_BYTES) throw malformed('its signature is not 64 bytes')
  const prefix = new Uint8Array(8)
  new DataView(prefix.buffer).setBigUint64(0, BigInt(time))
  return concatBytes(prefix, signature)
}

/** The parts of a cosignature, as a note's signature line carries it. Throws `cosignature_malformed`. */
export function parseCosignature(bytes: Uint8Array): Cosignature {
  if (bytes.length !== 8 + ED25519_SIGNATURE_BYTES) throw malformed('it is not 72 bytes')
  const time = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0))
  requireTime(time)
  return { time, signature: bytes.slice(8) }
}

function requireTime(time: number): void {
  if (!Number.isSafeInteger(time) || time < 0) throw malformed('its time is out of range')
}

function malformed(what: string): LogError {
  return new LogError('cosignature_malformed', `not a cosignature: ${what}`)
}
