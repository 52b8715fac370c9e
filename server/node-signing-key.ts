/** Ed25519 by Node itself: a commit waits for it, and WebCrypto takes several times as long to hand it to a thread. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { pkcs8Of, type SigningKey } from '../shared/log/ed25519.ts'

/** A signing key from its 32-byte seed. Throws `key_malformed`. */
export function nodeSigningKey(seed: Uint8Array): SigningKey {
  const key = createPrivateKey({ key: Buffer.from(pkcs8Of(seed)), format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return {
    publicKey: new Uint8Array(Buffer.from(x!, 'base64url')),
    sign: async message => new Uint8Array(sign(null, message, key)),
  }
}
