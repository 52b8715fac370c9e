import { expect, test } from 'vitest'
import { createTestKey } from '../../test/support/test-log.ts'
import { pinnedFor, quorumFor } from './log-policy.ts'

const server = 'https://audit.example.com'

test('a server’s keys are those the policy names for it', async () => {
  const { origin, verifierKeys } = await createTestKey()
  const keys = { origin, ...verifierKeys }
  expect(pinnedFor(server, [{ server: `${server}/`, ...keys }])).toEqual(keys)
  expect(pinnedFor('https://other.example.com', [{ server, ...keys }])).toBeNull()
  expect(pinnedFor(server, undefined)).toBeNull()
})

test.each([
  ['no list', {}],
  ['a key missing', [{ server, origin: 'a', log: 'a+00000000+AA==' }]],
  ['a key that is none', [{ server, origin: 'a', log: 'a+00000000+AA==', time: 'x' }]],
])('a policy that cannot be read is never taken for none: %s', (_, logs) => {
  expect(() => pinnedFor(server, logs)).toThrow(/policy_unreadable/)
})

const signed = async () => {
  const { origin, verifierKeys } = await createTestKey()
  return { server, origin, ...verifierKeys }
}

test('the witnesses asked for are those of the policy’s text, for its server alone', async () => {
  const entry = await signed()
  const policy = `log ${entry.log}\nquorum none\n`
  expect(quorumFor(server, [{ ...entry, policy }])).toBe(policy)
  expect(quorumFor(server, [entry])).toBeNull()
  expect(quorumFor('https://other.example.com', [{ ...entry, policy }])).toBeNull()
  expect(pinnedFor(server, [{ ...entry, policy }])).not.toHaveProperty('policy')
})

test.each([
  ['no policy', 'nonsense'],
  ['no quorum', '# nothing\n'],
  ['another log', 'log example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\nquorum none\n'],
])('a trust policy that cannot be kept is never taken for none: %s', async (_, policy) => {
  const entry = await signed()
  expect(() => quorumFor(server, [{ ...entry, policy }])).toThrow(/policy_unreadable/)
})
