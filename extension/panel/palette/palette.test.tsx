import { fireEvent, screen, waitFor } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import { personWith, server } from '../../../test/support/panel/fake-platform.ts'
import { endPanels, renderLog, renderPanel } from '../../../test/support/panel/render-panel.tsx'
import { panelActions } from '../actions/actions.ts'

afterEach(endPanels)

async function openPalette(type?: string) {
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true })
  const field = (await screen.findByRole('combobox', { name: 'Find a command' })) as HTMLInputElement
  if (type !== undefined) fireEvent.input(field, { target: { value: type } })
  const press = (key: string) => fireEvent.keyDown(field, { key })
  return { field, press }
}
const offered = () =>
  screen.getAllByRole('option').map(option => option.querySelector('.suggestion-label')!.textContent)

test('a few letters find an action, Enter does it and closes', async () => {
  const { panel } = await renderLog()
  const { press, field } = await openPalette('dark')
  expect(offered()[0]).toBe('Dark colours')
  expect(document.getElementById(field.getAttribute('aria-activedescendant')!)!.textContent).toContain('Dark')
  press('Enter')
  expect(panel.settings.settings.value.theme).toBe('dark')
  expect(screen.queryByRole('combobox', { name: 'Find a command' })).toBeNull()
})

test('shows the shortcut of each action, and only what can be done', async () => {
  await renderLog({ me: personWith(['audit_log.read']) })
  await openPalette()
  const named = offered()
  expect(named).toContain('Export')
  expect(named).not.toContain('Administration')
  expect(named).not.toContain('Clear all filters')
  expect(screen.getByRole('option', { name: /^Export/ }).querySelector('kbd')!.textContent).toBe('e')
})

test('a query becomes chips, a day the dates', async () => {
  const { panel } = await renderLog()
  const { press } = await openPalette('action:scan.started')
  press('Enter')
  await waitFor(() =>
    expect(panel.filter.chips.value).toEqual([{ part: 'action', value: 'scan.started', excluded: false }]),
  )
  const again = await openPalette('2026-11-20')
  expect(offered()[0]).toBe('Search for on:2026-11-20')
  again.press('Enter')
  await waitFor(() => expect(panel.filter.filter.value.from).toBe('2026-11-20T00:00:00.000Z'))
})

test('a pasted link opens the view; one of another server is told so', async () => {
  const { panel } = await renderLog()
  const { press } = await openPalette(`${server}/open#area=scans&range=7d`)
  expect(offered()).toEqual(['Open this link'])
  press('Enter')
  expect(panel.filter.filter.value.area!.include).toEqual(['scans'])
  const again = await openPalette('https://elsewhere.example/open#area=users')
  again.press('Enter')
  await screen.findByText('This link is about another server: https://elsewhere.example')
})

test('a link pasted into the query bar opens too', async () => {
  const { panel } = await renderLog()
  const box = screen.getByRole('combobox', { name: 'Search' })
  box.focus()
  fireEvent.paste(box, { clipboardData: { getData: () => `${server}/open#area=scans` } })
  expect(panel.filter.filter.value.area!.include).toEqual(['scans'])
})

test('there is no palette before someone is signed in', async () => {
  renderPanel({ remembered: 'server' })
  await screen.findByRole('heading', { name: 'Sign in' })
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true })
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('no two actions have one key or one name', () => {
  const keys = panelActions.flatMap(action => action.keys ?? [])
  expect(new Set(keys).size).toBe(keys.length)
  expect(new Set(panelActions.map(({ id }) => id)).size).toBe(panelActions.length)
  expect(new Set(panelActions.map(({ label }) => label)).size).toBe(panelActions.length)
})
