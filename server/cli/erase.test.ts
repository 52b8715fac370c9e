import { afterEach, beforeEach, expect, test } from 'vitest'
import { Erasure } from '../../shared/api.ts'
import { openTestApp } from '../../test/support/app.ts'
import { testEvents } from '../../test/support/test-log.ts'
import { eraseCommand } from './erase.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
beforeEach(async () => {
  opened = await openTestApp()
  await opened.log.writer.append(testEvents(0, 3))
})
afterEach(() => opened.close())

async function run(...args: string[]) {
  const written = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text
    },
  })
  const { access } = opened
  const code = await eraseCommand(args, {
    findBackend: () => null,
    openAccess: async () => ({ access, forgetting: opened, close: async () => {} }),
    ...{ stdout: output('stdout'), stderr: output('stderr') },
  })
  return { code, ...written }
}

test('it erases by the route’s own rules and says where the log tells of it', async () => {
  const { code, stdout, stderr } = await run('--actor', 'u-1', '--basis', 'asked to', '--content', '--json')
  expect(code).toBe(0)
  expect(Erasure.parse(JSON.parse(stdout))).toMatchObject({ index: 3, entries: 3 })
  expect(stderr).toMatch(/^Erased actor.name, .*, changes, metadata in 3 entries\. Entry 3 of the log tells/)
})

test('someone the log does not know is refused, a call without a ground is wrong', async () => {
  expect(await run('--actor', 'nobody', '--basis', 'b')).toMatchObject({ code: 1, stdout: '' })
  expect(await run('--actor', 'u-1')).toMatchObject({ code: 2, stdout: '' })
})
