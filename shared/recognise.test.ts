import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recognise } from './recognise.ts'

const uuid = '1b4e28ba-2fa1-11d2-883f-0016d3cca427'

test.each<[string, string[]]>([
  [uuid, [`id ${uuid}`]],
  ['req-4f2a91', ['id req-4f2a91']],
  ['01ARZ3NDEKTSV4RRFFQ69G5FAV', ['id 01ARZ3NDEKTSV4RRFFQ69G5FAV']],
  ['4bf92f3577b34da6a3ce929d0e0e4736', ['id 4bf92f3577b34da6a3ce929d0e0e4736']],
  ['Jane.Doe@example.com', ['email Jane.Doe@example.com']],
  ['<mailto:jane@example.com>', ['email jane@example.com']],
  ['“jane”', []],
  ['203.0.113.7', ['ip 203.0.113.7']],
  ['203.0.113.7:8443', ['ip 203.0.113.7']],
  ['10.0.0.0/8', ['ip 10.0.0.0/8']],
  ['2001:db8::1', ['ip 2001:db8::1']],
  ['[2001:db8::1]:443', ['ip 2001:db8::1']],
  ['10.0.0.300', []],
  ['scan.started', ['action scan.started']],
  ['Shop.Example.com', ['host shop.example.com']],
  ['shop.example.com:30443/', ['host shop.example.com']],
  ['localhost', ['host localhost']],
  [`https://app.example.com/targets/${uuid}?tab=2`, [`id ${uuid}`, 'host app.example.com']],
  [`https://app.example.com/#/scans/${uuid}`, [`id ${uuid}`, 'host app.example.com']],
  ['https://203.0.113.7:30443/x', ['ip 203.0.113.7']],
  ['(see https://app.example.com/a)', []],
  ['Maria Jensen', []],
  ['e.g.', []],
  ['https://audit.example.com/open#q=x', ['link https://audit.example.com/open#q=x']],
  ['https://audit.example.com/open?q=x', ['host audit.example.com']],
])('%s', (text, expected) => {
  const found = recognise(text)
  const link = expected[0]?.startsWith('link')
  const all = link ? expected : [...expected, `text ${text}`]
  expect(found.map(({ kind, value }) => `${kind} ${value}`)).toEqual(all)
})

test('blank and very long text is nothing; anything else is at least itself', () => {
  expect(recognise(' \n')).toEqual([])
  expect(recognise('x'.repeat(2_001))).toEqual([])
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 60 }), text => {
      const found = recognise(text)
      if (text.trim() === '') expect(found).toEqual([])
      else expect(found.at(-1)).toEqual({ kind: 'text', value: text.trim() })
      expect(found.length).toBeLessThanOrEqual(8)
    }),
  )
})

test('a web address with many ids keeps the first ones and itself', () => {
  const ids = Array.from({ length: 20 }, (_, at) => uuid.replace(/^.{8}/, String(at).padStart(8, '0')))
  const found = recognise(`https://app.example.com/${ids.join('/')}`)
  expect(found.slice(0, 7).map(({ value }) => value)).toEqual(ids.slice(0, 7))
  expect(found.at(-1)!.kind).toBe('text')
})
