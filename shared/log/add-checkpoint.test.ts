import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatAddCheckpoint,
  MAX_PROOF_LINES,
  parseAddCheckpoint,
  parseSizeAnswer,
} from './add-checkpoint.ts'
import { toBase64 } from './bytes.ts'

/** As C2SP tlog-witness prints one. */
const published = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`
const malformed = expect.objectContaining({ code: 'submission_malformed', kind: 'malformed' })

describe('what a log sends to a witness', () => {
  test('W1: an old size, proof lines, an empty line and the note as it is', () => {
    const parsed = parseAddCheckpoint(published)
    expect(parsed.oldSize).toBe(20_852_014)
    expect(parsed.proof.map(toBase64)[3]).toBe('/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=')
    expect(parsed.note.startsWith('example.com/behind-the-sofa\n20852163\n')).toBe(true)
    expect(formatAddCheckpoint(parsed)).toBe(published)
    expect(parseAddCheckpoint(Buffer.from(published))).toEqual(parsed)
  })

  test('W1: what is written is read back the same', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
    const request = fc.record({
      oldSize: fc.maxSafeNat(),
      proof: fc.array(hash, { maxLength: MAX_PROOF_LINES }),
      note: fc.string({ unit: 'grapheme' }),
    })
    fc.assert(
      fc.property(request, made => {
        expect(parseAddCheckpoint(formatAddCheckpoint(made))).toEqual(made)
      }),
    )
  })

  const proof = 'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw='
  test.each([
    ['nothing', ''],
    ['no empty line', 'old 0\n'],
    ['no old size', `${proof}\n\nnote`],
    ['another word', 'new 1\n\nnote'],
    ['a leading zero', 'old 01\n\nnote'],
    ['a sign', 'old +1\n\nnote'],
    ['two spaces', 'old  1\n\nnote'],
    ['no number', 'old \n\nnote'],
    ['carriage returns', 'old 1\r\n\r\n\n\nnote'],
    ['a hash too short', 'old 1\nAAAA\n\nnote'],
    ['64 hashes', `old 1\n${`${proof}\n`.repeat(64)}\nnote`],
  ])('W1: is refused with %s', (_, body) => {
    expect(() => parseAddCheckpoint(body)).toThrow(malformed)
  })

  test('W1: is refused where a hash is not canonical base64, or a size cannot be counted', () => {
    const encoding = expect.objectContaining({ code: 'encoding_malformed' })
    expect(() => parseAddCheckpoint(`old 1\n${proof.slice(0, -1)}\n\nnote`)).toThrow(encoding)
    expect(() => parseAddCheckpoint(Uint8Array.of(0xff, 0x0a, 0x0a))).toThrow(encoding)
    const range = expect.objectContaining({ code: 'number_out_of_range' })
    expect(() => parseAddCheckpoint('old 9007199254740992\n\nnote')).toThrow(range)
    const long = { oldSize: 1, proof: Array(64).fill(new Uint8Array(32)), note: '' }
    expect(() => formatAddCheckpoint(long)).toThrow(range)
  })
})

test('W4: a size is answered in decimal and a newline', () => {
  expect(parseSizeAnswer('20852014\n')).toBe(20_852_014)
  expect(parseSizeAnswer('0\n')).toBe(0)
  for (const text of ['', '7', '07\n', '7\n\n', ' 7\n'])
    expect(() => parseSizeAnswer(text)).toThrow(malformed)
})
