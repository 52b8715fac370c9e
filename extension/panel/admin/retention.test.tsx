import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import { personWith, problem, type Routes, serverRoutes } from '../../../test/support/panel/fake-platform.ts'
import { endPanels, renderLog, renderPanel } from '../../../test/support/panel/render-panel.tsx'

afterEach(endPanels)

async function openRetention(change: (routes: Routes) => void = () => {}) {
  const me = personWith(['settings.manage'])
  const routes = serverRoutes(me)
  change(routes)
  const made = renderPanel({ me, routes })
  fireEvent.click(await screen.findByRole('button', { name: 'Administration' }))
  fireEvent.click(await screen.findByRole('tab', { name: 'Retention' }))
  await screen.findByRole('heading', { name: 'Legal holds' })
  return made
}
const kept = { days: 365, nextRunAt: null, lastRun: null, removed: 0 }
const type = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } })
const save = () => screen.getByRole('button', { name: 'Save' }) as HTMLButtonElement

test('those who manage settings find this tab, and none about access', async () => {
  await openRetention()
  expect(screen.getAllByRole('tab').map(tab => tab.textContent)).toEqual(['Sources', 'Retention'])
})

test('what is in force, what was done, and when it goes on', async () => {
  await openRetention()
  await screen.findByText('25 Nov 2026, 02:00')
  expect(screen.getByText('24 Nov 2026, 02:00 · 1,024 events removed')).toBeDefined()
  expect(screen.getByText('12,800')).toBeDefined()
  expect((screen.getByLabelText('Days') as HTMLInputElement).value).toBe('365')
  expect(save().disabled).toBe(true)
})

test('to remove more than before is asked about first, with what it does', async () => {
  const sent: unknown[] = []
  await openRetention(routes => {
    routes['PUT /v1/settings/retention'] = body => {
      sent.push(body)
      return { body: { ...kept, ...(body as object) } }
    }
  })
  await screen.findByLabelText('Days')
  type('Days', '90')
  fireEvent.click(save())
  const dialog = within(await screen.findByRole('dialog', { name: 'Remove older events' }))
  expect(dialog.getByText(/older than 90 days will be removed for good/)).toBeDefined()
  expect(sent).toEqual([])
  fireEvent.click(dialog.getByRole('button', { name: 'Remove older events' }))
  await waitFor(() => expect(sent).toEqual([{ days: 90 }]))
  await waitFor(() => expect((screen.getByLabelText('Days') as HTMLInputElement).value).toBe('90'))
})

test('to keep more is saved at once; no number of days is not', async () => {
  const sent: unknown[] = []
  await openRetention(routes => {
    routes['PUT /v1/settings/retention'] = body => {
      sent.push(body)
      return { body: { ...kept, ...(body as object) } }
    }
  })
  await screen.findByLabelText('Days')
  for (const wrong of ['0', '-3', '1.5', 'ten', '99999', '']) {
    type('Days', wrong)
    await screen.findByText('A whole number of days, from 1 to 36,500')
    expect(save().disabled).toBe(true)
  }
  fireEvent.click(screen.getByRole('radio', { name: 'For ever' }))
  fireEvent.click(save())
  await waitFor(() => expect(sent).toEqual([{ days: null }]))
})

test('a hold is placed with what it covers, and a refusal says why', async () => {
  const sent: unknown[] = []
  await openRetention(routes => {
    routes['POST /v1/holds'] = body => {
      sent.push(body)
      return problem(409, 'conflict', 'There are 1000 legal holds.')
    }
  })
  fireEvent.click(screen.getByRole('button', { name: 'Place hold' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Place hold' }))
  expect(dialog.getByText(/^Everything, also what is still to come/)).toBeDefined()
  type('Name', 'Case 7')
  type('Reason', 'Litigation')
  type('User ID', 'u-07')
  type('First day', '2026-03-02')
  type('Last day', '2026-03-01')
  await dialog.findByText('The last day is before the first')
  type('Last day', '2026-03-31')
  fireEvent.click(dialog.getByRole('button', { name: 'Place hold' }))
  await dialog.findByText('There are 1000 legal holds.')
  const scope = { actor: 'u-07', from: '2026-03-02T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' }
  expect(sent).toEqual([{ name: 'Case 7', reason: 'Litigation', scope }])
})

test('holds are listed with what they cover, and released after a question', async () => {
  const released: string[] = []
  await openRetention(routes => {
    routes['DELETE /v1/holds/h-1'] = () => {
      released.push('h-1')
      return {}
    }
  })
  await screen.findByText('Target t-02 · From 1 Mar 2026, 00:00')
  expect(screen.getByText('Placed by Grace Hopper, 2 Oct 2026, 09:30')).toBeDefined()
  fireEvent.click(screen.getByRole('button', { name: 'Release Case 2026-4' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Release hold' }))
  await waitFor(() => expect(released).toEqual(['h-1']))
})

test('a setting that could not be had is no setting', async () => {
  await openRetention(routes => {
    routes['GET /v1/settings/retention'] = problem(503, 'unavailable', 'No')
  })
  await screen.findByText('The server cannot answer now')
  expect(screen.queryByRole('radio', { name: 'For ever' })).toBeNull()
})

test('what retention removed is said where events are counted and where none is found', async () => {
  const { log, panel } = await renderLog()
  log.setStatus({ removed: 5_120 })
  await screen.findByText(/5,120 removed by retention/)
  panel.filter.include('actor', 'nobody-new')
  await screen.findByText('5,120 events were removed by retention and cannot be searched any more.')
})

test('an event that was removed is told from one that nobody has', async () => {
  const { log, panel } = await renderLog()
  const failure = { kind: 'refused', code: 'removed_by_retention', detail: 'gone', status: 410 } as const
  log.failures.set('event', failure)
  void panel.detail.open(3, null)
  await screen.findByText('Removed by retention')
  expect(screen.queryByText('This event is not to be had')).toBeNull()
})
