import { afterEach, beforeEach, expect, test } from 'vitest'
import { KeyRotation } from '../../shared/api.ts'
import { openTestApp } from '../../test/support/app.ts'
import { testEvents } from '../../test/support/test-log.ts'
import { logCommand } from './log.ts'

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
  const { access, keyRotator, log, reader, recorder } = opened
  const parts = { access, keyRotator, reader, recorder, writer: log.writer, close: async () => {} }
  const code = await logCommand(args, {
    findBackend: () => null,
    openAccess: async () => parts,
    ...{ stdout: output('stdout'), stderr: output('stderr') },
  })
  return { code, ...written }
}

test('rotate-key says the new key alone on standard output, and where the log tells of it', async () => {
  const before = opened.log.writer.keys.log
  const { code, stdout, stderr } = await run('rotate-key')
  expect(code).toBe(0)
  expect(stdout).toBe(`${opened.log.writer.keys.log}\n`)
  expect(stderr).toBe(`The log's key was ${before}. Entry 3 of the log tells of the new one.\n`)
  const again = KeyRotation.parse(JSON.parse((await run('rotate-key', '--json')).stdout))
  expect(again).toMatchObject({ index: 4, keys: opened.log.writer.keys })
})

test('a call without a command, or with another one, is wrong', async () => {
  expect(await run()).toMatchObject({ code: 2, stdout: '' })
  expect(await run('rotate')).toMatchObject({ code: 2, stdout: '' })
})
