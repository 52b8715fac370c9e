/** What a filtered page over HTTP costs above sending the same bytes. */
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { openTestApp } from '../../support/app.ts'
import type { BenchCase } from '../bench.ts'
import { realisticEvents } from '../events.ts'
import { cpuMsOf, measureInTurns, speedRatios } from '../measure.ts'

const requests = 400
const atOnce = 8

export default {
  about: 'a page of 50 filtered events over HTTP; × is our speed to a handler with the same bytes in memory',
  unit: 'events',
  size: 12_800,
  async run({ size, rounds }) {
    const opened = await openTestApp()
    try {
      await opened.log.writer.append(realisticEvents(size))
      await opened.live.ready
      const { token } = await opened.join('Ana Lyst', 'security-analyst')
      const headers = { authorization: `Bearer ${token}` }
      const path = '/v1/events?area=scans&area=targets&outcome=success&limit=50'
      const bytes = await (await opened.app.request(path, { headers })).text()
      const stored = new Hono().get('/v1/events', c =>
        c.body(bytes, 200, { 'content-type': 'application/json' }),
      )
      const ours = await listening(opened.app.fetch)
      const theirs = await listening(stored.fetch)
      const measured = await measureInTurns(rounds, {
        theirs: () => cpuMsOf(() => ask(theirs.url + path, headers)),
        ours: () => cpuMsOf(() => ask(ours.url + path, headers)),
      })
      ours.close()
      theirs.close()
      return [
        {
          ...{ name: 'a page of 50', unit: '×' },
          ...{ values: speedRatios(measured.theirs, measured.ours), target: { atLeast: 0.5 } },
        },
        {
          ...{ name: 'a page, with its client', unit: 'CPU µs' },
          ...{ values: measured.ours.map(ms => (ms * 1000) / requests), target: null },
        },
      ]
    } finally {
      await opened.close()
    }
  },
} satisfies BenchCase

async function listening(fetch: Parameters<typeof serve>[0]['fetch']) {
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

async function ask(url: string, headers: Record<string, string>): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  let left = requests
  const worker = async () => {
    while (left-- > 0) await read(url, headers, agent)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  agent.destroy()
}

function read(url: string, headers: Record<string, string>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent }, answer => {
      if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`))
      answer.resume()
      answer.on('end', resolve)
    })
    sent.on('error', reject)
    sent.end()
  })
}
