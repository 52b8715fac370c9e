import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { byteLeaves, flipBit, hasher, nodesOf, referenceTree } from '../../test/support/reference-tree.ts'
import { sharedFolder } from '../../test/support/shared-folder.ts'
import { toBase64, utf8 } from './bytes.ts'
import { formatCheckpoint } from './checkpoint.ts'
import { signingKeyFromSeed } from './ed25519.ts'
import { LogError } from './errors.ts'
import { proveInclusion } from './inclusion.ts'
import { createVerifierKey, formatVerifierKey } from './key.ts'
import { signNote } from './note.ts'
import { parsePolicy } from './policy.ts'
import { formatReceipt, parseReceipt, type Receipt, verifyReceipt } from './proof.ts'
import { createNoteSigner } from './signature.ts'

const folder = `${sharedFolder()}/vectors/own`
const missing = !existsSync(`${folder}/sample.tlog-proof`)
const malformed = expect.objectContaining({ code: 'proof_malformed', kind: 'malformed' })

const leaves = byteLeaves(11)
const key = await signingKeyFromSeed(new Uint8Array(32).fill(5))
const origin = 'example.com/log'
const root = referenceTree(leaves).root(11)
const checkpoint = await signNote(formatCheckpoint({ origin, size: 11, root, extensions: [] }), [
  createNoteSigner(origin, key),
])
const policy = parsePolicy(
  `log ${formatVerifierKey(createVerifierKey(origin, 1, key.publicKey))}\nquorum none\n`,
)
const proof = proveInclusion(hasher, 6, 11, nodesOf(leaves))
const receipt: Receipt = { extra: null, index: 6, proof, checkpoint }
const text = formatReceipt(receipt)

describe.skipIf(missing)('the published receipt (skipped when the shared folder is absent)', () => {
  const sample = missing ? '' : readFileSync(`${folder}/sample.tlog-proof`, 'utf8')
  const keys = missing ? null : JSON.parse(readFileSync(`${folder}/sample.json`, 'utf8'))
  const policyWith = (quorum: string) =>
    parsePolicy(`log ${keys.log_vkey}\nwitness w ${keys.witness_vkey}\nquorum ${quorum}\n`)

  it('V1: is read and written again', () => {
    expect(formatReceipt(parseReceipt(sample))).toBe(sample)
  })

  it('V2: holds for its leaf, with and without its witness asked for', async () => {
    const leafHash = hasher.leafHash(utf8(keys.leaf))
    for (const quorum of ['w', 'none']) {
      const opened = await verifyReceipt(hasher, parseReceipt(sample), leafHash, policyWith(quorum))
      expect(opened.checkpoint.size).toBe(5)
    }
  })

  it('V2: does not hold for another leaf', async () => {
    const leafHash = hasher.leafHash(utf8('four'))
    await expect(verifyReceipt(hasher, parseReceipt(sample), leafHash, policyWith('w'))).rejects.toThrow(
      expect.objectContaining({ code: 'inclusion_failed' }),
    )
  })
})

describe('receipts', () => {
  it('V1: come back unchanged, with and without extra', () => {
    expect(parseReceipt(text)).toEqual(receipt)
    const withExtra = { ...receipt, extra: Uint8Array.of(1, 2, 3) }
    expect(parseReceipt(formatReceipt(withExtra))).toEqual(withExtra)
    expect(formatReceipt(withExtra)).toContain('\nextra AQID\nindex 6\n')
  })

  it('V1: of a tree of one have no hashes', () => {
    const single = { ...receipt, index: 0, proof: [] }
    expect(parseReceipt(formatReceipt(single))).toEqual(single)
  })

  it.each([
    '',
    text.replace('@v1', '@v2'),
    text.replace('index 6\n', ''),
    text.replace('index 6', 'index 06'),
    text.replace('index 6', 'index -6'),
    text.replace('index 6', 'index 9007199254740992'),
    text.replace('index 6', 'index  6'),
    text.replace('index 6', 'Index 6'),
    text.replace('index 6', 'extra AQID\nextra AQID\nindex 6'),
    text.replace('index 6', 'index 6\nextra AQID'),
    text.replace('index 6', 'extra A\nindex 6'),
    text.replace('index 6\n', 'index 6\nAQID\n'),
    text.replace('index 6\n', 'index 6\nindex 7\n'),
    text.replaceAll('\n', '\r\n'),
    `\n${text}`,
    text.split('\n\n')[0]!,
  ])('V1: are not %j', bad => {
    expect(() => parseReceipt(bad)).toThrow(malformed)
  })

  it('V2: hold', async () => {
    const opened = await verifyReceipt(hasher, parseReceipt(text), leaves[6]!, policy)
    expect(opened.checkpoint.root).toEqual(root)
  })

  it('V2: hold at no other index and with no hash changed', async () => {
    const failed = expect.objectContaining({ code: 'inclusion_failed', kind: 'misbehaved' })
    const wrong = [
      ...[0, 5, 7, 10, 11].map(index => ({ ...receipt, index })),
      ...proof.map((hash, i) => ({ ...receipt, proof: proof.with(i, flipBit(hash, i)) })),
      { ...receipt, proof: [] },
    ]
    for (const bad of wrong) {
      await expect(verifyReceipt(hasher, bad, leaves[6]!, policy)).rejects.toThrow(failed)
    }
  })

  it('V2: need the log to be known', async () => {
    const stranger = formatVerifierKey(createVerifierKey('example.com/other', 1, key.publicKey))
    const other = parsePolicy(`log ${stranger}\nquorum none\n`)
    await expect(verifyReceipt(hasher, receipt, leaves[6]!, other)).rejects.toThrow(
      expect.objectContaining({ code: 'origin_unknown', kind: 'untrusted' }),
    )
  })

  it('V2: do not survive any one character changed', async () => {
    const alphabet = toBase64(Uint8Array.from({ length: 48 }, (_, i) => i * 5))
    const survivors: number[] = []
    for (let at = 0; at < text.length; at++) {
      const other = alphabet[at % alphabet.length] === text[at] ? '~' : alphabet[at % alphabet.length]
      const changed = text.slice(0, at) + other + text.slice(at + 1)
      try {
        await verifyReceipt(hasher, parseReceipt(changed), leaves[6]!, policy)
        survivors.push(at)
      } catch (error) {
        expect(error).toBeInstanceOf(LogError)
      }
    }
    expect(survivors).toEqual([])
  })
})
