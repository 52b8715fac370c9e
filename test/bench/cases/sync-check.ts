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
import { cpuMsOf } from '../measure.ts'

const repeats = 50

export default {
  about: 'a sync that finds nothing new; server, panel and network between them in one process',
  unit: 'events',
  size: 2000,
  async run({ size, rounds }) {
    const server = await openPanelServer()
    try {
      await server.append(realisticEvents(size))
      const network = createMeter(server)
      const sync = await createSync(server, network.fetch)
      await sync()
      const cpuMs: number[] = []
      for (let round = 0; round <= rounds; round++) {
        network.reset()
        const ms = await cpuMsOf(async () => {
          for (let i = 0; i < repeats; i++) await sync()
        })
        if (round > 0) cpuMs.push(ms / repeats)
      }
      const each = (sum: number) => [sum / repeats]
      return [
        { name: 'requests', unit: 'a check', values: each(network.requests()), target: { atMost: 1 } },
        {
          name: 'answer with its headers',
          unit: 'B',
          values: each(network.bytes()),
          target: { atMost: 2000 },
        },
        { name: 'both sides', unit: 'CPU ms', values: cpuMs, target: { atMost: 5 } },
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
    ...{ store: createMemoryStore(), window: defaultWindow },
    onSize() {},
    onKept() {},
    onReplaced() {},
    onForgotten() {},
  }
  const { signal } = new AbortController()
  return () => pull(puller, false, signal)
}

/** Counts what goes to the server and what comes back. */
function createMeter(server: PanelServer) {
  let [requests, bytes] = [0, 0]
  const fetch: typeof globalThis.fetch = async (input, init) => {
    requests++
    const response = await server.fetch(input, init)
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
    bytes += headers.length + (await response.clone().arrayBuffer()).byteLength
    return response
  }
  return {
    fetch,
    requests: () => requests,
    bytes: () => bytes,
    reset() {
      requests = 0
      bytes = 0
    },
  }
}
