// The panel as a witness, in the real browser: the quiet shield, and the alarm when the server's past is exchanged.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLog, rows, shownTotal } from './analyst.ts'
import { startServer, type TestServer } from './server.ts'

test('an older copy of the data put back by hand raises an alarm that cannot be missed, with evidence to save', async () => {
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

      await putBack(server, backup)
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

test('a restored backup is a decision: what is lost is named, and nothing newer is shown until it is accepted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailside-epoch-'))
  const server = await startServer()
  try {
    const file = join(folder, 'backup.tar')
    expect(await server.command('backup', '--data', server.data, '--to', file)).toMatchObject({ code: 0 })
    const browser = await openLog(server, { width: 420 })
    const { panel } = browser
    try {
      await panel.getByRole('button', { name: /^Verified · [\d,]+ events/ }).waitFor()
      const events = await shownTotal(panel)
      await restoreInPlace(server, file)
      const decision = panel.getByRole('alertdialog', { name: 'This log was restored from a backup' })
      await decision.waitFor({ timeout: 60_000 })
      expect(await decision.textContent()).toMatch(/[\d,]+ events? that you have seen .* not in it any more/)
      expect(await shownTotal(panel)).toBe(events)
      await browser.picture('witness-restored')
      await decision.getByRole('button', { name: 'Keep the log as it was' }).click()
      await browser.picture('witness-kept')
      await panel.getByRole('button', { name: 'Decide…' }).click()
      await decision.getByRole('checkbox').check()
      await decision.getByRole('button', { name: 'Accept the restored log' }).click()
      await decision.waitFor({ state: 'detached' })
      await panel.getByRole('button', { name: /^Verified · [\d,]+ events/ }).waitFor({ timeout: 60_000 })
      await panel.getByRole('button', { name: /^Verified/ }).click()
      await panel.getByText('/epoch2', { exact: false }).first().waitFor()
    } finally {
      await browser.close()
    }
    expect(await server.command('verify', '--data', server.data)).toMatchObject({ code: 0 })
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

/** As README says, but for the accounts, which stay as they are so that nobody has to sign in again. */
async function restoreInPlace(server: TestServer, from: string): Promise<void> {
  await server.stop()
  const accounts = readdirSync(server.data).filter(name => name.startsWith('access.db'))
  const kept = mkdtempSync(join(tmpdir(), 'trailside-accounts-'))
  for (const name of accounts) cpSync(join(server.data, name), join(kept, name))
  for (const name of readdirSync(server.data)) rmSync(join(server.data, name), { recursive: true })
  expect(await server.command('restore', '--from', from, '--data', server.data)).toMatchObject({ code: 0 })
  for (const name of readdirSync(server.data).filter(name => name.startsWith('access.db')))
    rmSync(join(server.data, name))
  for (const name of accounts) cpSync(join(kept, name), join(server.data, name))
  rmSync(kept, { recursive: true })
  await server.start()
}

/** The log alone, so that nobody has to sign in again: as someone would who hopes that nobody looked meanwhile. */
async function putBack(server: TestServer, backup: string): Promise<void> {
  await server.stop()
  for (const name of readdirSync(server.data).filter(isOfTheLog)) rmSync(join(server.data, name))
  for (const name of readdirSync(backup).filter(isOfTheLog)) {
    cpSync(join(backup, name), join(server.data, name))
  }
  await server.start()
}

const isOfTheLog = (name: string) => name.startsWith('log.db')
