import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { server } from '../../../test/support/panel/fake-platform.ts'
import { endPanels, renderLog } from '../../../test/support/panel/render-panel.tsx'

let clipboard = ''
beforeEach(() => {
  clipboard = ''
  const writeText = async (text: string) => {
    clipboard = text
  }
  vi.stubGlobal('navigator', Object.create(navigator, { clipboard: { value: { writeText } } }))
})
afterEach(() => {
  vi.unstubAllGlobals()
  endPanels()
})

const copied = (test: (text: string) => void) => waitFor(() => test(clipboard))

test('c copies the active row as JSON, y a link to it in this view', async () => {
  const { log, panel } = await renderLog({ address: 'area=scans' })
  const grid = screen.getByRole('grid')
  grid.focus()
  fireEvent.keyDown(grid, { key: 'j' })
  const { index } = panel.list.rowAt(panel.list.active.value!)!
  fireEvent.keyDown(grid, { key: 'c' })
  await copied(text => expect(JSON.parse(text)).toEqual(log.events.find(event => event.index === index)))
  fireEvent.keyDown(grid, { key: 'y' })
  await copied(text => expect(text).toBe(`${server}/open#area=scans&event=${index}`))
})

test('the row menu opens by key and by the other mouse button, and copies a line of text', async () => {
  const { panel } = await renderLog()
  const grid = screen.getByRole('grid')
  grid.focus()
  fireEvent.keyDown(grid, { key: '.' })
  const menu = await screen.findByRole('menu', { name: 'Event menu' })
  fireEvent.keyDown(menu, { key: 'Escape' })
  expect(screen.queryByRole('menu')).toBeNull()
  expect(document.activeElement).toBe(grid)
  fireEvent.contextMenu(screen.getAllByRole('row')[2]!)
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Copy event as text' }))
  const row = panel.list.rowAt(2)!
  await copied(text => {
    expect(text).toContain(row.actor.label)
    expect(text.split('\n')).toHaveLength(1)
  })
})

test('the row menu narrows to what the row shows', async () => {
  const { panel } = await renderLog()
  const row = panel.list.rowAt(1)!
  fireEvent.contextMenu(screen.getAllByRole('row')[1]!)
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Only this action' }))
  expect(panel.filter.filter.value.action!.include).toEqual([row.action])
})

test('the open event is copied from its own menu', async () => {
  const { panel } = await renderLog()
  const { index } = panel.list.rowAt(0)!
  await panel.detail.open(index, 0)
  const pane = await screen.findByRole('region', { name: 'Event details' })
  fireEvent.click(within(pane).getByRole('button', { name: 'Copy event' }))
  fireEvent.click(await screen.findByRole('menuitem', { name: /^Copy link/ }))
  await copied(text => expect(text).toBe(`${server}/open#event=${index}`))
})
