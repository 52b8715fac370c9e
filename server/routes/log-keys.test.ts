import { afterEach, beforeEach, test } from 'vitest'
import { LogKeys } from '../../shared/api.ts'
import { openCheckpoint, requireFresh } from '../../shared/log/checkpoint.ts'
import { createVerifier } from '../../shared/log/signature.ts'
import { bearer, local } from '../../test/support/access.ts'
import { openTestApp } from '../../test/support/app.ts'

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
