/**
 * What a copied piece of text is: an id, an e-mail, an address, a web address, an action, a link to a view. Decided by
 * its form alone; which of the candidates the log knows is for the caller to find out.
 */
import { parseAddress, parseAddressRange } from './address.ts'
import { isKnownAction } from './catalogue.ts'
import { parseViewLink } from './view-link.ts'

/**
 * `link`: a link to a view (`view-link.ts`). `ip`: an address or CIDR range. `host`: a domain name, lower case.
 * `id`: of an actor, target, event, request or session. `text`: anything, to be searched for.
 */
export type RecognisedKind = 'link' | 'action' | 'email' | 'ip' | 'id' | 'host' | 'text'

export interface Recognised {
  kind: RecognisedKind
  value: string
}

/** Longer selections are no name of anything. */
const longestText = 2_000
const mostCandidates = 8

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
const wholeId = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  // ULID, object id, trace and request ids in hexadecimal.
  /^[0-7][0-9a-hjkmnp-tv-z]{25}$/i,
  /^(?=.*\d)(?:[0-9a-f]{16}|[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i,
  // `req-4f2a91`, `usr_1b7Qx`: a word, then what holds a digit.
  /^[a-z]{1,16}[-_](?=[\w-]*\d)[\w-]{2,96}$/i,
]
const email = /^[^\s@<>()[\]",;:\\]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i
const hostName = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i

/**
 * Candidates, the likeliest first; the last is always the text itself. Nothing for blank or very long text.
 * @example recognise('https://app.example.com/targets/1b4e28ba-2fa1-11d2-883f-0016d3cca427') // id, host, text
 */
export function recognise(text: string): Recognised[] {
  const whole = text.trim()
  if (whole === '' || whole.length > longestText) return []
  if (parseViewLink(whole)) return [{ kind: 'link', value: whole }]
  const bare = withoutWrapping(whole)
  const found: Recognised[] = [
    ...readUrl(bare),
    ...readAddress(whole),
    ...readWord(bare),
    { kind: 'text', value: whole },
  ]
  const seen = new Set<string>()
  const distinct = found.filter(({ kind, value }) => {
    const key = `${kind} ${value}`
    return !seen.has(key) && seen.add(key)
  })
  return [...distinct.slice(0, -1).slice(0, mostCandidates - 1), distinct.at(-1)!]
}

/** Quotes, brackets and `mailto:` around it, and the full stop or comma after it. */
function withoutWrapping(text: string): string {
  return text
    .replace(/^[\s"'`<([{]+/, '')
    .replace(/[\s"'`>)\]},;.!?]+$/, '')
    .replace(/^mailto:/i, '')
}

function readUrl(text: string): Recognised[] {
  if (!/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text)) return []
  const url = new URL(text)
  const ids = [...`${url.pathname}${url.search}${url.hash}`.matchAll(uuid)].map(([id]) => id)
  return [...ids.map(value => ({ kind: 'id' as const, value })), ...readHost(url.hostname)]
}

function readHost(text: string): Recognised[] {
  const host = text.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (parseAddress(host)) return [{ kind: 'ip', value: host }]
  return hostName.test(host) || host === 'localhost' ? [{ kind: 'host', value: host }] : []
}

/** Alone, as a range, or with a port. */
function readAddress(text: string): Recognised[] {
  if (parseAddressRange(text)) return [{ kind: 'ip', value: text }]
  const withPort = /^(?:\[([0-9a-f:.]+)\]|([\d.]+)):\d{1,5}$/i.exec(text)
  const address = withPort?.[1] ?? withPort?.[2]
  return address !== undefined && parseAddress(address) ? [{ kind: 'ip', value: address }] : []
}

function readWord(text: string): Recognised[] {
  if (/\s/.test(text)) return []
  const address = readAddress(text)
  if (address.length > 0) return address
  if (isKnownAction(text)) return [{ kind: 'action', value: text }]
  if (email.test(text)) return [{ kind: 'email', value: text }]
  const found: Recognised[] = wholeId.some(form => form.test(text)) ? [{ kind: 'id', value: text }] : []
  return [...found, ...readHost(text.replace(/\/$/, '').replace(/:\d{1,5}$/, ''))]
}
