import { afterEach, beforeEach, expect, test } from 'vitest'
import { LegalHolds, Retention } from '../../shared/api.ts'
import { dayMs } from '../../shared/time.ts'
import { openTestApp } from '../../test/support/app.ts'
import { testEvents } from '../../test/support/test-log.ts'
import { holdCommand } from './hold.ts'
import { retentionCommand } from './retention.ts'

let opened: Awaited<ReturnType<typeof openTestApp>>
beforeEach(async () => {
  opened = await openTestApp()
  await opened.log.writer.append(testEvents(0, 256))
  await opened.live.ready
})
afterEach(() => opened.close())

async function run(command: typeof holdCommand, ...args: string[]) {
  const written = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text
    },
  })
  const { access } = opened
  const code = await command(args, {
    findBackend: () => null,
    openAccess: async () => ({ access, forgetting: opened, close: async () => {} }),
    ...{ stdout: output('stdout'), stderr: output('stderr') },
  })
  return { code, ...written }
}

test('retention is shown, set, applied and ended', async () => {
  expect((await run(retentionCommand)).stdout).toBe(
    'kept\tfor ever\nnext run\tnone\nlast run\tnone\nremoved\t0 entries\n',
  )
  opened.log.clock.now += 31 * dayMs
  const { code, stdout, stderr } = await run(retentionCommand, '--days', '30', '--apply', '--json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'The content of 256 entries was removed.\n' })
  expect(Retention.parse(JSON.parse(stdout))).toMatchObject({ days: 30, removed: 256 })
  expect((await run(retentionCommand, '--forever')).stdout).toContain('kept\tfor ever\n')
})

test.each([[['--days', '0']], [['--days', 'ten']], [['--days', '3', '--forever']]])(
  '%j is a wrong call',
  async args => {
    expect(await run(retentionCommand, ...args)).toMatchObject({ code: 2, stdout: '' })
  },
)

test('nothing is applied while everything is kept', async () => {
  const { code, stderr } = await run(retentionCommand, '--apply')
  expect(code).toBe(1)
  expect(stderr).toContain('Everything is kept for ever')
})

test('holds are placed, listed and released', async () => {
  const placed = await run(holdCommand, 'add', '--name', 'Case 1', '--reason', 'suit', '--actor', 'u-1')
  expect(placed).toMatchObject({ code: 0, stderr: 'Held: actor u-1.\n' })
  const id = placed.stdout.trim()
  await run(holdCommand, 'add', '--name', 'Case 2', '--reason', 'suit')
  const { holds } = LegalHolds.parse({ holds: await opened.holds.list() })
  expect(holds.map(({ name, scope }) => [name, scope])).toEqual([
    ['Case 1', { actor: 'u-1' }],
    ['Case 2', {}],
  ])
  const listed = (await run(holdCommand, 'list')).stdout.split('\n')
  expect(listed[0]).toMatch(new RegExp(`^${id}\tCase 1\tactor u-1\tsuit\tLocal command line\t`))
  expect(listed[1]).toContain('\teverything\t')
  expect(await run(holdCommand, 'release', '--id', id)).toMatchObject({ code: 0, stderr: 'Released.\n' })
  expect(await run(holdCommand, 'release', '--id', id)).toMatchObject({ code: 1 })
  expect(await run(holdCommand, 'add', '--name', 'x')).toMatchObject({ code: 2 })
})
