import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import type { SavedViews } from '../../../shared/api.ts'
import { personWith, problem, type Routes, serverRoutes } from '../../../test/support/panel/fake-platform.ts'
import { endPanels, renderLog } from '../../../test/support/panel/render-panel.tsx'

afterEach(endPanels)

/** A server that keeps the list, as the real one does. */
function keeping(kept: SavedViews): Routes {
  return {
    ...serverRoutes(personWith()),
    'GET /v1/me/views': () => ({ body: kept }),
    'PUT /v1/me/views': sent => {
      const next = sent as SavedViews
      if (next.revision !== kept.revision) return problem(409, 'conflict', 'read again')
      kept.revision += 1
      kept.views = next.views
      return { body: kept }
    },
  }
}

const view = (id: string, name: string, change = {}) => ({
  ...{ id, name, filter: 'area=scans', pinned: false, seen: 500 },
  ...change,
})

async function openViews(kept: SavedViews) {
  const made = await renderLog({ routes: keeping(kept) })
  fireEvent.click(await screen.findByRole('button', { name: /^Saved views/ }))
  const dialog = await screen.findByRole('dialog', { name: 'Saved views' })
  return { ...made, dialog }
}

test('the filter in force is saved under a name, dates that move as such, and opens again', async () => {
  const kept: SavedViews = { revision: 0, views: [] }
  const made = await renderLog({ routes: keeping(kept), address: 'area=scans&range=7d' })
  fireEvent.click(screen.getByRole('button', { name: 'Saved views' }))
  fireEvent.input(await screen.findByLabelText('Save this filter as'), {
    target: { value: ' Scans of the week ' },
  })
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() =>
    expect(kept.views).toMatchObject([
      { name: 'Scans of the week', filter: 'area=scans&range=7d', seen: 500 },
    ]),
  )
  made.panel.filter.clear()
  fireEvent.click(await screen.findByRole('button', { name: /^Scans of the week/ }))
  expect(made.panel.filter.dates.value).toEqual({ kind: 'preset', preset: '7d' })
  expect(made.panel.views.current.value).toBe(kept.views[0]!.id)
})

test('views are counted, with what is new since they were looked at; looking makes it old', async () => {
  const kept: SavedViews = { revision: 3, views: [view('a', 'Scans', { pinned: true, seen: 400 })] }
  const { log, panel } = await renderLog({ routes: keeping(kept) })
  const scans = log.events.filter(({ area }) => area === 'scans')
  const fresh = scans.filter(({ index }) => index >= 400).length
  const pinned = await screen.findByRole('navigation', { name: 'Pinned views' })
  await waitFor(() => expect(pinned.textContent).toContain(`${scans.length} events`), { timeout: 5_000 })
  expect(pinned.textContent).toContain(`${fresh} new event`)
  expect(screen.getByRole('button', { name: 'Saved views, some with new events' })).toBeDefined()
  fireEvent.click(within(pinned).getByRole('button'))
  expect(panel.filter.filter.value.area!.include).toEqual(['scans'])
  await waitFor(() => expect(kept.views[0]!.seen).toBe(500))
  await waitFor(() => expect(pinned.textContent).not.toContain('new event'), { timeout: 5_000 })
})

test('pinned, moved, renamed, and deleted with a way back', async () => {
  const kept: SavedViews = { revision: 0, views: [view('a', 'First'), view('b', 'Second')] }
  const { dialog } = await openViews(kept)
  fireEvent.click(await within(dialog).findByRole('button', { name: 'Pin Second' }))
  await waitFor(() => expect(kept.views[1]!.pinned).toBe(true))
  const choose = async (name: string, item: string) => {
    fireEvent.click(within(dialog).getByRole('button', { name: `More for ${name}` }))
    fireEvent.click(await screen.findByRole('menuitem', { name: item }))
  }
  await choose('Second', 'Move up')
  await waitFor(() => expect(kept.views.map(({ id }) => id)).toEqual(['b', 'a']))
  await choose('First', 'Rename')
  const field = await within(dialog).findByLabelText('Name of the view')
  fireEvent.input(field, { target: { value: 'Renamed' } })
  fireEvent.submit(field.closest('form')!)
  await waitFor(() => expect(kept.views[1]!.name).toBe('Renamed'))
  await choose('Renamed', 'Delete')
  await waitFor(() => expect(kept.views.map(({ id }) => id)).toEqual(['b']))
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
  await waitFor(() => expect(kept.views.map(({ id }) => id)).toEqual(['b', 'a']))
})

test('a change made meanwhile in another window is kept', async () => {
  const kept: SavedViews = { revision: 0, views: [view('a', 'First')] }
  const { dialog } = await openViews(kept)
  await within(dialog).findByRole('button', { name: 'Pin First' })
  kept.revision = 7
  kept.views = [view('a', 'First'), view('b', 'From elsewhere')]
  fireEvent.click(within(dialog).getByRole('button', { name: 'Pin First' }))
  await waitFor(() => expect(kept.views).toMatchObject([{ id: 'a', pinned: true }, { id: 'b' }]))
})

test('without an answer it is said so, not that there are none', async () => {
  const routes = serverRoutes(personWith())
  routes['GET /v1/me/views'] = problem(500, 'internal', 'No')
  await renderLog({ routes })
  fireEvent.click(screen.getByRole('button', { name: 'Saved views' }))
  const dialog = await screen.findByRole('dialog', { name: 'Saved views' })
  await within(dialog).findByRole('alert')
  expect(within(dialog).queryByText('No view is saved yet.')).toBeNull()
})
