import { describe, expect, it } from 'vitest'
import { fromBase64, toHex, utf8 } from './bytes.ts'
import { cosignedAt, formatCheckpoint, openCheckpoint, parseCheckpoint, requireFresh } from './checkpoint.ts'
import { cosignedMessage, formatCosignature, parseCosignature, timeKeyName } from './cosignature.ts'
import { signingKeyFromSeed } from './ed25519.ts'
import { createVerifierKey, parseVerifierKey } from './key.ts'
import { formatNote, parseNote, signNote } from './note.ts'
import { createCosigner, createNoteSigner, createVerifier } from './signature.ts'

const withCode = (code: string) => expect.objectContaining({ code })
const malformed = withCode('checkpoint_malformed')

const origin = 'example.com/behind-the-sofa'
const logKey = 'example.com/behind-the-sofa+6ded73a9+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c'
const witnessKey = 'witness.example.com/w1+745fb5e8+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU'
const text = `${origin}\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n`
const note = `${text}
— example.com/behind-the-sofa be1zqQx8hYrJJIfiWfY39ShElJ74dPrOjXSgJJ2qG3vny2U7JyHN2kKCWb5H5e2MfxP7My2OyDRrDvCH/RbVubiZ8AE=
— witness.example.com/w1 dF+16AAAAABkGFDLUwBLV8e4tjvb6qEHiNTQjDZIX+7tvd038taw9A7W/cQ7ZhSah0uJMOI6CTPez5qwHtE49MrkWhU349mtYmi3Dw==
`
const time = 1_679_315_147
const logSigner = createNoteSigner(origin, await signingKeyFromSeed(new Uint8Array(32).fill(1)))
const witnessSigning = await signingKeyFromSeed(new Uint8Array(32).fill(2))
const cosigner = createCosigner('witness.example.com/w1', witnessSigning, () => time)
const log = createVerifier(logKey)
const witness = createVerifier(witnessKey)

describe('the text of checkpoints', () => {
  it('P1: has origin, size, root', () => {
    const checkpoint = parseCheckpoint(text)
    expect(checkpoint).toEqual({
      origin,
      size: 20_852_163,
      root: fromBase64('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='),
      extensions: [],
    })
    expect(formatCheckpoint(checkpoint)).toBe(text)
  })

  it('P1: keeps extension lines', () => {
    expect(parseCheckpoint(`${text}one\ntwo\n`).extensions).toEqual(['one', 'two'])
    expect(formatCheckpoint(parseCheckpoint(`${text}one\n`))).toBe(`${text}one\n`)
  })

  const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='
  it.each([
    '',
    'o\n',
    'o\n1\n',
    `o\n1\n${root}`,
    `\n1\n${root}\n`,
    `o\n\n${root}\n`,
    `o\n01\n${root}\n`,
    `o\n+1\n${root}\n`,
    `o\n-1\n${root}\n`,
    `o\n1.0\n${root}\n`,
    `o\n1e3\n${root}\n`,
    `o\n 1\n${root}\n`,
    `o\n0x1\n${root}\n`,
    `o\n١\n${root}\n`,
    `o\n1\n${root.slice(0, -1)}\n`,
    `o\n1\n${root.slice(4)}\n`,
    `o\n1\n ${root}\n`,
    `o\n1\n${root}\n\n`,
    `o\n1\n${root}\n\nextension\n`,
  ])('P1: is not %j', bad => {
    expect(() => parseCheckpoint(bad)).toThrow(malformed)
  })

  it('P1: with an origin or extension of two lines is not written', () => {
    const checkpoint = parseCheckpoint(text)
    expect(() => formatCheckpoint({ ...checkpoint, extensions: [''] })).toThrow(malformed)
    expect(() => formatCheckpoint({ ...checkpoint, origin: 'a\nb' })).toThrow(malformed)
    expect(() => formatCheckpoint({ ...checkpoint, root: new Uint8Array(31) })).toThrow(malformed)
  })

  it('M4: names no size above 2^53-1', () => {
    expect(parseCheckpoint(`o\n9007199254740991\n${root}\n`).size).toBe(2 ** 53 - 1)
    expect(() => parseCheckpoint(`o\n9007199254740992\n${root}\n`)).toThrow(withCode('number_out_of_range'))
    expect(() => parseCheckpoint(`o\n18446744073709551615\n${root}\n`)).toThrow(
      withCode('number_out_of_range'),
    )
  })
})

