import { expect, test } from 'vitest'
import { parseServerAddress } from './server-address.ts'

test.each([
  ['audit.example.com', 'https://audit.example.com'],
  ['  https://audit.example.com/some/path?x#y ', 'https://audit.example.com'],
  ['audit.example.com:8443', 'https://audit.example.com:8443'],
  ['localhost:8787', 'http://localhost:8787'],
  ['127.0.0.1:8787', 'http://127.0.0.1:8787'],
  ['http://127.0.0.1:8787/', 'http://127.0.0.1:8787'],
])('%s is %s', (typed, origin) => {
  expect(parseServerAddress(typed)).toEqual({ origin })
})

test.each([
  ['', 'empty'],
  ['not a server', 'unreadable'],
  ['ftp://audit.example.com', 'unreadable'],
  ['javascript:alert(1)', 'unreadable'],
  ['http://audit.example.com', 'insecure'],
  ['http://localhost.evil.example', 'insecure'],
])('%j is refused as %s', (typed, problem) => {
  expect(parseServerAddress(typed)).toEqual({ problem })
})
