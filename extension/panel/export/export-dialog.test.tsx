import { fireEvent, screen, waitFor, within } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import { generateEvents } from '../../../test/support/panel/generated-events.ts'
import { demoLog, endPanels, now, renderLog } from '../../../test/support/panel/render-panel.tsx'
import type { ExportRequest } from '../../worker/protocol.ts'

afterEach(endPanels)

async function openExport() {
  fireEvent.click(screen.getByRole('button', { name: 'Export' }))
  return within(await screen.findByRole('dialog', { name: 'Export' }))
}

test('the words of the platform, and a button that counts', async () => {
  await renderLog()
  const dialog = await openExport()
  expect(dialog.getByRole('group', { name: 'Export as' }).textContent).toBe('Export asCSVJSON')
  expect(dialog.getByRole('group', { name: 'Time frame' }).textContent).toBe(
    'Time frameLast 30 daysLast 90 daysCustom',
  )
  await dialog.findByRole('button', { name: 'Export 500 records' })
})

test('beyond a thousand the button says in how many files, and the file is handed over', async () => {
  const { log, saved } = await renderLog({ log: demoLog(2_900) })
  const dialog = await openExport()
  fireEvent.click(await dialog.findByRole('button', { name: 'Export 2,900 records in 3 files' }))
  await screen.findByText('Export finished')
  expect(saved.map(file => file.name)).toEqual(['audit-log.zip'])
  const request = log.calls.find(call => call.name === 'export')!.args[1] as ExportRequest
  expect(request).toMatchObject({
    format: 'csv',
    zone: 'UTC',
    byteOrderMark: true,
    rowsPerFile: 1000,
    size: 2_900,
  })
  expect(request.filter.from).toBe('2026-10-26T00:00:00.000Z')
})

test("the list's filter is named, applies, and can be dropped", async () => {
  const { log, panel } = await renderLog()
  panel.filter.include('action', 'scan.started')
  const count = log.events.filter(event => event.action === 'scan.started').length
  const dialog = await openExport()
  await dialog.findByRole('button', { name: `Export ${count} records` })
  expect(dialog.getByText('Action: Scan started')).toBeDefined()
  fireEvent.click(dialog.getByRole('checkbox', { name: "Apply the list's filter" }))
  await dialog.findByRole('button', { name: 'Export 500 records' })
})

test('without the filter, what came meanwhile and did not match it is exported too', async () => {
  const { log, panel } = await renderLog()
  panel.filter.include('action', 'scan.started')
  const shown = log.events.filter(event => event.action === 'scan.started').length
  await waitFor(() => expect(panel.list.listing.value?.total).toBe(shown))
  const [late] = generateEvents({ count: 1, until: now, days: 1 })
  log.arrive([{ ...late!, id: 'late', index: log.events.length, action: 'target.updated' }])
  await waitFor(() => expect(panel.list.newest.value).toBe(501))
  const dialog = await openExport()
  await dialog.findByRole('button', { name: `Export ${shown} records` })
  fireEvent.click(dialog.getByRole('checkbox', { name: "Apply the list's filter" }))
  await dialog.findByRole('button', { name: 'Export 501 records' })
})

test("the list's dates are the first choice, so that the export equals the view", async () => {
  const { log, panel } = await renderLog()
  panel.filter.choosePreset('7d')
  const count = log.events.filter(event => event.occurredAt >= '2026-11-18').length
  const dialog = await openExport()
  expect((dialog.getByLabelText('Custom') as HTMLInputElement).checked).toBe(true)
  expect((dialog.getByLabelText('From') as HTMLInputElement).value).toBe('2026-11-18')
  expect((dialog.getByLabelText('To') as HTMLInputElement).value).toBe('2026-11-24')
  await dialog.findByRole('button', { name: `Export ${count} records` })
})

test('nothing to export, days reversed and no columns each say why', async () => {
  const { panel } = await renderLog()
  panel.query.type('nothing like this')
  const dialog = await openExport()
  const submit = await dialog.findByRole('button', { name: 'Export 0 records' })
  expect((submit as HTMLButtonElement).disabled).toBe(true)
  await dialog.findByText(/No event matches/)
  fireEvent.click(dialog.getByLabelText('Custom'))
  fireEvent.input(await dialog.findByLabelText('From'), { target: { value: '2026-11-24' } })
  fireEvent.input(dialog.getByLabelText('To'), { target: { value: '2026-11-20' } })
  await dialog.findByText('The first day comes after the last.')
  panel.exporting.columns.value = []
  await dialog.findByText('Choose at least one column.')
})

test('an export that stops can go on where it stopped: same id, same request', async () => {
  const { log, saved } = await renderLog()
  log.failures.set('export', { kind: 'unreachable', code: 'no_answer', detail: 'gone' })
  const dialog = await openExport()
  fireEvent.click(await dialog.findByRole('button', { name: 'Export 500 records' }))
  await screen.findByText('The server cannot be reached')
  log.failures.clear()
  fireEvent.click(screen.getByRole('button', { name: 'Resume' }))
  await screen.findByText('Export finished')
  const [first, second] = log.calls.filter(call => call.name === 'export')
  expect(second!.args).toEqual(first!.args)
  expect(saved).toHaveLength(1)
})

test('progress is shown and an export can be cancelled', async () => {
  const { log, panel, saved } = await renderLog()
  const dialog = await openExport()
  await dialog.findByRole('button', { name: 'Export 500 records' })
  log.delayMs = 30
  fireEvent.click(dialog.getByRole('button', { name: 'Export 500 records' }))
  await screen.findByText('300 of 500 records')
  expect(screen.getByRole('progressbar', { name: 'Exporting' }).getAttribute('value')).toBe('300')
  fireEvent.click(screen.getByRole('button', { name: 'Cancel export' }))
  await waitFor(() => expect(panel.exporting.state.value.name).toBe('asking'))
  await new Promise(done => setTimeout(done, 500))
  expect(log.calls.some(call => call.name === 'cancelExport')).toBe(true)
  expect(saved).toHaveLength(0)
})
