import { expect, test } from 'vitest'
import { formatViewLink, parseViewLink } from './view-link.ts'

test('what is written is read again, and nothing of it is in the path or the query', () => {
  const parameters = new URLSearchParams({ q: 'jane@example.com #1', range: '7d', event: '4' })
  const link = formatViewLink({ origin: 'https://audit.example.com', parameters })
  expect(new URL(link).pathname + new URL(link).search).toBe('/open')
  const read = parseViewLink(` ${link}\n`)!
  expect(read.origin).toBe('https://audit.example.com')
  expect([...read.parameters]).toEqual([...parameters])
})

test.each([
  'https://audit.example.com/',
  'https://audit.example.com/open?q=jane#x=1',
  'https://audit.example.com/opener#q=1',
  'ftp://audit.example.com/open#q=1',
  'javascript:alert(1)',
  '/open#q=1',
  `https://audit.example.com/open#q=${'x'.repeat(20_000)}`,
])('%.60s is no link to a view', text => {
  expect(parseViewLink(text)).toBeNull()
})
