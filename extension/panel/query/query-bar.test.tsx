import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import { personWith } from '../../../test/support/panel/fake-platform.ts'
import {
  endPanels,
  type PanelOptions,
  renderLog,
  settled,
} from '../../../test/support/panel/render-panel.tsx'

afterEach(endPanels)

async function openBar(options: PanelOptions = {}) {
  const made = await renderLog(options)
  const box = screen.getByRole('combobox', { name: 'Search' }) as HTMLInputElement
  const type = (text: string) => {
    box.focus()
    box.value = text
    box.setSelectionRange(text.length, text.length)
    fireEvent.input(box)
  }
  const press = (key: string) => fireEvent.keyDown(box, { key })
  const count = (test: (event: (typeof made.log.events)[number]) => boolean) =>
    made.log.events.filter(test).length
  return { ...made, box, type, press, count }
}

const options = () => screen.queryAllByRole('option').map(option => option.textContent)
const activeOption = (box: HTMLElement) => {
  const id = box.getAttribute('aria-activedescendant')
  return id === null ? null : document.getElementById(id)!.textContent
}
const chips = () =>
  within(screen.getByRole('list', { name: 'Filters in force' }))
    .getAllByRole('button', { name: /^(?!Remove|Clear|Edit)/ })
    .map(button => button.textContent)

test('typed terms filter at once, and Enter makes chips of them', async () => {
  const { type, press, box, count } = await openBar()
  type('action:scan.started user:jensen')
  await screen.findByText(
    `${count(({ action, actor }) => action === 'scan.started' && actor.id === 'u-01')} events`,
  )
  press('Enter')
  await waitFor(() => expect(box.value).toBe(''))
  expect(chips()).toEqual(['Action: Scan started', 'User: Maria Jensen'])
})

test('keys are offered first, then values of the log with their counts under the rest of the filter', async () => {
  const { type, press, box, count, panel } = await openBar()
  type('out')
  expect(options()).toEqual(['outcome:success, failure or denied'])
  press('ArrowDown')
  expect(activeOption(box)).toContain('outcome:')
  press('Enter')
  expect(box.value).toBe('outcome:')
  await waitFor(() => expect(options().join()).toContain('Failed'))
  panel.filter.include('area', 'authentication')
  type('outcome:fail')
  const failed = count(({ outcome, area }) => outcome === 'failure' && area === 'authentication')
  await waitFor(() => expect(options()).toEqual([`OutcomeFailed${failed} events${failed}`]))
  press('Tab')
  expect(box.value).toBe('')
  expect(chips()).toEqual(['Area: Authentication', 'Outcome: Failed'])
})

test('a word finds people and targets; taking one leaves the rest of the text', async () => {
  const { type, press, box } = await openBar()
  type('payments jens')
  await waitFor(() => expect(options().some(option => option!.includes('Maria Jensen'))).toBe(true))
  press('ArrowDown')
  press('Enter')
  expect(box.value).toBe('payments')
  expect(chips()).toEqual(['User: Maria Jensen'])
})

test('Escape goes back a step: suggestions, text', async () => {
  const { type, press, box } = await openBar()
  type('act')
  expect(box.getAttribute('aria-expanded')).toBe('true')
  press('Escape')
  expect(box.getAttribute('aria-expanded')).toBe('false')
  expect(box.value).toBe('act')
  press('Escape')
  expect(box.value).toBe('')
})

test('a mistake is underlined with what was meant, which a click or Enter takes', async () => {
  const { type, press, box, count } = await openBar()
  type('acton:scan.started ')
  const note = await screen.findByText('“acton” is no key.')
  expect(box.getAttribute('aria-invalid')).toBe('true')
  expect(box.getAttribute('aria-describedby')).toBe(note.closest('p')!.id)
  expect(document.querySelector('.query-underlay .wrong')!.textContent).toBe('acton:')
  fireEvent.click(screen.getByRole('button', { name: 'Did you mean action:?' }))
  expect(box.value).toBe('action:scan.started ')
  await screen.findByText(`${count(({ action }) => action === 'scan.started')} events`)
  type('outcome:sucess')
  expect(screen.queryByText(/none of the values/)).toBeNull()
  press('Enter')
  await screen.findByText('“sucess” is none of the values.')
  press('Enter')
  expect(box.value).toBe('outcome:success')
  press('Enter')
  expect(chips()).toEqual(['Outcome: Success'])
})

test('Backspace brings the last chip back as text, with its name', async () => {
  const { press, box, panel } = await openBar()
  box.focus()
  panel.filter.exclude('actor', 'u-01')
  await settled(panel)
  await waitFor(() => expect(chips()).toEqual(['User is not Maria Jensen']))
  press('Backspace')
  await waitFor(() => expect(box.value).toBe('-user:"Maria Jensen"'))
  expect(panel.filter.filter.value.actor).toEqual({ include: [], exclude: ['u-01'] })
})

test('everything can be edited as text, and Escape brings the chips back', async () => {
  const { press, box, panel } = await openBar()
  box.focus()
  panel.filter.include('area', 'scans')
  panel.filter.choosePreset('7d')
  await settled(panel)
  const before = panel.filter.filter.value
  fireEvent.click(screen.getByRole('button', { name: 'Edit as text' }))
  await waitFor(() => expect(box.value).toBe('area:scans last:7d'))
  expect(panel.filter.filter.value).toEqual(before)
  press('Escape')
  press('Escape')
  await waitFor(() => expect(box.value).toBe(''))
  expect(panel.filter.filter.value).toEqual(before)
  expect(panel.filter.dates.value).toEqual({ kind: 'preset', preset: '7d' })
})

test('the help card lists the language, and an example goes into the field', async () => {
  const { box, panel } = await openBar()
  fireEvent.click(screen.getByRole('button', { name: 'How to search' }))
  fireEvent.click(await screen.findByRole('button', { name: /outcome:\[failure,denied\]/ }))
  expect(box.value).toBe('outcome:[failure,denied]')
  expect(document.activeElement).toBe(box)
  await waitFor(() => expect(panel.filter.filter.value.outcome!.include).toEqual(['failure', 'denied']))
})

test('a pasted e-mail becomes a person, an address a term, an unknown id a phrase, words stay words', async () => {
  const { box } = await openBar()
  const paste = async (text: string, expected: string) => {
    box.focus()
    box.select()
    const isFree = fireEvent.paste(box, { clipboardData: { getData: () => text } })
    if (expected === '') expect(isFree).toBe(true)
    else await waitFor(() => expect(box.value).toBe(expected))
  }
  await paste(' maria.jensen@acme.example\n', 'user:maria.jensen@acme.example')
  await paste('203.0.113.7:8443', 'ip:203.0.113.7')
  await paste('req-77ab01', 'req-77ab01')
  await paste('Maria Jensen', '')
})

test('without the permission no address is offered or made', async () => {
  const { type, box } = await openBar({ me: personWith(['audit_log.read']) })
  type('i')
  expect(options()).toEqual([])
  box.select()
  fireEvent.paste(box, { clipboardData: { getData: () => '203.0.113.7' } })
  await waitFor(() => expect(box.value).toBe('"203.0.113.7"'))
})
