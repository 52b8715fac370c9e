import { expect, test } from 'vitest'
import { isInRange, parseAddress, parseAddressRange } from './address.ts'

function lies(ip: string, range: string): boolean {
  return isInRange(parseAddress(ip)!, parseAddressRange(range)!)
}

test.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.4', '10.1.2.3', false],
  ['10.1.2.3', '0.0.0.0/0', true],
  ['10.1.2.255', '10.1.2.77/24', true],
  ['::1', '::1', true],
  ['2001:db8::1', '2001:0db8:0:0::1', true],
  ['2001:db8::1', '2001:db8::/32', true],
  ['2001:db9::1', '2001:db8::/32', false],
  ['::ffff:10.0.0.1', '10.0.0.0/8', true],
  ['10.0.0.1', '::ffff:10.0.0.1', true],
  ['10.0.0.1', '::ffff:10.0.0.0/104', true],
  ['11.0.0.1', '::ffff:10.0.0.0/104', false],
  ['11.0.0.1', '::ffff:0:0/96', true],
  ['10.0.0.1', '::/0', false],
  ['::1', '0.0.0.0/0', false],
])('whether %s lies in %s: %s', (ip, range, expected) => {
  expect(lies(ip, range)).toBe(expected)
})

test.each([
  '',
  '10.0.0',
  '10.0.0.256',
  '010.0.0.1',
  '0x7f000001',
  '2130706433',
  '10.0.0.1 ',
  '2001:db8::1<script>',
  'localhost',
  '1::2::3',
])('"%s" is no address', text => {
  expect(parseAddress(text)).toBeNull()
  expect(parseAddressRange(text)).toBeNull()
})

test.each([
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  '10.0.0.0/8.0',
  '::/129',
  '::ffff:10.0.0.0/95',
  '/8',
])('"%s" is no range', text => {
  expect(parseAddressRange(text)).toBeNull()
})
