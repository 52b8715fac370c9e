import { describe, expect, it } from 'vitest'
import { hasher } from '../../test/support/reference-tree.ts'
import { formatCheckpoint } from './checkpoint.ts'
import { type SigningKey, signingKeyFromSeed } from './ed25519.ts'
import { createVerifierKey, formatVerifierKey } from './key.ts'
import { signNote } from './note.ts'
import { isQuorumMet, openWithPolicy, parsePolicy } from './policy.ts'
import { createCosigner, createNoteSigner } from './signature.ts'

const malformed = expect.objectContaining({ code: 'policy_malformed', kind: 'malformed' })
const withCode = (code: string) => expect.objectContaining({ code, kind: 'untrusted' })

const keys: SigningKey[] = []
for (let i = 0; i < 6; i++) keys.push(await signingKeyFromSeed(new Uint8Array(32).fill(i)))
const [logSigning, w1, w2, w3, w4, otherSigning] = keys as [
  SigningKey,
  SigningKey,
  SigningKey,
  SigningKey,
  SigningKey,
  SigningKey,
]
const vkey = (name: string, type: number, key: SigningKey) =>
  formatVerifierKey(createVerifierKey(name, type, key.publicKey))

const origin = 'example.com/log'
const log = `log ${vkey(origin, 1, logSigning)}`
const a = `witness a ${vkey('a.example', 4, w1)}`
const b = `witness b ${vkey('b.example', 4, w2)}`
const c = `witness c ${vkey('c.example', 4, w3)}`
const d = `witness d ${vkey('d.example', 4, w4)}`
const lines = (...all: string[]) => `${all.join('\n')}\n`
const nested = lines(
  '# who watches this log',
  '',
  `${log} https://log.example.com/`,
  `${a} https://a.example/`,
  b,
  `\t${c}  `,
  d,
  'group ours 2 a b',
  'group theirs any c d',
  'group both all ours theirs',
  'quorum both',
)

describe('policies', () => {
  it('Q1: name logs, witnesses, groups and a quorum', () => {
    const policy = parsePolicy(nested)
    expect(policy.logs.map(({ key, url }) => [key.name, url])).toEqual([[origin, 'https://log.example.com/']])
    expect([...policy.witnesses].map(([name, { key, url }]) => [name, key.name, url])).toEqual([
      ['a', 'a.example', 'https://a.example/'],
      ['b', 'b.example', null],
      ['c', 'c.example', null],
      ['d', 'd.example', null],
    ])
    expect(policy.groups.get('theirs')).toEqual({ threshold: 1, members: ['c', 'd'] })
    expect(policy.quorum).toBe('both')
  })

  it.each([
    ['a kind of line there is not', lines(log, 'trust a', 'quorum none')],
    ['no quorum', lines(log, a)],
    ['two quorums', lines(log, 'quorum none', 'quorum none')],
    ['a quorum of nobody', lines(log, 'quorum')],
    ['a quorum of two', lines(log, a, b, 'quorum a b')],
    ['a quorum not defined', lines(log, 'quorum a')],
    ['a quorum before its witness', lines(log, 'quorum a', a)],
    ['a log without a key', lines('log', 'quorum none')],
    ['a log with too much', lines(`${log} url more`, 'quorum none')],
    ['a witness without a key', lines(log, 'witness a', 'quorum none')],
    ['a witness with too much', lines(log, `${a} url more`, 'quorum none')],
    ['a witness that signs without time', lines(log, `witness a ${vkey('a', 1, w1)}`, 'quorum none')],
    ['a witness called none', lines(log, `witness none ${vkey('a', 4, w1)}`, 'quorum none')],
    ['two witnesses of one name', lines(log, a, `witness a ${vkey('x', 4, w2)}`, 'quorum a')],
    ['two witnesses of one key', lines(log, a, `witness x ${vkey('x', 4, w1)}`, 'quorum a')],
    ['a witness with the key of the log', lines(log, `witness a ${vkey('a', 4, logSigning)}`, 'quorum a')],
    ['two logs of one key', lines(log, `log ${vkey('other', 1, logSigning)}`, 'quorum none')],
    ['a group called as a witness', lines(log, a, b, 'group a any b', 'quorum a')],
    ['a group without members', lines(log, a, 'group g any', 'quorum g')],
    ['a group with a member not defined', lines(log, a, 'group g any a b', 'quorum g')],
    ['a group before its member', lines(log, 'group g any a', a, 'quorum g')],
    ['a group in itself', lines(log, a, 'group g any a g', 'quorum g')],
    ['a member twice in a group', lines(log, a, 'group g 2 a a', 'quorum g')],
    ['a member in two groups', lines(log, a, 'group g any a', 'group h any a', 'quorum g')],
    ['a threshold of none', lines(log, a, 'group g 0 a', 'quorum g')],
    ['a threshold above the members', lines(log, a, b, 'group g 3 a b', 'quorum g')],
    ['a threshold of other words', lines(log, a, 'group g most a', 'quorum g')],
    ['a threshold with a leading zero', lines(log, a, 'group g 01 a', 'quorum g')],
  ])('Q1 to Q5: refuse %s', (_, text) => {
    expect(() => parsePolicy(text)).toThrow(malformed)
  })

  it('K3: refuse a key that is none', () => {
    expect(() => parsePolicy(lines('log example.com/log+00000000+AQ==', 'quorum none'))).toThrow(
      expect.objectContaining({ code: 'key_malformed' }),
    )
  })
})

