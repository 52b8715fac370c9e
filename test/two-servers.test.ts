/** Two organizations witness each other: both servers whole, over real HTTP, set up as the README says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { serveCommand } from '../server/cli/serve.ts'
import { dataFiles } from '../server/store/data-folder.ts'
import { toHex, utf8 } from '../shared/log/bytes.ts'
import { signingKeyFromSeed } from '../shared/log/ed25519.ts'
import { createVerifierKey, formatVerifierKey, parseSignerKey } from '../shared/log/key.ts'
import { openWithPolicy, parsePolicy } from '../shared/log/policy.ts'
import { sha256 } from '../shared/log/sha256.ts'

let folder: string
const running = new Set<Running>()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trailside-two-'))
})
afterEach(async () => {
  for (const server of running) await server.stop()
  rmSync(folder, { recursive: true })
})

interface Running {
  url: string
  port: string
  /** What it prints for those who are to count on it as a witness. */
  witnessKey: string | null
  stop(): Promise<unknown>
}

const place = (...names: string[]) => join(folder, ...names)

async function start(name: string, environment: Record<string, string> = {}, port = '0'): Promise<Running> {
  let stopNow = () => {}
  const stopped = new Promise<void>(resolve => {
    stopNow = resolve
  })
  let said = ''
  let done: Promise<number>
  await new Promise<void>((resolve, reject) => {
    done = serveCommand(['--data', place(name), '--port', port, '--empty'], {
      environment: { TRAILSIDE_ORIGIN: `${name}.example/log`, ...environment },
      createLogger: () => pino({ level: 'silent' }),
      stderr: {
        write(text) {
          said += text
          resolve()
        },
      },
      stopped,
    })
    done.catch(reject)
  })
  const url = /answers at (\S+)/.exec(said)![1]!
  const server: Running = {
    ...{ url, port: new URL(url).port, witnessKey: /^ +(\S+\/witness\+\S+)$/m.exec(said)?.[1] ?? null },
    async stop() {
      running.delete(server)
      stopNow()
      await done
    },
  }
  running.add(server)
  return server
}

function save(name: string, ...lines: string[]): string {
  writeFileSync(place(name), `${lines.join('\n')}\n`)
  return place(name)
}

/** What `GET /v1/log/keys` answers as `log`. */
async function logKeyOf(name: string): Promise<string> {
  const [line] = readFileSync(dataFiles(place(name)).logKey, 'utf8').split('\n')
  const { name: origin, algorithm, seed } = parseSignerKey(line!)
  const { publicKey } = await signingKeyFromSeed(seed)
  return formatVerifierKey(createVerifierKey(origin, algorithm, publicKey))
}

const shownBy = async ({ url }: Running, name: string) => {
  const response = await fetch(`${url}/witness/${toHex(sha256(utf8(`${name}.example/log`)))}/checkpoint`)
  return response.ok ? response.text() : null
}

test('W: two servers cosign each other’s logs as these grow', async () => {
  for (const name of ['ada', 'bob']) await (await start(name)).stop()
  const [adaLog, bobLog] = [await logKeyOf('ada'), await logKeyOf('bob')]
  const forBob = save('for-bob', `log ${bobLog}`)
  const ada = await start('ada', { TRAILSIDE_WITNESS_FOR: forBob })
  const bobs = {
    TRAILSIDE_WITNESS_FOR: save('for-ada', `log ${adaLog}`),
    TRAILSIDE_POLICY: save('bob-policy', `witness ada ${ada.witnessKey} ${ada.url}/witness`, 'quorum ada'),
  }
  const bob = await start('bob', bobs)
  await ada.stop()
  const adas = {
    TRAILSIDE_WITNESS_FOR: forBob,
    TRAILSIDE_POLICY: save('ada-policy', `witness bob ${bob.witnessKey} ${bob.url}/witness`, 'quorum bob'),
  }
  const again = await start('ada', adas, ada.port)
  expect(again.witnessKey).toBe(ada.witnessKey)

  const policies = {
    ada: parsePolicy(`log ${adaLog}\n${readFileSync(adas.TRAILSIDE_POLICY, 'utf8')}`),
    bob: parsePolicy(`log ${bobLog}\n${readFileSync(bobs.TRAILSIDE_POLICY, 'utf8')}`),
  }
  const cosignedSize = async (witness: Running, name: 'ada' | 'bob') => {
    const note = await shownBy(witness, name)
    return note === null ? null : (await openWithPolicy(note, policies[name])).checkpoint.size
  }
  const patient = { timeout: 30_000, interval: 100 }
  await expect.poll(() => cosignedSize(bob, 'ada'), patient).toBeGreaterThan(0)
  await expect.poll(() => cosignedSize(again, 'bob'), patient).toBeGreaterThan(0)

  // A failed sign-in is an event: the log of one grows, and the other cosigns that.
  const before = (await cosignedSize(bob, 'ada'))!
  await fetch(`${again.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'nobody@example.com', password: 'wrong' }),
  })
  await expect.poll(() => cosignedSize(bob, 'ada'), patient).toBeGreaterThan(before)
})
