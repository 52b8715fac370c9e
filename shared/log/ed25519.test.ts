import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { flipBit } from '../../test/support/reference-tree.ts'
import { sharedFolder } from '../../test/support/shared-folder.ts'
import { fromHex, toHex, utf8 } from './bytes.ts'
import { signingKeyFromSeed, verifyEd25519 } from './ed25519.ts'

const file = `${sharedFolder()}/vectors/rfc8032.json`
const missing = !existsSync(file)

describe('Ed25519', () => {
  describe.skipIf(missing)('published vectors (skipped when the shared folder is absent)', () => {
    const vectors: { priv: string; pub: string; msg: string; sig: string }[] = missing
      ? []
      : JSON.parse(readFileSync(file, 'utf8'))

    it.each(vectors)('N3: signs and verifies as RFC 8032 for $pub', async ({ priv, pub, msg, sig }) => {
      const key = await signingKeyFromSeed(fromHex(priv))
      expect(toHex(key.publicKey)).toBe(pub)
      expect(toHex(await key.sign(fromHex(msg)))).toBe(sig)
      expect(await verifyEd25519(fromHex(pub), fromHex(msg), fromHex(sig))).toBe(true)
    })
  })

  it('N3: verifies with no bit of key, message or signature changed', async () => {
    const key = await signingKeyFromSeed(new Uint8Array(32).fill(3))
    const message = utf8('a message')
    const signature = await key.sign(message)
    const verdicts: boolean[] = []
    for (let bit = 0; bit < 512; bit += 3) {
      verdicts.push(await verifyEd25519(key.publicKey, message, flipBit(signature, bit)))
    }
    for (let bit = 0; bit < 256; bit += 3) {
      verdicts.push(await verifyEd25519(flipBit(key.publicKey, bit), message, signature))
    }
    for (let bit = 0; bit < 72; bit++) {
      verdicts.push(await verifyEd25519(key.publicKey, flipBit(message, bit), signature))
    }
    expect(verdicts).not.toContain(true)
  })

  it('N3: is false, not an error, for keys and signatures of a wrong length', async () => {
    const key = await signingKeyFromSeed(new Uint8Array(32))
    const signature = await key.sign(utf8(''))
    expect(await verifyEd25519(key.publicKey.subarray(1), utf8(''), signature)).toBe(false)
    expect(await verifyEd25519(key.publicKey, utf8(''), signature.subarray(1))).toBe(false)
    expect(await verifyEd25519(new Uint8Array(32).fill(0xff), utf8(''), signature)).toBe(false)
  })

  it('K4: refuses a seed that is not 32 bytes', async () => {
    await expect(signingKeyFromSeed(new Uint8Array(31))).rejects.toThrow(
      expect.objectContaining({ code: 'key_malformed' }),
    )
  })
})
