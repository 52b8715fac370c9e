/**
 * A platform to be fed from in tests and demonstrations: the documented contract of both products, with everything
 * that can be awkward about a real one as a switch. It answers requests as data; `https-server.ts` puts them on a wire.
 */
import { generatedEntry, type PlatformEntry, people, targets } from './entries.ts'
import { Listing, type ListingOrder } from './listing.ts'

export interface Asked {
  url: URL
  headers: { [name: string]: string | undefined }
}

/** `cut` breaks the connection within the body, `stall` sends the head and then nothing. */
export interface Reply {
  status: number
  headers: Record<string, string>
  body: string
  delivery: 'whole' | 'cut' | 'stall'
}

/** What may befall one request. */
export type Mishap =
  | { kind: 'status'; status: number; body?: string }
  | { kind: 'html' | 'cut' | 'stall' | 'garbage' | 'redirect' }
  | { kind: 'rate_limited'; retryAfter: number; inBody?: boolean }

export interface Awkwardness {
  order: ListingOrder
  /** Neighbours on a page change places from request to request. */
  shuffled: boolean
  /** So many items of a page stand there twice. */
  repeated: number
  maxPageSize: number
  /** What a page beyond the largest brings: fewer items than asked for, or a refusal. */
  largePages: 'cut' | 'refused'
  times: 'z' | 'offset' | 'both'
  unknownFields: boolean
  /** Another schema than the documented one. */
  schema: 'documented' | 'renamed' | 'no_total' | 'no_id'
  /** Requests a minute, told in headers; null limits nothing. */
  requestsPerMinute: number | null
  /** How far its clock is ahead. */
  clockSkewMs: number
  /** Entries it counts and never lists. */
  counted: number
  /** What befalls the next request; null for nothing. */
  mishap: (asked: Asked) => Mishap | null
}

export const documented: Awkwardness = {
  order: 'newest-first',
  shuffled: false,
  repeated: 0,
  maxPageSize: 1000,
  largePages: 'cut',
  times: 'z',
  unknownFields: false,
  schema: 'documented',
  requestsPerMinute: null,
  clockSkewMs: 0,
  counted: 0,
  mishap: () => null,
}

export interface StandInOptions {
  /** Milliseconds since 1970. */
  clock: () => number
  random?: () => number
  /** Entries it has had from the beginning. */
  history?: number
  awkwardness?: Partial<Awkwardness>
}

export const platformKey = 'platform-key-1'
export const enterpriseUser = { id: 'user-1', token: 'token-1' }
export const auditPath = '/api/identity/v1/audit/list'
export const enterprisePath = '/api/1.0/auditlogs/list'

export type StandIn = ReturnType<typeof createStandIn>

