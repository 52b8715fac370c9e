import { describe, expect, test } from 'vitest'
import { weaknessOf } from './password-rules.ts'

const person = { name: 'Ottilie Brandauer', email: 'ottilie.brandauer@kestrel-works.example' }

describe('refused', () => {
  test.each([
    ['short', 'kW9#vTq2!zX'],
    ['a common password made longer', 'password1234'],
    ['the same, disguised', 'P@ssw0rd2024!'],
    ['a run', '123456789012'],
    ['letters in order', 'abcdefghijklmnop'],
    ['a row of keys', 'qwertyuiop1234'],
    ['one character', 'aaaaaaaaaaaaaaaa'],
    ['a repeated unit', 'xk7xk7xk7xk7xk7xk7'],
    ['season and year', 'Summer2025!!!!'],
    ['common words only', 'letmeinadmin2020'],
    ['the name', 'OttilieBrandauer1'],
    ['the e-mail', 'ottilie.brandauer@kestrel-works.example'],
    ['parts of the e-mail', 'kestrel-works-2024'],
    ['the product', 'trailside-invicti-1'],
    ['too long', 'correct horse '.repeat(30)],
  ])('%s', (_why, password) => {
    expect(weaknessOf(password, person)).toMatch(/^The password .+\.$/)
  })
})

describe('accepted', () => {
  test.each([
    ['unrelated words', 'velvet otter climbs nine stairs'],
    ['random characters', 'rT6vQ0xMzW3k'],
    ['another script', 'жёлтая лампа под мостом'],
    ['a one-time password', 'k7m2q-w4hx9-p3vrt-z8nbd'],
    ['at the longest', `${'ab cd ef gh ij kl mn op '.repeat(10)}qr st uv wx yz 1`],
  ])('%s', (_why, password) => {
    expect(weaknessOf(password, person)).toBeNull()
  })
})

test('a very short name takes nothing away', () => {
  expect(weaknessOf('velvet otter climbs', { name: 'V', email: 'v@e.org' })).toBeNull()
})
