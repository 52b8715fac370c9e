/** Signers and verifiers for signed notes: plain Ed25519 (type 01) and timestamped cosignatures (type 04). */
import { utf8 } from './bytes.ts'
import { cosignedMessage, formatCosignature, parseCosignature } from './cosignature.ts'
import { type SigningKey, signingKeyFromSeed, verifyEd25519 } from './ed25519.ts'
import { LogError } from './errors.ts'
import { ALGORITHM, createVerifierKey, parseSignerKey, parseVerifierKey, type VerifierKey } from './key.ts'
import type { Signer, Verifier } from './note.ts'

/** Signs notes as `name` with plain Ed25519. */
export function createNoteSigner(name: string, key: SigningKey): Signer {
  const { id } = createVerifierKey(name, ALGORITHM.ed25519, key.publicKey)
  return { name, keyId: id, sign: text => key.sign(utf8(text)) }
}

/** Cosigns checkpoints as `name`, at the time `now` tells in whole seconds since 1970. */
export function createCosigner(name: string, key: SigningKey, now: () => number): Signer {
  const { id } = createVerifierKey(name, ALGORITHM.cosignature, key.publicKey)
  const sign = async (text: string) => {
    const time = now()
    return formatCosignature({ time, signature: await key.sign(cosignedMessage(time, text)) })
  }
  return { name, keyId: id, sign }
}

/** A note signer from a `PRIVATE+KEY+...` text of type 01. Throws `key_malformed`, also when the id does not fit. */
export async function noteSignerFromText(text: string): Promise<Signer> {
  const { name, id, algorithm, seed } = parseSignerKey(text)
  const signer = createNoteSigner(name, await signingKeyFromSeed(seed))
  if (algorithm !== ALGORITHM.ed25519 || signer.keyId !== id) {
    throw new LogError('key_malformed', 'the key id is not that of the key')
  }
  return signer
}

/** Checks signatures of a key of type 01 or 04. Throws `key_unsupported` for other types, `key_malformed`. */
export function createVerifier(key: VerifierKey | string): Verifier {
  const { name, id, algorithm, publicKey } = typeof key === 'string' ? parseVerifierKey(key) : key
  if (algorithm === ALGORITHM.ed25519) {
    return { name, keyId: id, verify: (text, signature) => verifyEd25519(publicKey, utf8(text), signature) }
  }
  if (algorithm === ALGORITHM.cosignature) {
    return { name, keyId: id, verify: (text, signature) => verifyCosignature(publicKey, text, signature) }
  }
  throw new LogError('key_unsupported', `signatures of type ${algorithm} are not supported`)
}

async function verifyCosignature(publicKey: Uint8Array, text: string, bytes: Uint8Array): Promise<boolean> {
  const { time, signature } = parseCosignature(bytes)
  return verifyEd25519(publicKey, cosignedMessage(time, text), signature)
}
