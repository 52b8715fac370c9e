import { expect, test } from 'vitest'
import { backoffMs, createPauser } from './pause.ts'

const never = Number.POSITIVE_INFINITY

test('waits grow to half a minute, and are spread', () => {
  expect([0, 1, 4, 5, 50].map(attempt => backoffMs(attempt, () => 1))).toEqual([
    1000, 2000, 16_000, 30_000, 30_000,
  ])
  expect(backoffMs(0, () => 0)).toBe(500)
})

test('a pause ends by itself, by waking, or with its signal', async () => {
  const pauser = createPauser()
  const { signal } = new AbortController()
  await pauser.pause(1, signal)
  setTimeout(pauser.wake, 1)
  await pauser.pause(never, signal)
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 1)
  await pauser.pause(never, stop.signal)
  await pauser.pause(never, stop.signal)
})

test('who is woken before the pause does not pause, once', async () => {
  const pauser = createPauser()
  pauser.wake()
  await pauser.pause(never, new AbortController().signal)
  let over = false
  void pauser.pause(20, new AbortController().signal).then(() => {
    over = true
  })
  await new Promise(resolve => setTimeout(resolve, 5))
  expect(over).toBe(false)
})