describe('opening checkpoints', () => {
  it('P2, S2: holds for the fixed example, log and witness', async () => {
    const opened = await openCheckpoint(note, origin, log, [witness])
    expect(opened.checkpoint.size).toBe(20_852_163)
    expect(cosignedAt(opened.verified, witness)).toBe(time)
  })

  it('N3, S2: is written exactly as fixed', async () => {
    expect(await signNote(text, [logSigner, cosigner])).toBe(note)
  })

  it('P2: needs the log itself to have signed', async () => {
    const cosignedOnly = await signNote(text, [cosigner])
    await expect(openCheckpoint(cosignedOnly, origin, log, [witness])).rejects.toThrow(
      withCode('note_unverified'),
    )
  })

  it('P2: needs the origin asked for', async () => {
    await expect(openCheckpoint(note, 'example.com/other', log)).rejects.toThrow(
      expect.objectContaining({ code: 'origin_unknown', kind: 'untrusted' }),
    )
  })

  it('P1: refuses a signed text that is no checkpoint', async () => {
    const signed = await signNote('just a text\n', [logSigner])
    await expect(openCheckpoint(signed, origin, log)).rejects.toThrow(malformed)
  })

  it('N5: refuses one with a cosignature that fails', async () => {
    const { signatures } = parseNote(note)
    const moved = parseCosignature(signatures[1]!.signature)
    const signature = formatCosignature({ ...moved, time: time + 1 })
    const later = formatNote({ text, signatures: [signatures[0]!, { ...signatures[1]!, signature }] })
    await expect(openCheckpoint(later, origin, log, [witness])).rejects.toThrow(withCode('signature_invalid'))
    expect((await openCheckpoint(later, origin, log)).checkpoint.origin).toBe(origin)
  })
})

describe('cosignatures', () => {
  it('S2: cover a header, the time and the whole text', () => {
    expect(cosignedMessage(7, 'o\n')).toEqual(utf8('cosignature/v1\ntime 7\no\n'))
  })

  it('S1: are eight bytes of time and a signature', () => {
    const bytes = formatCosignature({ time: 0x0102030405, signature: new Uint8Array(64).fill(9) })
    expect(toHex(bytes)).toBe(`0000000102030405${'09'.repeat(64)}`)
    expect(parseCosignature(bytes)).toEqual({ time: 0x0102030405, signature: new Uint8Array(64).fill(9) })
  })

  it.each([0, 8, 64, 71, 73])('S1: are not %i bytes long', length => {
    expect(() => parseCosignature(new Uint8Array(length))).toThrow(withCode('cosignature_malformed'))
  })

  it('S1: have no time above 2^53-1, below zero or between seconds', () => {
    expect(() => parseCosignature(new Uint8Array(72).fill(0xff))).toThrow(withCode('cosignature_malformed'))
    for (const bad of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(() => cosignedMessage(bad, text)).toThrow(withCode('cosignature_malformed'))
      expect(() => formatCosignature({ time: bad, signature: new Uint8Array(64) })).toThrow(
        withCode('cosignature_malformed'),
      )
    }
  })

  it('S1: of a length no cosignature has condemn the note', async () => {
    const { signatures } = parseNote(note)
    const cut = { ...signatures[1]!, signature: signatures[1]!.signature.subarray(1) }
    const bad = formatNote({ text, signatures: [signatures[0]!, cut] })
    await expect(openCheckpoint(bad, origin, log, [witness])).rejects.toThrow(
      withCode('cosignature_malformed'),
    )
  })

  it('S2: are not plain signatures by the same key, nor the other way round', async () => {
    const { publicKey } = parseVerifierKey(witnessKey)
    const plain = createNoteSigner('w', witnessSigning)
    const timed = createCosigner('w', witnessSigning, () => time)
    const asPlain = createVerifier(createVerifierKey('w', 1, publicKey))
    const asTimed = createVerifier(createVerifierKey('w', 4, publicKey))
    expect(await asPlain.verify(text, (await timed.sign(text)).slice(8))).toBe(false)
    const wrapped = formatCosignature({ time, signature: await plain.sign(text) })
    expect(await asTimed.verify(text, wrapped)).toBe(false)
  })
})

describe('freshness', () => {
  it('S3: comes from the log under its own key for time', async () => {
    const name = timeKeyName(origin)
    expect(name).toBe('example.com/behind-the-sofa/time')
    const clock = createVerifier(createVerifierKey(name, 4, witnessSigning.publicKey))
    const signed = await signNote(text, [logSigner, createCosigner(name, witnessSigning, () => 1000)])
    const opened = await openCheckpoint(signed, origin, log, [clock])
    expect(() => requireFresh(opened, clock, 1600, 600)).not.toThrow()
    expect(() => requireFresh(opened, clock, 900, 600)).not.toThrow()
    expect(() => requireFresh(opened, clock, 1601, 600)).toThrow(
      expect.objectContaining({ code: 'checkpoint_stale', kind: 'untrusted' }),
    )
  })

  it('S3: is not assumed without a time', async () => {
    const opened = await openCheckpoint(note, origin, log)
    expect(cosignedAt(opened.verified, witness)).toBe(null)
    expect(() => requireFresh(opened, witness, time, 600)).toThrow(withCode('checkpoint_stale'))
  })
})
