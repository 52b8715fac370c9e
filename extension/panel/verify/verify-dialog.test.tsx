import { fireEvent, screen, within } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import { allPermissions } from '../../../shared/access.ts'
import { ExportFinding } from '../../../shared/export/finding.ts'
import { failedReport } from '../../../shared/export/verify.ts'
import { personWith, problem, serverRoutes } from '../../../test/support/panel/fake-platform.ts'
import { endPanels, renderLog } from '../../../test/support/panel/render-panel.tsx'

afterEach(endPanels)

async function openDialog() {
  fireEvent.click(screen.getByRole('button', { name: 'Menu' }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Verify a file' }))
  return within(await screen.findByRole('dialog', { name: 'Verify a file' }))
}

function choose(dialog: Awaited<ReturnType<typeof openDialog>>, name: string): void {
  const files = [new File(['content'], name)]
  fireEvent.change(dialog.getByLabelText('Choose files', { selector: 'input' }), { target: { files } })
}

test('a file that was changed: the place is named, and nothing claims to be proven', async () => {
  const { log } = await renderLog()
  const place = { file: 'a.csv', row: 12, column: 'User', index: 884, line: 13 }
  log.report = failedReport(null, new ExportFinding('tampered', place, 'This is not what the log holds'))
  const dialog = await openDialog()
  choose(dialog, 'a.zip')
  await dialog.findByText('This file was changed')
  dialog.getByText('a.csv, row 12, column User (log index 884, line 13)')
  expect(dialog.queryByText('Records proven')).toBeNull()
  const [call] = log.calls.filter(({ name }) => name === 'verifyFiles')
  expect(call!.args[0]).toMatchObject([{ name: 'a.zip' }])
})

test('another can be verified after it, and a failure of the panel itself is no verdict', async () => {
  const { log } = await renderLog()
  const dialog = await openDialog()
  choose(dialog, 'a.zip')
  await dialog.findByText('This cannot be verified')
  fireEvent.click(dialog.getByRole('button', { name: 'Verify another' }))
  log.failures.set('verifyFiles', { kind: 'failed', code: 'internal', detail: 'out of memory' })
  choose(dialog, 'b.zip')
  await dialog.findByText('b.zip')
  expect(dialog.queryByText('This cannot be verified')).toBeNull()
  await dialog.findAllByText(/out of memory|went wrong/)
})

const report = {
  ...{
    formats: ['platform-csv'],
    read: 43,
    accepted: 3,
    duplicates: 30,
    recognised: 9,
    rejected: 1,
    withoutId: 2,
  },
  rejects: [{ file: 'export.csv', line: 7, path: 'Date', reason: 'is missing' }],
}

test('what may be an export of the platform is looked at first, and brought in when somebody says so', async () => {
  const sent: unknown[] = []
  const me = personWith(allPermissions)
  const routes = serverRoutes(me)
  routes['POST /v1/imports'] = body => {
    sent.push(body)
    return { body: report }
  }
  await renderLog({ me, routes })
  const dialog = await openDialog()
  choose(dialog, 'export.csv')
  fireEvent.click(await dialog.findByRole('button', { name: 'Look what is in it' }))
  await dialog.findByText('43 records. 3 are new.')
  dialog.getByText('30 are in the log already.')
  dialog.getByText(/^9 have no ID, and were recognised/)
  dialog.getByText(/^2 of the new ones have no ID/)
  dialog.getByText(/export\.csv:7: Date is missing/)
  fireEvent.click(dialog.getByRole('button', { name: 'Import 3 records' }))
  await dialog.findByText('3 records were added to the log')
  const files = [{ name: 'export.csv', content: btoa('content') }]
  expect(sent).toEqual([
    { files, dryRun: true },
    { files, dryRun: false },
  ])
})

test('a file that is none of the platform’s either says so; nothing is offered to those who may not write', async () => {
  const me = personWith(allPermissions)
  const routes = serverRoutes(me)
  routes['POST /v1/imports'] = problem(400, 'malformed', 'export.csv is no export that can be read here.')
  await renderLog({ me, routes })
  const dialog = await openDialog()
  choose(dialog, 'export.csv')
  fireEvent.click(await dialog.findByRole('button', { name: 'Look what is in it' }))
  await dialog.findByText('export.csv is no export that can be read here.')
  expect(dialog.queryByRole('button', { name: /^Import/ })).toBeNull()
  fireEvent.click(dialog.getByRole('button', { name: 'Verify another' }))
  choose(dialog, 'a.zip')
  await dialog.findByText('This cannot be verified')
  expect(dialog.queryByRole('button', { name: 'Look what is in it' })).toBeNull()
  endPanels()
  await renderLog({ me: personWith(['audit_log.read']) })
  const theirs = await openDialog()
  choose(theirs, 'export.csv')
  await theirs.findByText('This cannot be verified')
  expect(theirs.queryByRole('button', { name: 'Look what is in it' })).toBeNull()
})
