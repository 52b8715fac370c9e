import { expect, test } from 'vitest'
import { englishMessages } from '../../../test/support/panel/fake-platform.ts'
import { counted, currentLanguage, rich, speakFrom, t } from './translate.ts'

test('dates follow the language of the words, and the region only within it', () => {
  speakFrom(englishMessages, 'de-DE')
  expect(currentLanguage()).toBe('en')
  speakFrom(englishMessages, 'en-GB')
  expect(currentLanguage()).toBe('en-GB')
})

test('substitutions are put in once, whatever they hold', () => {
  speakFrom(englishMessages, 'en-GB')
  expect(t('chipIs', 'User', '$1 $2')).toBe('User: $1 $2')
  expect(rich('chipIs', 'a', 'b').join('')).toBe('a: b')
  expect([counted('events', 1), counted('events', 1_234)]).toEqual(['1 event', '1,234 events'])
})