export function createStandIn(options: StandInOptions) {
  const { clock, history = 0, random = Math.random } = options
  const awkward: Awkwardness = { ...documented, ...options.awkwardness }
  const listing = new Listing(history, clock())
  let made = history
  let requests = 0
  let window = { start: 0, used: 0 }

  /** `agoMs` makes a late one: it happened so long before it arrives. */
  function happen(count = 1, agoMs = 0): PlatformEntry[] {
    return Array.from({ length: count }, () => {
      const entry = generatedEntry(made++, clock() - agoMs)
      listing.add(entry)
      return entry
    })
  }

  function answer(asked: Asked): Reply {
    requests++
    const mishap = awkward.mishap(asked)
    const reply = mishap ? mishapReply(mishap) : (limited() ?? route(asked))
    const date = new Date(clock() + awkward.clockSkewMs).toUTCString()
    return { ...reply, headers: { date, ...rateHeaders(), ...reply.headers } }
  }

  function limited(): Reply | null {
    const { requestsPerMinute } = awkward
    if (requestsPerMinute === null) return null
    if (clock() - window.start >= 60_000) window = { start: clock(), used: 0 }
    if (window.used >= requestsPerMinute) {
      const retryAfter = Math.ceil((window.start + 60_000 - clock()) / 1000)
      return json(429, { message: 'Too many requests', retryAfter })
    }
    window.used++
    return null
  }

  function rateHeaders(): Record<string, string> {
    const { requestsPerMinute, clockSkewMs } = awkward
    if (requestsPerMinute === null) return {}
    return {
      'x-ratelimit-limit': String(requestsPerMinute),
      'x-ratelimit-remaining': String(Math.max(0, requestsPerMinute - window.used)),
      'x-ratelimit-reset': String(Math.ceil((window.start + 60_000 + clockSkewMs) / 1000)),
    }
  }

  function route({ url, headers }: Asked): Reply {
    const isEnterprise = url.pathname === enterprisePath
    const basic = `Basic ${Buffer.from(`${enterpriseUser.id}:${enterpriseUser.token}`).toString('base64')}`
    const isKnown = isEnterprise ? headers.authorization === basic : headers['x-auth'] === platformKey
    const routes: Record<string, (query: URLSearchParams) => Reply> = {
      [auditPath]: auditList,
      [enterprisePath]: enterpriseList,
      '/api/people': query => collection(people, query),
      '/api/targets': query => collection(targets, query),
    }
    const serve = routes[url.pathname]
    if (!serve) return html(404)
    return isKnown ? serve(url.searchParams) : json(401, { message: 'Unauthorized' })
  }

  function auditList(query: URLSearchParams): Reply {
    const found = pageOf(query.get('pageSize'), query.get('pageNumber'))
    if ('status' in found) return found
    const { items, size, page } = found
    const total = listing.total + awkward.counted
    const pageInfo = {
      ...(awkward.schema !== 'no_total' && { totalCount: total, totalPages: Math.ceil(total / size) }),
      pageSize: size,
      currentPage: page,
    }
    const written = items.map(platformItem)
    return json(
      200,
      awkward.schema === 'renamed' ? { records: written, paging: pageInfo } : { items: written, pageInfo },
    )
  }

  function enterpriseList(query: URLSearchParams): Reply {
    const found = pageOf(query.get('pageSize'), query.get('page'))
    if ('status' in found) return found
    const { items, size, page } = found
    const total = listing.total + awkward.counted
    const pages = Math.ceil(total / size)
    return json(200, {
      FirstItemOnPage: (page - 1) * size + 1,
      HasNextPage: page < pages,
      HasPreviousPage: page > 1,
      IsFirstPage: page === 1,
      IsLastPage: page >= pages,
      LastItemOnPage: (page - 1) * size + items.length,
      List: items.map(enterpriseItem),
      PageCount: pages,
      PageNumber: page,
      PageSize: size,
      TotalItemCount: total,
    })
  }

  function pageOf(sizeText: string | null, pageText: string | null) {
    const asked = Number(sizeText ?? 20)
    const page = Number(pageText ?? 1)
    if (!(asked >= 1 && page >= 1)) return json(400, { message: 'pageSize and pageNumber are from 1' })
    if (asked > awkward.maxPageSize && awkward.largePages === 'refused')
      return json(400, { message: `pageSize must not exceed ${awkward.maxPageSize}` })
    const size = Math.min(asked, awkward.maxPageSize)
    const items = listing.page(awkward.order, (page - 1) * size, size)
    for (let i = 0; i < awkward.repeated && items[i]; i++) items.push(items[i]!)
    if (awkward.shuffled) items.sort(() => random() - 0.5)
    return { items, size, page }
  }

  function platformItem(entry: PlatformEntry) {
    const { at, ...rest } = entry
    const timestamp = timeText(at)
    return {
      ...(awkward.schema === 'no_id' ? { ...rest, id: undefined } : rest),
      ...(awkward.schema === 'renamed' ? { createdAt: timestamp } : { timestamp }),
      ...(awkward.unknownFields && { severity: 'info', trace: { span: 7 } }),
    }
  }

  function timeText(at: number): string {
    const iso = new Date(at).toISOString()
    const isOffset = awkward.times === 'offset' || (awkward.times === 'both' && at % 2000 < 1000)
    return isOffset ? iso.replace('Z', '123+00:00') : iso
  }

  return {
    awkward,
    happen,
    answer,
    /** Everything it has, oldest first. */
    entries: () => listing.all(),
    forgetOldest: (count: number) => listing.forgetOldest(count),
    requests: () => requests,
  }
}

function enterpriseItem({ id, userId, action, at, details }: PlatformEntry) {
  const person = people.find(each => each.id === userId)
  const day = new Date(at).toISOString()
  return {
    AccountId: 1,
    // Month first and to the second, as its requests write dates.
    CreatedAt: `${day.slice(5, 7)}/${day.slice(8, 10)}/${day.slice(0, 4)} ${day.slice(11, 19)}`,
    EndpointType: 'Web',
    Id: id,
    Type: action === 'scan.started' ? 'ScanStarted' : action,
    UserEmail: person?.email ?? '',
    UserId: userId,
    UserName: person ? `${person.firstName} ${person.lastName}` : '',
    Message: 'Done',
    RequestData: JSON.stringify(details),
  }
}

function collection(all: readonly object[], query: URLSearchParams): Reply {
  const pageSize = Math.min(Number(query.get('pageSize') ?? 20), 100)
  const page = Number(query.get('page') ?? 1)
  const items = all.slice((page - 1) * pageSize, page * pageSize)
  return json(200, { items, totalCount: all.length, page, pageSize })
}

function mishapReply(mishap: Mishap): Reply {
  const whole = json(200, {
    items: [],
    pageInfo: { totalCount: 0, pageSize: 20, currentPage: 1, totalPages: 0 },
  })
  switch (mishap.kind) {
    case 'status':
      return json(mishap.status, { message: mishap.body ?? 'It failed' })
    case 'html':
      return html(200)
    case 'garbage':
      return { ...whole, body: '{"items": [{"id": ' }
    case 'redirect':
      return { ...html(302), headers: { location: 'https://login.example/sign-in' } }
    case 'cut':
    case 'stall':
      return { ...whole, delivery: mishap.kind }
    case 'rate_limited': {
      const body = json(429, mishap.inBody === false ? {} : { retryAfter: mishap.retryAfter })
      return { ...body, headers: { ...body.headers, 'retry-after': String(mishap.retryAfter) } }
    }
  }
}

function json(status: number, body: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    delivery: 'whole',
  }
}

function html(status: number): Reply {
  const body = '<!doctype html><html><title>Sign in</title><body>Sign in</body></html>'
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body, delivery: 'whole' }
}
