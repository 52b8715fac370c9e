import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBase64 } from './bytes.ts'
import { signingKeyFromSeed } from './ed25519.ts'
import { LogError } from './errors.ts'
import { createVerifierKey, formatSignerKey } from './key.ts'
import { formatNote, openNote, parseNote, signNote } from './note.ts'
import { createNoteSigner, createVerifier, noteSignerFromText } from './signature.ts'

const withCode = (code: string) => expect.objectContaining({ code })
const malformed = withCode('note_malformed')

const vkey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const example =
  'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'

const keyA = await signingKeyFromSeed(new Uint8Array(32).fill(1))
const keyB = await signingKeyFromSeed(new Uint8Array(32).fill(2))
const signerA = createNoteSigner('a', keyA)
const signerB = createNoteSigner('b', keyB)
const verifierA = createVerifier(createVerifierKey('a', 1, keyA.publicKey))
const verifierB = createVerifier(createVerifierKey('b', 1, keyB.publicKey))
const signed = await signNote('text\n', [signerA, signerB])
const line = example.split('\n')[2]!

describe('the shape of notes', () => {
  it('N1: is text, empty line, signatures', () => {
    const { text, signatures } = parseNote(example)
    expect(text).toBe('This is an example message.\n')
    expect(signatures.map(({ name, keyId }) => `${name}+${keyId}`)).toEqual(['example.com/foo+530d903a'])
    expect(formatNote({ text, signatures })).toBe(example)
  })

  it('N1: splits at the last empty line', () => {
    expect(parseNote(`a\n\nb\n\n\n${line}\n`).text).toBe('a\n\nb\n\n')
  })

  it.each([
    '',
    '\n',
    'text\n',
    'text\n\n',
    `text\n${line}\n`,
    `text${line}\n`,
    `text\n\n${line}`,
    `text\n\n${line}\n\n`,
    `text\n\n${line}\n \n`,
    `te\txt\n\n${line}\n`,
    `te\rxt\n\n${line}\n`,
    `te\u0000xt\n\n${line}\n`,
    `text\r\n\r\n${line}\r\n`,
    `text\ud800\n\n${line}\n`,
    `\n${line}\n`,
  ])('N1: refuses %j', note => {
    expect(() => parseNote(note)).toThrow(malformed)
  })

  it('N1: refuses bytes that are not UTF-8', () => {
    expect(() => parseNote(Uint8Array.of(0xff, 10, 10))).toThrow(withCode('encoding_malformed'))
  })

  it('N1: takes 100 signatures and no more', () => {
    expect(parseNote(`text\n\n${`${line}\n`.repeat(100)}`).signatures.length).toBe(100)
    expect(() => parseNote(`text\n\n${`${line}\n`.repeat(101)}`)).toThrow(malformed)
  })

  it.each([
    'garbage',
    '—',
    '— a',
    '— a ',
    '— a AAAA',
    '— a AAAAAA==',
    '— a AAAAAAAAAA',
    '— a AAAAAAAA ',
    '—  a AAAAAAAA',
    '— a  AAAAAAAA',
    '— a b AAAAAAAA',
    '— a+b AAAAAAAA',
    '- a AAAAAAAA',
    '– a AAAAAAAA',
    '—\u00a0a AAAAAAAA',
    '— a\u2003b AAAAAAAA',
    ' — a AAAAAAAA',
    '— a AAAA-_AA',
    '— a AAAAAAB=',
  ])('N2: refuses the signature line %j', bad => {
    expect(() => parseNote(`text\n\n${bad}\n`)).toThrow(malformed)
    expect(() => parseNote(`text\n\n${line}\n${bad}\n`)).toThrow(malformed)
  })

  it('N1: is never written around a text no note can have', async () => {
    await expect(signNote('text', [signerA])).rejects.toThrow(malformed)
    await expect(signNote('a\tb\n', [signerA])).rejects.toThrow(malformed)
  })

  it('N1: of whatever arrives is read or refused with a typed error', () => {
    const piece = fc.constantFrom('text', '\n', '\n\n', '— ', 'a', ' ', 'AAAAAAAA', '+', '=', '\u0007', '—')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), pieces => {
        try {
          expect(formatNote(parseNote(pieces.join('')))).toBe(pieces.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(LogError)
        }
      }),
    )
  })
})

