// The real built backend as a child process, on a free port and a data folder of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverBundle } from './built.ts'
import { until } from './until.ts'

export interface ServerOptions {
  /** A data folder to keep; without it, a new one that goes with `close`. */
  data?: string
  /** True starts an empty workspace instead of the demo. */
  empty?: boolean
  port?: number
  env?: Record<string, string>
  /** Further arguments of `serve`. */
  args?: string[]
}

export interface TestServer {
  url: string
  port: number
  data: string
  /** All it has written so far: the accounts it prints, its log. */
  output(): string
  /** The demo account that it printed for a role, such as `Security Analyst`. */
  account(role: string): Account
  /** Graceful: asks it to end and waits. Answers the exit code. */
  stop(): Promise<number | null>
  /** As a power cut would: SIGKILL. */
  kill(): Promise<void>
  /** Starts it again, same folder and port, and waits until it is ready. */
  start(): Promise<void>
  /** Stops it and removes its data folder, if that was its own. */
  close(): Promise<void>
  /** A command of the trailside program on this server's data folder. */
  command(...args: string[]): Promise<CommandResult>
}

export interface Account {
  email: string
  password: string
}

export interface CommandResult {
  code: number | null
  stdout: string
  stderr: string
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'trailside-data-'))
  const template = process.env.TRAILSIDE_DEMO_TEMPLATE
  if (template && !options.data && !options.empty) cpSync(template, data, { recursive: true })
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const env = { ...process.env, ...options.env }
  let child: ChildProcess | undefined
  let written = ''

  const start = async () => {
    const flags = ['--data', data, '--port', String(port), '--host', '127.0.0.1']
    const args = [
      serverBundle,
      'serve',
      ...flags,
      options.empty ? '--empty' : '--demo',
      ...(options.args ?? []),
    ]
    const started = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    const remember = (text: Buffer) => {
      written += text
    }
    started.stdout.on('data', remember)
    started.stderr.on('data', remember)
    const killChild = () => started.kill('SIGKILL')
    process.once('exit', killChild)
    started.once('exit', () => process.removeListener('exit', killChild))
    await until('the backend to be ready', async () => {
      if (hasEnded(started)) throw new Error(`The backend ended with ${started.exitCode}:\n${written}`)
      const answer = await fetch(`${url}/readyz`).catch(() => undefined)
      return answer?.ok || undefined
    })
  }
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (!child) return null
    child.kill(signal)
    const ending = child
    await until('the backend to end', () => hasEnded(ending) || undefined)
    return ending.exitCode
  }

  await start()
  return {
    url,
    port,
    data,
    output: () => written,
    account: role => findAccount(written, role),
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    start,
    close: async () => {
      await end('SIGTERM').catch(() => child?.kill('SIGKILL'))
      if (!options.data) rmSync(data, { recursive: true, force: true, maxRetries: 5 })
    },
    command: (...args) => runCommand(args, env),
  }
}

function findAccount(output: string, role: string): Account {
  for (const line of output.split('\n')) {
    const [, name, email, password] = /^ {4}(\S.*?) +(\S+@\S+) +(\S+)$/.exec(line) ?? []
    if (name === role && email && password) return { email, password }
  }
  throw new Error(`The backend printed no account of the role ${role}:\n${output}`)
}

/** Runs `trailside ARGS` from the built bundle. */
export function runCommand(args: string[], env: NodeJS.ProcessEnv = process.env): Promise<CommandResult> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [serverBundle, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', text => {
      stdout += text
    })
    child.stderr.on('data', text => {
      stderr += text
    })
    child.once('error', failed)
    child.once('close', code => done({ code, stdout, stderr }))
  })
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer().once('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => done(port))
    })
  })
}
