import { once } from 'node:events'
import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bundleChild, endOf, startChild } from '../../test/support/child.ts'
import { DataFolderBusyError, openDataFolder, runningBackend } from './data-folder.ts'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'trailside-')), 'data')
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

test('a folder is made for its owner only, and tells where its backend is', () => {
  const opened = openDataFolder(folder)
  expect(runningBackend(folder)).toBeNull()
  const { secret } = opened
  opened.announce('http://127.0.0.1:8787')
  expect(runningBackend(folder)).toEqual({ url: 'http://127.0.0.1:8787', secret })
  if (process.platform !== 'win32') {
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'backend.json')).mode & 0o777).toBe(0o600)
  }
  opened.close()
  expect(runningBackend(folder)).toBeNull()
})

test('a second process says whose the folder is and lets go; after a kill the folder is free', async () => {
  const bundle = await bundleChild('hold-data-folder')
  const holder = startChild(bundle, folder)
  await once(holder.stdout!, 'data')
  expect(() => openDataFolder(folder)).toThrow(DataFolderBusyError)
  expect(() => openDataFolder(folder)).toThrow('It answers at http://127.0.0.1:1')
  expect((await endOf(startChild(bundle, folder))).output).toBe('DataFolderBusyError\n')
  expect(runningBackend(folder)?.url).toBe('http://127.0.0.1:1')

  holder.kill('SIGKILL')
  await once(holder, 'close')
  expect(runningBackend(folder)).toBeNull()
  openDataFolder(folder).close()
})

test('a folder that nobody made has no backend', () => {
  expect(runningBackend(folder)).toBeNull()
})
