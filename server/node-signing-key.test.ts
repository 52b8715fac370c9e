import { expect, test } from 'vitest'
import { signingKeyFromSeed, verifyEd25519 } from '../shared/log/ed25519.ts'
import { nodeSigningKey } from './node-signing-key.ts'

const seeds = [0, 7, 255].map(byte => new Uint8Array(32).fill(byte))

test('keys and signatures are those of WebCrypto, to the byte', async () => {
  for (const seed of seeds) {
    const [node, web] = [nodeSigningKey(seed), await signingKeyFromSeed(seed)]
    expect(node.publicKey).toEqual(web.publicKey)
    const message = new TextEncoder().encode('a checkpoint\n')
    const signature = await node.sign(message)
    expect(signature).toEqual(await web.sign(message))
    expect(await verifyEd25519(node.publicKey, message, signature)).toBe(true)
  }
})

test('a seed has 32 bytes', () => {
  expect(() => nodeSigningKey(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'key_malformed' }))
})