describe('quorums', () => {
  const met = (text: string, ...names: string[]) => isQuorumMet(parsePolicy(text), new Set(names))

  it('Q5: of one witness need that one', () => {
    const text = lines(log, a, b, 'quorum a')
    expect(met(text, 'a')).toBe(true)
    expect(met(text, 'a', 'b')).toBe(true)
    expect(met(text, 'b')).toBe(false)
    expect(met(text)).toBe(false)
  })

  it('Q5: of none need nobody', () => {
    expect(met(lines(log, a, 'quorum none'))).toBe(true)
  })

  it('Q5: of groups in groups need as many members as each says', () => {
    const subsets = Array.from({ length: 16 }, (_, mask) =>
      [...'abcd'].filter((_name, i) => (mask >> i) % 2 === 1),
    )
    const enough = subsets.filter(names => met(nested, ...names)).map(names => names.join(''))
    expect(enough).toEqual(['abc', 'abd', 'abcd'])
  })

  it('Q5: ignore names they do not know', () => {
    expect(met(nested, 'x', 'ours', 'theirs', 'both')).toBe(false)
  })
})

describe('checkpoints under a policy', () => {
  const text = formatCheckpoint({ origin, size: 0, root: hasher.emptyRoot, extensions: [] })
  const logSigner = createNoteSigner(origin, logSigning)
  const cosigner = (name: string, key: SigningKey) =>
    createCosigner(`${name}.example`, key, () => 1_700_000_000)
  const policy = parsePolicy(nested)

  it('Q6: are believed when the quorum cosigned', async () => {
    const note = await signNote(text, [logSigner, cosigner('a', w1), cosigner('b', w2), cosigner('d', w4)])
    expect((await openWithPolicy(note, policy)).verified.length).toBe(4)
  })

  it('Q6: are not below the quorum', async () => {
    const note = await signNote(text, [logSigner, cosigner('a', w1), cosigner('c', w3), cosigner('d', w4)])
    await expect(openWithPolicy(note, policy)).rejects.toThrow(withCode('quorum_not_met'))
  })

  it('Q6: do not count a cosignature by another key under a witness name', async () => {
    const note = await signNote(text, [
      logSigner,
      cosigner('a', otherSigning),
      cosigner('b', w2),
      cosigner('c', w3),
    ])
    await expect(openWithPolicy(note, policy)).rejects.toThrow(withCode('quorum_not_met'))
  })

  it('Q6: need the signature of the log, whoever cosigned', async () => {
    const note = await signNote(text, [cosigner('a', w1), cosigner('b', w2), cosigner('c', w3)])
    await expect(openWithPolicy(note, policy)).rejects.toThrow(withCode('note_unverified'))
  })

  it('Q6: need an origin the policy knows', async () => {
    const other = formatCheckpoint({
      origin: 'example.com/x',
      size: 0,
      root: hasher.emptyRoot,
      extensions: [],
    })
    const note = await signNote(other, [logSigner])
    await expect(openWithPolicy(note, policy)).rejects.toThrow(withCode('origin_unknown'))
  })
})
