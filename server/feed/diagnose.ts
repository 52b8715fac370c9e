/** From what the network or the platform did to the one thing that is wrong. */
import type { TroubleCode } from '../../shared/sources.ts'
import type { RawAnswer } from './transport.ts'
import { FeedError } from './trouble.ts'

const codes: Record<string, TroubleCode> = {
  ENOTFOUND: 'name_not_resolved',
  EAI_AGAIN: 'name_not_resolved',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timed_out',
  UND_ERR_CONNECT_TIMEOUT: 'timed_out',
  UND_ERR_HEADERS_TIMEOUT: 'timed_out',
  UND_ERR_BODY_TIMEOUT: 'timed_out',
  ECONNRESET: 'cut_off',
  EPIPE: 'cut_off',
  UND_ERR_SOCKET: 'cut_off',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'cut_off',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'cut_off',
  CERT_HAS_EXPIRED: 'tls_expired',
  CERT_NOT_YET_VALID: 'tls_not_yet_valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls_wrong_host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls_untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls_untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls_untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls_untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls_untrusted',
  CERT_UNTRUSTED: 'tls_untrusted',
  CERT_SIGNATURE_FAILURE: 'tls_untrusted',
}

/** Behind a proxy, these speak of the way to it: the platform's own name is the proxy's to resolve. */
const ofTheWay: ReadonlySet<TroubleCode> = new Set(['name_not_resolved', 'refused', 'unreachable'])

/** @param host names the source in the detail */
export function networkTrouble(error: unknown, host: string, isProxied: boolean): FeedError {
  const { code, message } = rootOf(error)
  if (isProxied && /proxy response|tunnel/i.test(message)) return new FeedError('proxy_failed', message)
  const found = codes[code] ?? (/SSL|TLS|CERT/.test(code) ? 'tls_failed' : namedIn(message))
  if (isProxied && ofTheWay.has(found)) return new FeedError('proxy_failed', code || message)
  return new FeedError(found, `${host}: ${code || message}`)
}

function namedIn(message: string): TroubleCode {
  if (/timeout|timed out|aborted/i.test(message)) return 'timed_out'
  return 'cut_off'
}

/** The innermost cause that has a code; several attempts of one connection count as the last. */
function rootOf(error: unknown): { code: string; message: string } {
  let found = { code: '', message: String(error) }
  let each: unknown = error
  for (let depth = 0; each instanceof Error && depth < 5; depth++) {
    const { code } = each as { code?: unknown }
    found = { code: typeof code === 'string' ? code : found.code, message: each.message || found.message }
    each = each instanceof AggregateError ? each.errors.at(-1) : each.cause
  }
  return found
}

/** Nothing where the answer is JSON that says yes. @throws {FeedError} */
export function refuseAnswer(answer: RawAnswer): void {
  const { status } = answer
  const isJson = /json/i.test(answer.header('content-type') ?? '') || /^\s*[{[]/.test(answer.text)
  if (status === 429) throw new FeedError('rate_limited', 'HTTP 429', retryAfterOf(answer))
  if (status === 401) throw new FeedError('key_refused', 'HTTP 401')
  if (status === 403) throw forbidden(answer)
  if (status >= 500) throw new FeedError('platform_failed', `HTTP ${status}`, retryAfterOf(answer))
  if (status === 404 || status === 405 || status === 410)
    throw new FeedError('wrong_address', `HTTP ${status}`)
  if (status >= 300 && status < 400) {
    const to = answer.header('location')
    throw new FeedError('wrong_address', `HTTP ${status}${to ? `, a redirect to ${hostOf(to)}` : ''}`)
  }
  if (status >= 400) throw new FeedError('request_refused', `HTTP ${status}`)
  if (!isJson) throw new FeedError('wrong_address', `HTTP ${status} with a page instead of JSON`)
}

/** The platform publishes no code for an address it does not let in: its words decide. */
function forbidden({ text }: RawAnswer): FeedError {
  const speaksOfAddress = /\b(ip|allow-?list|white-?list|address)\b/i.test(text.slice(0, 2000))
  return new FeedError(speaksOfAddress ? 'address_not_allowed' : 'role_lacks_permission', 'HTTP 403')
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'another page'
}

const longestWaitMs = 3_600_000

/** `retryAfter` of the body (seconds), else the header; null where neither says. */
function retryAfterOf(answer: RawAnswer): number | null {
  const inBody = /"retryAfter"\s*:\s*"?(\d+(?:\.\d+)?)/i.exec(answer.text.slice(0, 5000))?.[1]
  const header = answer.header('retry-after') ?? ''
  const seconds = inBody ?? (/^\d+$/.test(header) ? header : null)
  return seconds === null ? null : Math.min(Number(seconds) * 1000, longestWaitMs)
}
