/** An event from a record of the platform or its older sibling: API item, exported JSON or CSV row alike. */
import type { Channel, NewEventInput, Outcome } from '../../shared/audit-event.ts'
import type { Json, JsonObject } from '../../shared/json.ts'
import { actionKey, areaKey, isKnownAction, outcomeOf, statedArea } from './action-names.ts'
import { boundedId } from './bounded-id.ts'
import { foldName, RecordReader } from './columns.ts'
import { RowError } from './format-row.ts'
import { actorOf } from './platform-actor.ts'
import { targetsOf } from './platform-targets.ts'
import { parseWrittenTime } from './written-time.ts'

export interface PlatformRecordOptions {
  source: string
  /** Names a record that has no id of its own; absent where an id is required. */
  contentId?: (record: JsonObject) => string
}

/** @throws {RowError} naming the column that is missing or cannot be read. */
export function platformEvent(record: JsonObject, options: PlatformRecordOptions): NewEventInput {
  const reader = new RecordReader(record)
  const details = detailsOf(reader)
  const metadata: JsonObject = {}
  const id = idOf(reader, record, options)
  const occurredAt = timeOf(reader, metadata)
  const { action, area } = actionOf(reader, metadata)
  const channel = channelOf(reader) ?? (details && channelOf(details))
  const context = {
    ip: reader.text('ip') ?? details?.text('ip') ?? null,
    userAgent: reader.text('userAgent') ?? details?.text('userAgent') ?? null,
    channel,
    requestId: boundedId(reader.text('requestId') ?? details?.text('requestId') ?? null),
    sessionId: boundedId(reader.text('sessionId') ?? details?.text('sessionId') ?? null),
    location: reader.text('location') ?? details?.text('location') ?? null,
  }
  const actor = actorOf(reader, details)
  const targets = targetsOf(reader, details)
  const changes = [...changesOf(reader), ...(details ? changesOf(details) : [])]
  const outcome = statedOutcome(reader) ?? (details && statedOutcome(details)) ?? outcomeOf(action)
  keepRest(metadata, reader, details)
  return {
    id,
    source: options.source,
    occurredAt,
    action,
    ...(area && { area }),
    actor,
    targets,
    outcome,
    changes,
    context,
    metadata,
  }
}

function idOf(reader: RecordReader, record: JsonObject, { contentId }: PlatformRecordOptions): string {
  const id = boundedId(reader.text('id'))
  if (id !== null) return id
  if (!contentId) throw new RowError('id', 'is missing')
  return contentId(record)
}

/** One column or two (date and time), with or without a zone beside them. */
function timeOf(reader: RecordReader, metadata: JsonObject): string {
  const column = (['timestamp', 'date', 'time'] as const).find(name => reader.peek(name) !== null)
  if (!column) {
    const wanted = ['timestamp', 'date', 'time'] as const
    throw new RowError(reader.nameOf(wanted.find(name => reader.has(name)) ?? 'timestamp'), 'is missing')
  }
  const name = reader.nameOf(column)
  const parts = [reader.text(column)]
  if (column === 'date' && !parseHasClock(parts[0])) parts.push(reader.text('time'))
  const zone = reader.peek('zone')
  if (typeof zone === 'string' && /^(UTC|GMT|Z|[+-]\d{2}:?\d{2})$/i.test(zone.trim()))
    parts.push(reader.text('zone'))
  const text = parts.filter(part => part !== null).join(' ')
  const time = parseWrittenTime(text)
  if (!time) throw new RowError(name, `is not a time that can be read: ${text.slice(0, 60)}`)
  if (!time.isExact) metadata.timeAsWritten = text
  return time.moment
}

function parseHasClock(text: string | null | undefined): boolean {
  return /\d{1,2}:\d{2}/.test(text ?? '')
}

function actionOf(reader: RecordReader, metadata: JsonObject): { action: string; area: string | undefined } {
  const words = reader.text('action')
  if (words === null) throw new RowError(reader.nameOf('action'), 'is missing')
  const areaWords = reader.text('area')
  const area = areaWords === null ? null : areaKey(areaWords)
  const action = actionKey(words, area)
  if (action !== words && !isKnownAction(words)) metadata.actionAsWritten = words
  return { action, area: statedArea(area, action) }
}

const channels: Record<string, Channel> = {
  web: 'web',
  ui: 'web',
  browser: 'web',
  api: 'api',
  backgroundtask: 'background',
  background: 'background',
  scheduler: 'background',
  system: 'background',
}

function channelOf(reader: RecordReader): Channel | null {
  const value = reader.peek('channel')
  const channel = typeof value === 'string' ? channels[foldName(value)] : undefined
  if (channel) reader.take('channel')
  return channel ?? null
}

function statedOutcome(reader: RecordReader): Outcome | null {
  const value = reader.peek('outcome')
  const words = foldName(String(value ?? ''))
  let outcome: Outcome | null = null
  if (/^(success|succeeded|successful|ok|passed|true|yes|completed)$/.test(words)) outcome = 'success'
  else if (/^(fail|failed|failure|error|false|no|unsuccessful)$/.test(words)) outcome = 'failure'
  else if (/^(denied|forbidden|refused|blocked|unauthorized)$/.test(words)) outcome = 'denied'
  // The word itself stays among what is kept where it says more than the outcome does.
  if (outcome && words === outcome) reader.take('outcome')
  return outcome
}

function changesOf(reader: RecordReader): { field: string; before: Json; after: Json }[] {
  if (!reader.has('before') || !reader.has('after')) return []
  const [before, after] = [reader.peek('before'), reader.peek('after')]
  if (before === null && after === null) return []
  reader.take('before')
  reader.take('after')
  return [{ field: reader.text('field') ?? 'value', before, after }]
}

/** The details of a record as a record: an object, or the text of one, as CSV files hold it. */
function detailsOf(reader: RecordReader): RecordReader | null {
  const value = reader.peek('details')
  const object = typeof value === 'string' && value.trim().startsWith('{') ? parsedObject(value) : value
  if (object === null || typeof object !== 'object' || Array.isArray(object)) return null
  reader.take('details')
  return new RecordReader(object)
}

function parsedObject(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function keepRest(metadata: JsonObject, reader: RecordReader, details: RecordReader | null): void {
  for (const [name, value] of Object.entries(reader.rest())) metadata[name] = value
  const rest = details?.rest()
  if (rest && Object.keys(rest).length > 0) metadata[reader.nameOf('details')] = rest
}
