// Several windows, one session: what another window wrote is followed here.
import { expect, test } from 'vitest'
import {
  fakeFetch,
  memorySlot,
  personWith,
  type Routes,
  server,
  signedIn,
} from '../../test/support/panel/fake-platform.ts'
import type { LogClient } from '../worker/log-client.ts'
import { createSessionModel } from './session-model.ts'

const person = personWith()

async function openWindow(routes: Routes = { 'GET /v1/me': { body: person } }) {
  const remembered = signedIn(person)
  const memory = { server: memorySlot(remembered.server), session: memorySlot(remembered.session) }
  const calls: unknown[][] = []
  const log = { call: async (...call: unknown[]) => void calls.push(call), on: () => () => {} }
  const session = createSessionModel({
    memory: memory as never,
    hosts: { request: async () => true, remove: async () => {} },
    log: log as unknown as LogClient,
    fetch: fakeFetch(routes),
  })
  session.follow()
  await session.start()
  expect(session.state.value.name).toBe('open')
  return { session, memory, calls }
}

test('signed out elsewhere: out here, and nothing is kept', async () => {
  const { session, memory, calls } = await openWindow()
  await memory.session.clear()
  await expect.poll(() => session.state.value).toMatchObject({ name: 'sign-in', ended: false })
  expect(calls).toContainEqual(['close', { purge: true }])
})

test('signed in again elsewhere after the session ended: goes on here, filter and list untouched', async () => {
  const { session, memory, calls } = await openWindow()
  session.sessionEnded()
  const before = session.state.value
  await memory.session.write({ server, token: 'token-2', me: person })
  expect(session.expired.value).toBe(false)
  expect(session.state.value).toBe(before)
  expect(calls).toEqual([['renew', 'token-2']])
})

test('what this window wrote itself changes nothing', async () => {
  const { session, memory, calls } = await openWindow()
  const before = session.state.value
  await memory.session.write({ server, token: 'token-1', me: person })
  expect(session.state.value).toBe(before)
  expect(calls).toEqual([])
})
