/** What a column of an export is called. The platform publishes no header, so many spellings are understood. */
import type { Json, JsonObject } from '../../shared/json.ts'

/** In order of preference: the first spelling found is taken, the others stay with what is kept unread. */
const spellings = {
  id: 'id eventid auditid logid entryid auditlogid recordid uuid guid',
  timestamp:
    'timestamp datetime dateandtime datetimeutc timestamputc createdat created creationdate occurredat eventtime eventdate loggedat when',
  date: 'date dateutc day',
  time: 'time timeutc',
  zone: 'timezone zone utcoffset',
  action: 'action actionname event eventname activity actiontype eventtype operation type',
  area: 'area module section category actionarea feature',
  userId: 'userid actorid performedbyid initiatorid',
  userName: 'username fullname displayname actorname',
  userEmail: 'useremail email emailaddress mail actoremail',
  user: 'user actor performedby initiator initiatedby createdby who by account login',
  ip: 'ip ipaddress sourceip sourceipaddress clientip remoteip remoteaddress ipaddr',
  userAgent: 'useragent browser',
  requestId: 'requestid correlationid traceid',
  sessionId: 'sessionid',
  location: 'location geolocation country',
  channel: 'endpointtype channel interface origin',
  outcome: 'outcome result status success',
  targetId: 'targetid resourceid objectid entityid',
  targetName:
    'targetname target targeturl resourcename resource objectname object entityname entity website websitename websiteurl',
  targetType: 'targettype resourcetype objecttype entitytype',
  field: 'changedfield field property attribute',
  before: 'before oldvalue previousvalue old from',
  after: 'after newvalue new to',
  details: 'details detail message description data info additionalinfo',
} as const

export type Column = keyof typeof spellings

const ranks = new Map<string, { column: Column; rank: number }>()
for (const [column, names] of Object.entries(spellings) as [Column, string][]) {
  names.split(' ').forEach((name, rank) => {
    ranks.set(name, { column, rank })
  })
}

/** `IP address`, `ip_address` and `ipAddress` are one spelling; what stands in brackets, as a zone does, is no part of it. */
export function foldName(name: string): string {
  return name
    .replace(/\s*\([^)]*\)\s*$/, '')
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase()
}

const known = new Map<string, ReadonlyMap<Column, string>>()

function columnsOf(names: readonly string[]): ReadonlyMap<Column, string> {
  const signature = names.join('\u0000')
  const cached = known.get(signature)
  if (cached) return cached
  const found = new Map<Column, { name: string; rank: number }>()
  for (const name of names) {
    const spelling = ranks.get(foldName(name))
    if (!spelling) continue
    const best = found.get(spelling.column)
    if (!best || spelling.rank < best.rank) found.set(spelling.column, { name, rank: spelling.rank })
  }
  const columns = new Map([...found].map(([column, { name }]) => [column, name]))
  if (known.size < 500 && signature.length < 10_000) known.set(signature, columns)
  return columns
}

/** Reads a record by column and remembers what was read, so that the rest can be kept. */
export class RecordReader {
  private readonly columns: ReadonlyMap<Column, string>
  private readonly taken = new Set<string>()

  constructor(private readonly record: JsonObject) {
    this.columns = columnsOf(Object.keys(record))
  }

  has(column: Column): boolean {
    return this.columns.has(column)
  }

  /** The name this record gives the column. */
  nameOf(column: Column): string {
    return this.columns.get(column) ?? column
  }

  /** The value, null where there is none or it is empty; it stays among the unread. */
  peek(column: Column): Json {
    const name = this.columns.get(column)
    const value = name === undefined ? null : (this.record[name] ?? null)
    return typeof value === 'string' && value.trim() === '' ? null : value
  }

  /** The value as text; what is no text or number stays among the unread. */
  text(column: Column): string | null {
    const value = this.peek(column)
    if (typeof value !== 'string' && typeof value !== 'number') return null
    this.take(column)
    return String(value).trim()
  }

  /** Marks a column as read. */
  take(column: Column): void {
    const name = this.columns.get(column)
    if (name !== undefined) this.taken.add(name)
  }

  /** What was not read, under its own names, empty values left out. */
  rest(): JsonObject {
    return Object.fromEntries(
      Object.entries(this.record).filter(
        ([name, value]) => !this.taken.has(name) && value !== '' && value !== null,
      ),
    )
  }
}
