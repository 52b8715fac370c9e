import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { someEvent } from '../test/support/arbitrary-event.ts'
import type { AuditEvent } from './audit-event.ts'
import { foldPhrase, foldText, searchTextOf } from './search-text.ts'

const event: AuditEvent = {
  id: 'Evt-1',
  source: 'test',
  index: 0,
  occurredAt: '2024-01-01T00:00:00.000Z',
  receivedAt: '2024-01-01T00:00:00.000Z',
  action: 'user.login',
  area: 'authentication',
  actor: {
    type: 'user',
    id: 'U-7',
    name: 'Zoë',
    email: 'zoe@example.com',
    onBehalfOf: { id: 'U-8', name: 'Boss', email: 'boss@example.com' },
  },
  targets: [{ type: 'website', id: 'W-1', name: 'Shop' }],
  outcome: 'success',
  changes: [{ field: 'limit', before: 50, after: { Deep: ['Größe', null, true, 0] } }],
  context: {
    ip: '10.0.0.1',
    userAgent: 'Mozilla',
    channel: 'web',
    requestId: 'Req-1',
    sessionId: 'Ses-1',
    location: 'Zürich',
  },
  metadata: { Note: 'Hello' },
  withheld: [],
}

describe('folding', () => {
  test.each([
    ['Zürich', 'zurich'],
    ['ÉCOLE', 'ecole'],
    ['İstanbul', 'istanbul'],
    ['ﬁle', 'file'],
    ['①', '1'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['οδός', 'οδοσ'],
    ['日本語', '日本語'],
    ['A\nB', 'a\nb'],
    ['', ''],
  ])('%s is compared as %s', (text, folded) => {
    expect(foldText(text)).toBe(folded)
  })

  const letters = fc.constantFrom(...'aZ0é\u0301ΣςσİIıß ÅﬁЖ日\n'.split(''), '😀')
  const words = fc.array(letters, { maxLength: 12 }).map(parts => parts.join(''))

  test('a part of a text folds to a part of its fold', () => {
    fc.assert(
      fc.property(words, words, words, (before, part, after) => {
        expect(foldText(before + part + after)).toContain(foldText(part))
      }),
      { numRuns: 2000 },
    )
  })

  test('a value of many lines is searched as one, and so is a phrase', () => {
    expect(foldPhrase('Zwei\nZeilen')).toBe('zwei zeilen')
    const noted = { ...event, metadata: { note: 'two\nlines' } }
    expect(searchTextOf(noted, { personal: true })).toContain(foldPhrase('TWO lines'))
    expect(searchTextOf(noted, { personal: true })).toContain(foldPhrase('two\nlines'))
  })

  test('what is folded stays', () => {
    fc.assert(
      fc.property(words, text => {
        expect(foldText(foldText(text))).toBe(foldText(text))
      }),
    )
  })
})

describe('the text of an event', () => {
  test('holds labels, ids, names, changes and metadata', () => {
    const lines = searchTextOf(event, { personal: false }).split('\n')
    const expected = [
      'user.login',
      'user logged in',
      'authentication',
      'u-7',
      'evt-1',
      'w-1',
      'shop',
      'req-1',
    ]
    expected.push('ses-1', 'limit', '50', 'deep', 'große', 'true', '0', 'note', 'hello')
    for (const part of expected) expect(lines).toContain(part)
  })

  test('holds what is personal only for those who may see it', () => {
    const personal = ['zoe', 'zoe@example.com', 'boss', 'boss@example.com', '10.0.0.1', 'mozilla', 'zurich']
    const open = searchTextOf(event, { personal: false }).split('\n')
    const all = searchTextOf(event, { personal: true }).split('\n')
    expect(all.slice(open.length).sort()).toEqual(personal.sort())
    for (const part of personal) {
      expect(searchTextOf(event, { personal: true })).toContain(part)
      expect(searchTextOf(event, { personal: false })).not.toContain(part)
    }
  })

  test('is the same without personal data, whatever that is', () => {
    fc.assert(
      fc.property(someEvent, event => {
        const { actor, context } = event
        const stranger = { ...actor, name: null, email: null, onBehalfOf: null }
        const nowhere = { ...context, ip: null, userAgent: null, location: null }
        const bare = { ...event, index: 0, actor: stranger, context: nowhere }
        expect(searchTextOf(bare, { personal: false })).toBe(
          searchTextOf({ ...event, index: 0 }, { personal: false }),
        )
        expect(searchTextOf(bare, { personal: true })).toBe(searchTextOf(bare, { personal: false }))
      }),
    )
  })
})
