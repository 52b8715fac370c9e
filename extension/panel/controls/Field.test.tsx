import { cleanup, render, screen } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import { Field } from './Field.tsx'

afterEach(cleanup)

test('a password is hidden while it is typed, and offered to password managers', () => {
  render(
    <Field label="Password" type="password" autocomplete="current-password" value="" onValue={() => {}} />,
  )
  const field = screen.getByLabelText('Password') as HTMLInputElement
  expect(field.type).toBe('password')
  expect(field.autocomplete).toBe('current-password')
})

test('a problem is told with the field, in place of the hint', () => {
  render(<Field label="Name" value="" onValue={() => {}} hint="A hint" problem="Too short" />)
  const field = screen.getByLabelText('Name')
  expect(field.getAttribute('aria-invalid')).toBe('true')
  expect(document.getElementById(field.getAttribute('aria-describedby')!)!.textContent).toBe('Too short')
})
