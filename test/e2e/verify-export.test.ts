// An export with its proof: saved by the panel, verified without the network by the program and by the panel itself.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LogKeys } from '../../shared/api.ts'
import { fileEnding, pack, unpack, withFile } from '../support/export-zip.ts'
import { ask, createKey, filterBy, openLog, openMenu } from './analyst.ts'
import type { PanelBrowser } from './harness.ts'
import { runCommand, startServer, type TestServer } from './server.ts'

let server: TestServer
let browser: PanelBrowser
let keys: LogKeys
let zip: string
let changed: string

beforeAll(async () => {
  server = await startServer()
  keys = await ask<LogKeys>(server, await createKey(server), '/v1/log/keys')
  browser = await openLog(server)
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const verify = (...args: string[]) => runCommand(['verify', ...args])

/** As a person would choose it, in the dialog of the menu. */
async function verifyInPanel(path: string) {
  const { panel } = browser
  await openMenu(panel, 'Verify a file')
  const dialog = panel.getByRole('dialog', { name: 'Verify a file' })
  await dialog.locator('input[type=file]').setInputFiles(path)
  return dialog
}

test('a filtered export of one file comes as a zip with proof, and the program verifies it', async () => {
  const { panel } = browser
  await filterBy(panel, 'Area', 'Targets')
  await panel.getByRole('button', { name: 'Export', exact: true }).click()
  const dialog = panel.getByRole('dialog', { name: 'Export' })
  await dialog.getByText('Last 90 days', { exact: true }).click()
  await dialog.getByRole('checkbox', { name: /Add proof/ }).check()
  const file = await browser.download(() =>
    dialog.getByRole('button', { name: /^Export [\d,]+ records$/ }).click(),
  )
  await dialog.getByRole('button', { name: 'Done' }).click()
  expect(file.name).toMatch(/\.zip$/)
  zip = file.path
  const { code, stdout } = await verify(zip, '--key', keys.log)
  expect(code, stdout).toBe(0)
  expect(stdout).toContain('that the entries left out do not match the filter is not proven')
  expect((await verify(zip)).code).toBe(3)
})

test('one changed byte is named: part, row, column', async () => {
  const files = await unpack(readFileSync(zip))
  const [name, bytes] = fileEnding(files, '.csv')
  const line = Buffer.from(bytes).toString().split('\r\n')[1]!
  const at = Buffer.from(bytes).indexOf(line) + line.length - 1
  changed = join(server.data, 'changed.zip')
  writeFileSync(
    changed,
    pack(
      withFile(
        files,
        name,
        bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)),
      ),
    ),
  )
  const { code, stdout } = await verify(changed, '--key', keys.log)
  expect(code).toBe(1)
  expect(stdout).toMatch(/TAMPERED: .*\.csv, row 1, column Log index \(log index \d+, line 2\)/)
})

test('the panel verifies the file by the key it pinned, and names what was changed', async () => {
  const dialog = await verifyInPanel(zip)
  await dialog.getByText('Verified', { exact: true }).waitFor()
  await dialog.getByText(keys.origin).waitFor()
  await browser.picture('verify-export')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  const again = await verifyInPanel(changed)
  await again.getByText('This file was changed').waitFor()
  await again.getByText(/row 1, column Log index/).waitFor()
  await again.getByRole('button', { name: 'Close' }).last().click()
})

test('a file dropped anywhere on the panel is verified', async () => {
  const { panel } = browser
  const content = readFileSync(zip).toString('base64')
  await panel.evaluate(
    ({ content, name }) => {
      const bytes = Uint8Array.from(atob(content), char => char.charCodeAt(0))
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([bytes], name))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    },
    { content, name: basename(zip) },
  )
  await panel.getByRole('dialog').getByText('Verified', { exact: true }).waitFor()
})
