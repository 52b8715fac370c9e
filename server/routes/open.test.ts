import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
beforeAll(async () => {
  opened = await openTestApp()
})
afterAll(() => opened.close())

test('the page behind a link to a view says how to open it, and may run and fetch nothing', async () => {
  const response = await opened.app.request('/open')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/html')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  const text = await response.text()
  expect(text).toContain('Paste the address into the search field')
  expect(text).not.toMatch(/<script|src=|href=/)
  const policy = response.headers.get('content-security-policy')!
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe')
  const style = /<style>([\s\S]*)<\/style>/.exec(text)![1]!
  expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
})
