/** Another log in the place of the true one: what somebody can serve who has the data folder, or the signing key. */
import { createLogReader, type LogReader } from '../../server/log/reader.ts'
import { parseTilePath } from '../../shared/log/tiles.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { PanelServer } from './panel-server.ts'
import { openTestLog, type TestLog, testOrg } from './test-log.ts'

/** A log of these events. Signed by the true log's key unless another is given. */
export async function openFalseLog(
  server: PanelServer,
  events: Parameters<TestLog['writer']['append']>[0],
  key = server.log.key,
): Promise<TestLog> {
  const log = await openTestLog({ key })
  log.clock.now = server.log.clock.now
  for (let at = 0; at < events.length; at += 256) await log.writer.append(events.slice(at, at + 256))
  return log
}

/** What panels cosign and hear of each other. */
const company = /^\/v1\/log\/(witnesses|cosignatures)\b/

/**
 * From now on, all that is asked of the log under `/v1/log` is answered from this one. What panels tell each other is
 * withheld, unless it `relays`.
 */
export function serveFalsely(server: PanelServer, log: TestLog, { relays = false } = {}): void {
  const reader = createLogReader({ org: testOrg, store: log.store })
  server.network.intercept = async path => {
    if (!path.startsWith('/v1/log/')) return undefined
    if (company.test(path)) return relays ? undefined : refuse(404, 'not_found')
    return (await answer(reader, log, new URL(path, server.url))) ?? refuse(404, 'not_found')
  }
}

export function serveTruly(server: PanelServer): void {
  server.network.intercept = () => undefined
}

async function answer(reader: LogReader, log: TestLog, { pathname, searchParams }: URL) {
  const what = pathname.slice('/v1/log/'.length)
  if (what === 'keys') return Response.json({ ...log.writer.keys, transitions: await reader.transitions() })
  if (what === 'acceptances') return Response.json({ index: log.writer.size })
  if (what === 'checkpoint') return new Response(await reader.checkpoint())
  if (what === 'consistency') return consistency(reader, searchParams)
  if (what.startsWith('disclosures/')) {
    return Response.json(await reader.disclosures(Number(what.slice(12)), { personal: true }))
  }
  if (what === 'erasures') return Response.json(await reader.erasures(Number(searchParams.get('since'))))
  const path = parseTilePath(what)
  const bytes = await (path.kind === 'entries' ? reader.entryBundle(path) : reader.tile(path))
  return bytes && new Response(bytes as Uint8Array<ArrayBuffer>)
}

async function consistency(reader: LogReader, parameters: URLSearchParams): Promise<Response> {
  const [from, to] = ['from', 'to'].map(name => Number(parameters.get(name)))
  try {
    return Response.json({ from, to, proof: await reader.consistency(from!, to!) })
  } catch (error) {
    if (error instanceof ProblemError) return refuse(400, 'malformed')
    throw error
  }
}

export function refuse(status: number, code: string): Response {
  const body = { type: 'about:blank', title: code, status, code, detail: code, requestId: 'r' }
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } })
}
