/**
 * The soak: hours of a platform's life in simulated time, with random faults and kills from a seed that is printed. In the
 * end the log holds the platform's entries, each once. `TRAILSIDE_SOAK_HOURS` makes it longer, `TRAILSIDE_SOAK_SEED` repeats one.
 */
import { expect, test } from 'vitest'
import { createRandom } from '../../server/demo/random.ts'
import { type FedLog, openFedLog } from '../support/platform/fed-log.ts'
import type { Awkwardness, Mishap } from '../support/platform/stand-in.ts'

const hours = Number(process.env.TRAILSIDE_SOAK_HOURS ?? 1)
const firstSeed = Number(process.env.TRAILSIDE_SOAK_SEED ?? 1)
const minute = 60_000

/** What a process says that was killed just there. */
class Killed extends Error {}

const lives: [string, Partial<Awkwardness>][] = [
  ['newest first', { order: 'newest-first', maxPageSize: 100, times: 'both', unknownFields: true }],
  ['oldest first, limited', { order: 'oldest-first', maxPageSize: 50, requestsPerMinute: 40 }],
  ['by id, repeating', { order: 'by-id', maxPageSize: 200, repeated: 3, clockSkewMs: -600_000 }],
]

test.each(lives)(
  '%s: whatever happens, the log equals the platform’s entries, each once',
  async (how, awkwardness) => {
    const seed = firstSeed + lives.findIndex(([name]) => name === how)
    const random = createRandom(seed).next
    const counts = { steps: 0, mishaps: 0, kills: 0 }
    let isCalm = false
    const chance = (share: number) => !isCalm && random() < share
    const maybeKill = () => {
      if (!chance(0.04)) return
      counts.kills++
      throw new Killed()
    }
    const mishap = (): Mishap | null => {
      if (!chance(0.12)) return null
      counts.mishaps++
      return mishaps[Math.floor(random() * mishaps.length)]!
    }
    const fed = await openFedLog({
      history: 300,
      random,
      awkwardness: { ...awkwardness, mishap },
      wrapAsk: ask => async request => {
        const answer = await ask(request)
        maybeKill()
        return answer
      },
      wrapSink: sink => ({
        async append(batch) {
          maybeKill()
          const answers = await sink.append(batch)
          // In the log, and nobody knows.
          maybeKill()
          return answers
        },
      }),
      wrapKeep: () => maybeKill(),
    })
    try {
      await live(fed, hours * 60 * minute, random, counts)
      isCalm = true
      await fed.pass(20 * minute)
      const [ids, wanted] = [await fed.ids(), fed.platform.entries().map(entry => entry.id)]
      const note = `seed ${seed}: ${JSON.stringify(counts)}, ${fed.platform.requests()} requests, ${ids.length} entries`
      process.stdout.write(`soak, ${how}: ${hours} h, ${note}\n`)
      expect(ids.toSorted(), note).toEqual(wanted.toSorted())
      expect(new Set(ids).size, note).toBe(ids.length)
      expect(await fed.place(), note).toMatchObject({ gap: null, failures: 0, listed: wanted.length })
      expect([counts.kills > 0, counts.mishaps > 0], note).toEqual([true, true])
    } finally {
      await fed.close()
    }
  },
)

const mishaps: Mishap[] = [
  { kind: 'cut' },
  { kind: 'stall' },
  { kind: 'html' },
  { kind: 'garbage' },
  { kind: 'redirect' },
  { kind: 'rate_limited', retryAfter: 30 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 403 },
]

async function live(fed: FedLog, ms: number, random: () => number, counts: { steps: number }): Promise<void> {
  const { clock } = fed.log
  const end = clock.now + ms
  while (clock.now < end) {
    let wait = 0
    try {
      wait = await fed.step()
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      fed.startAgain()
      wait = 2000
    }
    counts.steps++
    const passed = Math.max(20, Math.min(wait, end - clock.now))
    clock.now += passed
    // About two entries a minute, some of them late by up to forty minutes, some at once.
    const due = passed * (2 / minute) * random() * 2
    const arrived = Math.floor(due) + (random() < due % 1 ? 1 : 0)
    for (let i = 0; i < arrived; i++)
      fed.platform.happen(1, random() < 0.1 ? Math.floor(random() * 40 * minute) : 0)
    if (random() < 0.002) fed.platform.happen(150)
  }
}
