import { expect, test } from 'vitest'
import { createTestKey } from '../../test/support/test-log.ts'
import { pinnedFor } from './log-policy.ts'

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
