/** One question to a source: a page of its list, or exactly what is wrong. */
import type { JsonObject } from '../../shared/json.ts'
import type { SourceKind } from '../../shared/sources.ts'
import { isObject } from '../intake/json-shape.ts'
import { parseJson } from '../intake/json-text.ts'
import {
  type Connector,
  type Credentials,
  connectors,
  type ListedPage,
  type PageRequest,
} from './connector.ts'
import { networkTrouble, refuseAnswer } from './diagnose.ts'
import type { RawAnswer, Transport } from './transport.ts'
import { FeedError } from './trouble.ts'

export interface AskedSource {
  kind: SourceKind
  baseUrl: string
  isProxied: boolean
  credentials: Credentials
}

export interface PageAnswer extends ListedPage {
  header: RawAnswer['header']
}

/** @throws {FeedError} */
export async function askPage(
  source: AskedSource,
  transport: Transport,
  request: PageRequest,
): Promise<PageAnswer> {
  const connector: Connector = connectors[source.kind]
  const { answer, header } = await askJson(source, transport, connector.path(request))
  const page = connector.read(answer)
  if (!page) throw new FeedError('unexpected_answer', 'the answer holds no list of entries')
  return { ...page, header }
}

/** Any JSON below the source's base URL; a bare list is taken as `items`. @throws {FeedError} */
export async function askJson(
  source: AskedSource,
  transport: Transport,
  path: string,
): Promise<{ answer: JsonObject; header: RawAnswer['header'] }> {
  const url = new URL(source.baseUrl.replace(/\/+$/, '') + path)
  let raw: RawAnswer
  try {
    raw = await transport.get(url, {
      accept: 'application/json',
      'user-agent': 'Trailside',
      ...connectors[source.kind].headers(source.credentials),
    })
  } catch (error) {
    throw networkTrouble(error, url.host, source.isProxied)
  }
  refuseAnswer(raw)
  const parsed = parseJson(raw.text, 'text')
  if ('error' in parsed) throw new FeedError('unexpected_answer', `the answer ${parsed.error.reason}`)
  const { value } = parsed
  if (Array.isArray(value)) return { answer: { items: value }, header: raw.header }
  if (isObject(value)) return { answer: value, header: raw.header }
  throw new FeedError('unexpected_answer', 'the answer is no list')
}

const skewWorthSaying = 2 * 60_000

/** How far the platform's clock is ahead, where that is more than requests and rounding explain. */
export function clockSkewOf(header: RawAnswer['header'], now: number): number | null {
  const date = Date.parse(header('date') ?? '')
  return Number.isFinite(date) && Math.abs(date - now) > skewWorthSaying ? date - now : null
}

/** The platform's own clock, by which it counts its limits. */
export function platformNow(header: RawAnswer['header'], now: number): number {
  const date = Date.parse(header('date') ?? '')
  return Number.isFinite(date) ? date : now
}
