/**
 * The panel cosigns what it believes: under a key of this browser that cannot be taken out of it, so that others can see
 * how far an independent witness saw this log grow, and whether they were shown the same one.
 */
import { toHex } from '../../shared/log/bytes.ts'
import { panelKeyName } from '../../shared/log/cosignature.ts'
import { ALGORITHM, createVerifierKey, formatVerifierKey } from '../../shared/log/key.ts'
import { formatNote, parseNote } from '../../shared/log/note.ts'
import { createCosigner } from '../../shared/log/signature.ts'
import type { Client } from '../api/client.ts'
import type { Cosigner, SeenCheckpoint, WitnessStore } from '../cache/witness-record.ts'

export interface CosignOptions {
  client: Pick<Client, 'cosign'>
  store: Pick<WitnessStore, 'isDurable' | 'readCosigner' | 'changeCosigner'>
  server: string
  crypto: Crypto
  now(): number
}

/** Not with every event: whoever compares needs no more than these. */
const pauseMs = 60_000
/** An unchanged log is cosigned again this often, so that others see that somebody watches. */
const renewMs = 10 * 60_000

/** Milliseconds until the checkpoint should be cosigned, counted from `now`; 0 or less: at once. */
export function cosignDueIn({ cosigned, sentAt }: Cosigner, seen: SeenCheckpoint, now: number): number {
  if (!cosigned || sentAt === null) return 0
  const wait = seen.size > cosigned.size ? pauseMs : renewMs
  return Math.min(sentAt + wait - now, wait)
}

/**
 * Cosigns the largest believed checkpoint, where that is due, and hands it in. Answers whether it did.
 * @throws {FailureError} when it could not be handed in
 */
export async function cosignSeen(
  options: CosignOptions,
  cosigner: Cosigner,
  seen: SeenCheckpoint,
  signal: AbortSignal,
): Promise<boolean> {
  const { client, store, crypto, now } = options
  if (cosignDueIn(cosigner, seen, now()) > 0 || !(await writeDown(options, cosigner, seen))) return false
  const seconds = () => Math.floor(now() / 1000)
  const signer = createCosigner(cosigner.name, signingKey(crypto, cosigner), seconds)
  const { text, signatures } = parseNote(seen.note)
  const line = { name: signer.name, keyId: signer.keyId, signature: await signer.sign(text) }
  const note = formatNote({ text, signatures: [...signatures, line] })
  await client.cosign({ key: keyOf(cosigner), note }, signal)
  await store.changeCosigner(found => found && { ...found, sentAt: now() })
  return true
}

/**
 * This browser's key for the log that is followed at this server, made where there is none. Null where nothing is kept
 * on this device, or where the browser has no such keys.
 */
export async function ownCosigner(
  { store, server, crypto }: CosignOptions,
  origin: string,
): Promise<Cosigner | null> {
  if (!store.isDurable) return null
  const kept = await store.readCosigner()
  if (kept?.origin === origin) return kept
  const made = await makeCosigner(crypto, server, origin)
  // Another window may have been faster.
  return made && store.changeCosigner(found => (found?.origin === origin ? null : made))
}

async function makeCosigner(crypto: Crypto, server: string, origin: string): Promise<Cosigner | null> {
  let keys: CryptoKeyPair
  try {
    keys = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return null
    throw error
  }
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey))
  const name = panelKeyName(origin, toHex(crypto.getRandomValues(new Uint8Array(4))))
  return { server, origin, name, privateKey: keys.privateKey, publicKey, cosigned: null, sentAt: null }
}

/** False where a larger one, or another root for this size, was cosigned before: that must not be taken back. */
async function writeDown(
  { store }: CosignOptions,
  { name }: Cosigner,
  { size, root }: SeenCheckpoint,
): Promise<boolean> {
  let mayCosign = false
  await store.changeCosigner(found => {
    const before = found?.cosigned
    const isLater = !before || before.size < size || (before.size === size && before.root === root)
    mayCosign = found?.name === name && isLater
    return mayCosign ? { ...found!, cosigned: { size, root } } : null
  })
  return mayCosign
}

/** The verifier key by which others know this panel. */
export function keyOf({ name, publicKey }: Cosigner): string {
  return formatVerifierKey(createVerifierKey(name, ALGORITHM.cosignature, publicKey))
}

function signingKey({ subtle }: Crypto, { privateKey, publicKey }: Cosigner) {
  const sign = async (message: Uint8Array) =>
    new Uint8Array(await subtle.sign('Ed25519', privateKey, message as Uint8Array<ArrayBuffer>))
  return { publicKey, sign }
}
