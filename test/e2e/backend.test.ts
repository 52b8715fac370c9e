// The built backend as a process: what `npm start` runs, and what the panel's tests stand on.
import { spawn } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { root } from './built.ts'
import { freePort, startServer, type TestServer } from './server.ts'

let server: TestServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

test('it prints an account for every default role and starts again after a kill with the same data', async () => {
  server = await startServer()
  for (const role of ['Owner', 'Administrator', 'Security Manager', 'Security Analyst', 'Viewer'])
    expect(server.account(role).email).toContain('@')
  await server.kill()
  await server.start()
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  expect(await server.stop()).toBe(0)
})

test('npm start on a port in use says so in one line', async () => {
  server = await startServer({ empty: true, port: await freePort() })
  const { code, words } = await start('--port', String(server.port))
  expect(code).toBe(1)
  expect(words.trim().split('\n')).toEqual([expect.stringContaining(`Port ${server.port} is in use`)])
})

function start(...args: string[]): Promise<{ code: number | null; words: string }> {
  return new Promise(done => {
    const child = spawn(process.execPath, [`${root}server/start.mjs`, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let words = ''
    child.stderr.on('data', text => {
      words += text
    })
    child.once('close', code => done({ code, words }))
  })
}