describe('opening notes', () => {
  it('N3: holds for the published example', async () => {
    const { verified } = await openNote(example, [createVerifier(vkey)])
    expect(verified.map(({ name }) => name)).toEqual(['example.com/foo'])
  })

  it('N4: ignores signatures of unknown keys', async () => {
    const { text, verified, unverified } = await openNote(signed, [verifierB])
    expect(text).toBe('text\n')
    expect(verified.map(({ name }) => name)).toEqual(['b'])
    expect(unverified.map(({ name }) => name)).toEqual(['a'])
  })

  it('N4: takes a key of the same name and another id for unknown', async () => {
    const impostor = createVerifier(createVerifierKey('a', 1, keyB.publicKey))
    await expect(openNote(signed, [impostor])).rejects.toThrow(withCode('note_unverified'))
  })

  it('N5: refuses a note on which a known signature fails, whoever else signed it', async () => {
    const { text, signatures } = parseNote(signed)
    const [a, b] = signatures
    const forged = formatNote({ text, signatures: [{ ...a!, signature: b!.signature }, b!] })
    const outcome = openNote(forged, [verifierA, verifierB])
    await expect(outcome).rejects.toThrow(
      expect.objectContaining({ code: 'signature_invalid', kind: 'untrusted' }),
    )
    expect((await openNote(forged, [verifierB])).verified.length).toBe(1)
  })

  it('N5: refuses a note with any character of its text changed', async () => {
    for (let at = 0; at < 'This is an example message.'.length; at++) {
      const changed = `${example.slice(0, at)}#${example.slice(at + 1)}`
      await expect(openNote(changed, [createVerifier(vkey)])).rejects.toThrow(withCode('signature_invalid'))
    }
  })

  it('N5: refuses a signature cut short or made longer', async () => {
    const { text, signatures } = parseNote(signed)
    for (const signature of [
      signatures[0]!.signature.subarray(1),
      new Uint8Array([...signatures[0]!.signature, 0]),
    ]) {
      const note = formatNote({ text, signatures: [{ ...signatures[0]!, signature }] })
      await expect(openNote(note, [verifierA])).rejects.toThrow(withCode('signature_invalid'))
    }
  })

  it('N6: refuses a note no known key signed', async () => {
    const unverified = expect.objectContaining({ code: 'note_unverified', kind: 'untrusted' })
    await expect(openNote(signed, [createVerifier(vkey)])).rejects.toThrow(unverified)
    await expect(openNote(signed, [])).rejects.toThrow(unverified)
  })

  it('N7: counts only the first of several signatures by one key', async () => {
    const { text, signatures } = parseNote(signed)
    const [a] = signatures
    const repeated = formatNote({ text, signatures: [a!, { ...a!, signature: new Uint8Array(64) }] })
    expect((await openNote(repeated, [verifierA])).verified).toEqual([a])
    const reversed = formatNote({ text, signatures: [{ ...a!, signature: new Uint8Array(64) }, a!] })
    await expect(openNote(reversed, [verifierA])).rejects.toThrow(withCode('signature_invalid'))
  })

  it('N8: refuses two known keys of one name and id', async () => {
    await expect(openNote(signed, [verifierA, verifierB, verifierA])).rejects.toThrow(
      withCode('ambiguous_key'),
    )
  })
})

describe('signers and verifiers', () => {
  const { id } = createVerifierKey('a', 1, keyA.publicKey)
  const seed = new Uint8Array(32).fill(1)

  it('K4: are made from a signer key', async () => {
    const signer = await noteSignerFromText(formatSignerKey({ name: 'a', id, algorithm: 1, seed }))
    expect(await signNote('text\n', [signer])).toBe(await signNote('text\n', [signerA]))
  })

  it('K4: are not made from a signer key with another id or type', async () => {
    const wrongId = formatSignerKey({ name: 'a', id: '00000000', algorithm: 1, seed })
    const wrongType = formatSignerKey({ name: 'a', id, algorithm: 4, seed })
    await expect(noteSignerFromText(wrongId)).rejects.toThrow(withCode('key_malformed'))
    await expect(noteSignerFromText(wrongType)).rejects.toThrow(withCode('key_malformed'))
  })

  it('K2: are not made from keys of unsupported types', () => {
    expect(() => createVerifier(createVerifierKey('a', 6, new Uint8Array(1312)))).toThrow(
      expect.objectContaining({ code: 'key_unsupported', kind: 'untrusted' }),
    )
  })

  it('N2: put the key id before the signature', async () => {
    const encoded = (await signNote('text\n', [signerA])).split(' ').at(-1)!.trim()
    expect(encoded.slice(0, 5)).toBe(toBase64(Uint8Array.from(Buffer.from(id, 'hex'))).slice(0, 5))
  })
})
