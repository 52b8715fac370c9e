// The panel as a witness, in the real browser: the quiet shield, and the alarm when the server's past is exchanged.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLog, rows, shownTotal } from './analyst.ts'
import { startServer, type TestServer } from './server.ts'

test('a restored older backup raises an alarm that cannot be missed, with evidence to save', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailside-witness-'))
  const server = await startServer()
  const backup = join(folder, 'backup')
  try {
    await server.stop()
    cpSync(server.data, backup, { recursive: true })
    await server.start()
    const browser = await openLog(server, { width: 420 })
    const { panel } = browser
    try {
      const shield = panel.getByRole('button', { name: /^Verified · [\d,]+ events · checkpoint / })
      await shield.waitFor()
      await browser.picture('witness-shield')
      await shield.click()
      await panel.getByText('What this does not prove').waitFor()
      await browser.picture('witness-page')
      await panel.getByRole('button', { name: 'Back' }).click()
      await rows(panel).first().click()
      await panel.getByRole('button', { name: 'Prove that this event is in the log' }).click()
      await panel.getByText('Proven on this device').scrollIntoViewIfNeeded()
      await browser.picture('witness-proof')
      await panel.getByRole('button', { name: 'Back to the list' }).click()
      const events = await shownTotal(panel)

      await restore(server, backup)
      const alarm = panel.getByRole('alertdialog', { name: /missing from the end|history was rewritten/ })
      await alarm.waitFor({ timeout: 60_000 })
      expect(await shownTotal(panel)).toBe(events)
      await panel.getByRole('button', { name: 'Not trusted', exact: true }).waitFor()
      await browser.picture('witness-alarm')
      const file = await browser.download(() => alarm.getByRole('button', { name: 'Save evidence' }).click())
      const evidence = JSON.parse(readFileSync(file.path, 'utf8'))
      expect(evidence).toMatchObject({ format: 'trailside-evidence/1', server: server.url })
      expect(evidence.believed.note).not.toBe(evidence.shown)

      await panel.reload()
      await alarm.waitFor()
    } finally {
      await browser.close()
    }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

/** The log alone, so that nobody has to sign in again: as someone would who hopes that nobody looked meanwhile. */
async function restore(server: TestServer, backup: string): Promise<void> {
  await server.stop()
  for (const name of readdirSync(server.data).filter(isOfTheLog)) rmSync(join(server.data, name))
  for (const name of readdirSync(backup).filter(isOfTheLog)) {
    cpSync(join(backup, name), join(server.data, name))
  }
  await server.start()
}

const isOfTheLog = (name: string) => name.startsWith('log.db')
