import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SavedView } from '../../shared/api.ts'
import { openTestApp } from '../../test/support/app.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
beforeAll(async () => {
  opened = await openTestApp()
})
afterAll(() => opened.close())

const view = (id: string, change: Partial<SavedView> = {}): SavedView => ({
  ...{ id, name: `View ${id}`, filter: 'action=user.login_failed&range=7d', pinned: false, seen: 0 },
  ...change,
})

async function someone(name: string) {
  const { token } = await opened.join(name, 'security-analyst')
  return async (method: 'GET' | 'PUT', body?: unknown) => {
    const response = await opened.app.request('/v1/me/views', {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
}

test('each has a list of their own, in their own order', async () => {
  const ada = await someone('Ada')
  const bob = await someone('Bob')
  expect((await ada('GET')).body).toEqual({ revision: 0, views: [] })
  const views = [view('b', { pinned: true, seen: 12 }), view('a')]
  expect(await ada('PUT', { revision: 0, views })).toEqual({ status: 200, body: { revision: 1, views } })
  expect((await ada('GET')).body).toEqual({ revision: 1, views })
  expect((await bob('GET')).body).toEqual({ revision: 0, views: [] })
})

test('who did not read the last revision changes nothing', async () => {
  const cleo = await someone('Cleo')
  await cleo('PUT', { revision: 0, views: [view('first')] })
  const late = await cleo('PUT', { revision: 0, views: [] })
  expect(late).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect((await cleo('GET')).body).toMatchObject({ revision: 1, views: [{ id: 'first' }] })
})

test.each([
  ['a filter that cannot be read', { views: [view('x', { filter: 'outcome=perhaps' })] }],
  ['a name too long', { views: [view('x', { name: 'x'.repeat(81) })] }],
  ['two views of one id', { views: [view('x'), view('x')] }],
  ['too many views', { views: Array.from({ length: 101 }, (_, at) => view(String(at))) }],
  ['no list', { views: 'all' }],
])('%s is refused', async (what, body) => {
  const dora = await someone(`Dora and ${what}`)
  expect((await dora('PUT', { revision: 0, ...body })).status).toBe(400)
  expect((await dora('GET')).body).toEqual({ revision: 0, views: [] })
})
