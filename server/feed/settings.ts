/** What somebody sets a source to: checked, put into one spelling, and read back without its secrets. */
import { X509Certificate } from 'node:crypto'
import type { Selectable } from 'kysely'
import { ProblemError } from '../../shared/problem.ts'
import type { NewSource, SourceKind } from '../../shared/sources.ts'
import { connectors } from './connector.ts'
import { openKey, sealKey } from './credentials.ts'
import type { FeedTables } from './tables.ts'

export type SourceRow = Selectable<FeedTables['source']>

/** What is sealed: the key, and the proxy with its password. */
export interface Secrets {
  key: string
  proxy: string | null
}

/** @throws {ProblemError} malformed, naming the field */
export function checkSettings<Settings extends Omit<NewSource, 'key'>>(input: Settings): Settings {
  const checked = {
    ...input,
    baseUrl: readBaseUrl(input.baseUrl),
    proxy: input.proxy ? readProxy(input.proxy) : null,
    certificateAuthority: input.certificateAuthority?.trim()
      ? readAuthority(input.certificateAuthority)
      : null,
  }
  if (connectors[input.kind].needsUserId && input.userId === null)
    throw refusal('userId', 'is missing: this product’s API takes a user id and a token together')
  return checked
}

function readBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'https:')
    throw refusal('baseUrl', 'is no https:// address (without TLS the key would travel in clear)')
  if (url.username || url.password || url.search || url.hash)
    throw refusal('baseUrl', 'must be an address alone: no user, no query, no fragment')
  if (/\/api(\/|$)/.test(url.pathname))
    throw refusal('baseUrl', 'goes without /api/…: that part is added here')
  return url.href.replace(/\/+$/, '')
}

function readProxy(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && /^https?:$/.test(url.protocol) && url.hostname) return url.href
  throw refusal('proxy', 'is no http:// or https:// address of a proxy')
}

function readAuthority(text: string): string {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)
  if (!blocks)
    throw refusal('certificateAuthority', 'holds no certificate in PEM (-----BEGIN CERTIFICATE-----)')
  for (const block of blocks) {
    try {
      new X509Certificate(block)
    } catch {
      throw refusal('certificateAuthority', 'holds a certificate that cannot be read')
    }
  }
  return `${blocks.join('\n')}\n`
}

export function refusal(path: string, message: string): ProblemError {
  return new ProblemError('malformed', `${path} ${message}`, { errors: [{ path, message }] })
}

/** A proxy as it may be shown: its password is a secret too. */
export function withoutPassword(proxy: string | null): string | null {
  if (proxy === null) return null
  const url = new URL(proxy)
  if (url.password) url.password = '***'
  return url.href
}

export function seal(secret: string, row: { id: string; baseUrl: string }, secrets: Secrets): string {
  return sealKey(secret, row, JSON.stringify(secrets))
}

/** @throws {FeedError} key_unreadable */
export function unseal(secret: string, row: { id: string; baseUrl: string; sealedKey: string }): Secrets {
  return JSON.parse(openKey(secret, row, row.sealedKey)) as Secrets
}

/** Ids of the sibling are numbers of one account each: two accounts must not be taken for one another's. */
export function eventSourceOf(kind: SourceKind, baseUrl: string, others: readonly SourceRow[]): string {
  const isTaken = others.some(other => other.eventSource === kind && other.baseUrl !== baseUrl)
  return kind === 'invicti-enterprise' && isTaken ? `${kind}:${new URL(baseUrl).host}`.slice(0, 128) : kind
}
