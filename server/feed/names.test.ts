import { afterEach, beforeEach, expect, test } from 'vitest'
import { EventPage } from '../../shared/api.ts'
import { bearer, local } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'
import { people, targets } from '../../test/support/platform/entries.ts'
import { platformKey } from '../../test/support/platform/stand-in.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
let key: string
beforeEach(async () => {
  opened = await openTestApp()
  const permissions = ['audit_log.read', 'audit_log.read_personal'] as const
  key = (await opened.access.createKey({ name: 'reader', permissions: [...permissions] }, local)).key
})
afterEach(() => opened.close())

const source = {
  name: 'Platform',
  kind: 'invicti-platform' as const,
  baseUrl: 'https://platform.example',
  key: platformKey,
  ...{ userId: null, intervalSeconds: 60, startDate: null, certificateAuthority: null, proxy: null },
  ...{ usersPath: '/api/people', targetsPath: '/api/targets' },
}

async function find(query: string) {
  await expect.poll(() => opened.live.size).toBe(opened.log.writer.size)
  const response = await opened.app.request(`/v1/events?limit=100&${query}`, { headers: bearer(key) })
  return EventPage.parse(await response.json()).events
}
const caughtUp = () =>
  expect
    .poll(async () => (await opened.feed.list()).every(({ state }) => state === 'caught_up'), {
      timeout: 30_000,
    })
    .toBe(true)

test('entries carry the names known when they were made, and say when these were looked up', async () => {
  await opened.feed.start()
  await opened.feed.add(source, local)
  await caughtUp()
  const [started] = await find('action=scan.started')
  const person = people.find(({ id }) => id === started!.actor.id)!
  expect(started!.actor).toMatchObject({
    name: `${person.firstName} ${person.lastName}`,
    email: person.email,
  })
  const target = targets.find(({ id }) => id === started!.targets[0]!.id)!
  expect(started!.targets[0]!.name).toBe(target.name)
  expect(started!.metadata.namesLookedUpAt).toBe(new Date(opened.log.clock.now).toISOString())
  expect(await find('action=name.resolved')).toEqual([])
})

test('a name learnt later is an entry of its own, once, and no entry changes', async () => {
  await opened.feed.start()
  const { id } = await opened.feed.add({ ...source, usersPath: null, targetsPath: null }, local)
  await caughtUp()
  const before = await find('action=scan.started')
  expect(before[0]!.actor).toMatchObject({ name: null, email: null })
  await opened.feed.change(id, { usersPath: '/api/people', targetsPath: '/api/targets' }, local)
  opened.platform.happen(6)
  await opened.feed.runNow(id)
  await expect
    .poll(async () => (await find('action=name.resolved')).length)
    .toBe(people.length + targets.length)
  const told = await find('action=name.resolved')
  expect(told.map(({ targets: [named] }) => named!.name)).toEqual(
    expect.arrayContaining(['Ada Okafor', 'Jonas Lindqvist', 'Mei Tanaka', 'Shop', 'Blog']),
  )
  expect(told[0]).toMatchObject({ source: 'trailside', metadata: { source: 'invicti-platform' } })
  const after = await find('action=scan.started')
  expect(after.slice(-before.length)).toEqual(before)
  opened.log.clock.now += 2 * 3_600_000
  opened.platform.happen(1)
  await opened.feed.runNow(id)
  await expect.poll(async () => (await opened.feed.list())[0]!.taken).toBe(47)
  expect(await find('action=name.resolved')).toHaveLength(told.length)
})

test('a list that may not be read stops nothing and is said', async () => {
  await opened.feed.start()
  await opened.feed.add({ ...source, targetsPath: '/api/nowhere' }, local)
  await caughtUp()
  const [listed] = await opened.feed.list()
  expect(listed).toMatchObject({
    taken: 40,
    trouble: null,
    settings: { namesTrouble: { code: 'wrong_address', detail: '/api/nowhere: HTTP 404' } },
  })
  const [started] = await find('action=scan.started')
  expect([started!.actor.name === null, started!.targets[0]!.name]).toEqual([false, null])
})
