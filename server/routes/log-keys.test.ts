import { afterEach, beforeEach, expect, test } from 'vitest'
import { EpochAccepted, KeyRotation, LogKeyHistory, LogKeys } from '../../shared/api.ts'
import { openCheckpoint, requireFresh } from '../../shared/log/checkpoint.ts'
import { readEntryEvidence } from '../../shared/log/entry-evidence.ts'
import { followRotations } from '../../shared/log/key-transition.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import { bearer, local } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'
import { nodeHasher } from '../node-hasher.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
beforeEach(async () => {
  opened = await openTestApp()
})
afterEach(() => opened.close())

test('the keys that are served verify the checkpoint that is served, and its time', async () => {
  const { key } = await opened.access.createKey({ name: 'reader', permissions: ['audit_log.read'] }, local)
  const get = (path: string) => opened.app.request(path, { headers: bearer(key) })
  const { origin, log, time } = LogKeys.parse(await (await get('/v1/log/keys')).json())
  const note = await (await get('/v1/log/checkpoint')).text()
  const timeKey = createVerifier(time)
  const checkpoint = await openCheckpoint(note, origin, createVerifier(log), [timeKey])
  requireFresh(checkpoint, timeKey, opened.log.clock.now / 1000, 60)
})

test('K6: whoever kept an older key is led to the one in force, by what is served to every reader', async () => {
  const { key } = await opened.access.createKey({ name: 'reader', permissions: ['audit_log.read'] }, local)
  const { key: manager } = await opened.access.createKey(
    { name: 'm', permissions: ['settings.manage'] },
    local,
  )
  const history = async () => {
    const answer = await opened.app.request('/v1/log/keys', { headers: bearer(key) })
    return LogKeyHistory.parse(await answer.json())
  }
  const before = await history()
  expect(before.transitions).toEqual([])
  const change = await opened.app.request('/v1/log/keys', { method: 'POST', headers: bearer(manager) })
  const rotation = KeyRotation.parse(await change.json())
  expect(LogKeys.parse(before)).toEqual(rotation.before)
  const { transitions, ...keys } = await history()
  expect(keys).toEqual(rotation.keys)
  expect(await followRotations(nodeHasher, transitions, before)).toMatchObject([
    { before: rotation.before, after: keys, index: rotation.index },
  ])
  // Who changed them is in the log, for those who may see personal data, and not in the proof.
  expect(readEntryEvidence(transitions[0]!).disclosures.map(({ name }) => name)).toEqual(['metadata'])
})

test('O4: who accepts an epoch is recorded, and only for the log that is served', async () => {
  const { access, app, log, live } = opened
  const { key } = await access.createKey({ name: 'reader', permissions: ['audit_log.read'] }, local)
  const headers = new Headers([...bearer(key), ['content-type', 'application/json']])
  const accept = (body: object) =>
    app.request('/v1/log/acceptances', { method: 'POST', headers, body: JSON.stringify(body) })
  const { origin, log: own } = log.writer.keys
  const lost = { from: 3, to: 7 }
  expect((await accept({ origin, log: 'another key', lost })).status).toBe(404)
  expect((await accept({ origin, log: own })).status).toBe(400)
  const { index } = EpochAccepted.parse(await (await accept({ origin, log: own, lost })).json())
  await expect.poll(() => live.size).toBeGreaterThan(index)
  const told = await (await app.request(`/v1/events/${index}`, { headers: bearer(key) })).json()
  expect(told).toMatchObject({ action: 'auditlog.epoch_accepted', metadata: { origin, log: own, lost } })
})
