import { fireEvent, screen, within } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import { ExportFinding } from '../../../shared/export/finding.ts'
import { failedReport } from '../../../shared/export/verify.ts'
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
