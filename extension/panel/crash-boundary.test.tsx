import { cleanup, render, screen } from '@testing-library/preact'
import { afterEach, expect, test, vi } from 'vitest'
import { englishMessages } from '../../test/support/panel/fake-platform.ts'
import { CrashBoundary } from './CrashBoundary.tsx'
import { speakFrom } from './text/translate.ts'

afterEach(cleanup)

test('a defect leaves words and a way on, not a blank panel', () => {
  speakFrom(englishMessages, 'en-GB')
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const Broken = () => {
    throw new Error('broken')
  }
  render(
    <CrashBoundary>
      <Broken />
    </CrashBoundary>,
  )
  expect(screen.getByRole('alert').textContent).toContain('The panel has stopped')
  expect(screen.getByRole('button', { name: 'Open again' })).toBeDefined()
})
