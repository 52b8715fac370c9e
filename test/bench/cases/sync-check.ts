/** What it costs to look whether there is anything new, when there is not: a panel does it for as long as it is open. */
import { createClient } from '../../../extension/api/client.ts'
import { createMemoryStore } from '../../../extension/cache/memory-store.ts'
import { createMemoryWitnessStore } from '../../../extension/cache/witness-store.ts'
import { defaultWindow } from '../../../extension/sync/cache-window.ts'
import { type Puller, pull } from '../../../extension/sync/pull.ts'
import { createWitness } from '../../../extension/sync/witness.ts'
import { createHasher } from '../../../shared/log/hasher.ts'
import { openPanelServer, type PanelServer } from '../../support/panel-server.ts'
import type { BenchCase } from '../bench.ts'
import { realisticEvents } from '../events.ts'
import { cpuMsOf, measureInTurns } from '../measure.ts'

export default {
  about: 'a sync that finds nothing new',
  unit: 'events',
  size: 2000,
  async run({ size, rounds }) {
    // One check is over before a clock could tell; a small run only shows that it works.
    const repeats = Math.ceil(size / 40)
    const server = await openPanelServer()
    try {
      await server.append(realisticEvents(size))
      const network = createMeter(server)
      const sync = await createSync(server, network.fetch)
      await sync()
      const check = () =>
        cpuMsOf(async () => {
          for (let i = 0; i < repeats; i++) await sync()
        })
      const { both, panel } = await measureInTurns(rounds, {
        both: () => network.during(false, check),
        panel: () => network.during(true, check),
      })
      const each = (sum: number) => [sum / repeats]
      const perCheck = (ms: readonly number[]) => ms.map(ms => ms / repeats)
      return [
        { name: 'requests', unit: 'a check', values: each(network.requests()), target: { atMost: 1 } },
        {
          name: 'answer with its headers',
          unit: 'B',
          values: each(network.bytes()),
          target: { atMost: 2000 },
        },
        { name: 'the panel', unit: 'CPU ms', values: perCheck(panel), target: { atMost: 5 } },
        { name: 'panel, network and server', unit: 'CPU ms', values: perCheck(both), target: null },
      ]
    } finally {
      await server.close()
    }
  },
} satisfies BenchCase

/** The panel's own round, all of it held; kept in memory, since a browser's disk is not ours to measure. */
async function createSync(
  server: PanelServer,
  fetch: typeof globalThis.fetch,
): Promise<() => Promise<unknown>> {
  const { server: url, token } = await server.signIn()
  const client = createClient({ server: url, token: () => token, fetch })
  const hasher = createHasher()
  const now = Date.now
  const witness = createWitness({
    ...{ client, hasher, now, server: url, policy: null, store: createMemoryWitnessStore() },
    onRecord() {},
  })
  const puller: Puller = {
    ...{ client, witness, hasher, now, tiles: new Map(), held: new Map() },
    ...{ store: createMemoryStore(), window: defaultWindow, removed: { ranges: [] } },
    onSize() {},
    onKept() {},
    onReplaced() {},
    onRemoved() {},
    onForgotten() {},
  }
  const { signal } = new AbortController()
  return () => pull(puller, false, signal)
}

/** Counts what goes to the server and what comes back; or answers itself what came last. */
function createMeter(server: PanelServer) {
  let [requests, bytes, isReplaying] = [0, 0, false]
  let last: [body: ArrayBuffer, headers: Headers] = [new ArrayBuffer(0), new Headers()]
  const fetch: typeof globalThis.fetch = async (input, init) => {
    requests++
    if (!isReplaying) {
      const response = await server.fetch(input, init)
      last = [await response.arrayBuffer(), response.headers]
    }
    const [body, headers] = last
    bytes += body.byteLength + [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('').length
    return new Response(body, { headers })
  }
  return {
    fetch,
    requests: () => requests,
    bytes: () => bytes,
    /** Counts anew what the work asks for; without the server, where it is to answer what came last. */
    during<T>(withoutServer: boolean, work: () => T): T {
      requests = 0
      bytes = 0
      isReplaying = withoutServer
      return work()
    },
  }
}
