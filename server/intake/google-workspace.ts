/** `google-workspace`: activities of the Reports API. An activity holds several events; each is one of ours. */
import type { NewEventInput, Outcome } from '../../shared/audit-event.ts'
import type { Json, JsonObject } from '../../shared/json.ts'
import { boundedId, longestId } from './bounded-id.ts'
import { contentDigest } from './content-id.ts'
import { type Bytes, type FormatRow, mapRecords, RowError } from './format-row.ts'
import { changesOf } from './google-workspace-changes.ts'
import { targetsOf } from './google-workspace-targets.ts'
import { jsonRecords } from './json-records.ts'
import { objectOr, textOrNull } from './json-shape.ts'

export const googleWorkspaceSource = 'google-workspace'

export function googleWorkspace(bytes: Bytes): AsyncGenerator<FormatRow> {
  const records = jsonRecords(bytes, { wrapperKeys: ['activities', 'items'], largeNumbers: 'text' })
  return mapRecords(records, eventsOfActivity)
}

function eventsOfActivity(activity: JsonObject): (() => NewEventInput)[] {
  const { events } = activity
  if (!Array.isArray(events) || events.length === 0) return [refuseEmpty]
  return events.map((event, position) => () => eventOf(activity, objectOr(event), position))
}

function refuseEmpty(): never {
  throw new RowError('events', 'holds no event')
}

function eventOf(activity: JsonObject, event: JsonObject, position: number): NewEventInput {
  const { id, actor, events: _events, ipAddress, ...restOfActivity } = activity
  const { name: _name, parameters: _parameters, ...restOfEvent } = event
  const application = required(objectOr(id), 'applicationName', 'id.applicationName')
  const name = required(event, 'name', `events[${position}].name`)
  const action = name.toLowerCase()
  const { user_agent: userAgent, ...parameters } = parametersOf(event.parameters)
  const { applicationName: _applicationName, time: _time, ...restOfId } = objectOr(id)
  const who = actorOf(objectOr(actor))
  const metadata: JsonObject = { ...restOfActivity, ...restOfEvent, ...restOfId, ...who.metadata, position }
  if (name !== action) metadata.eventName = name
  if (Object.keys(parameters).length > 0) metadata.parameters = parameters
  if (userAgent !== undefined && textOrNull(userAgent) === null) metadata.user_agent = userAgent
  return {
    id: idOf(activity, event, position),
    source: googleWorkspaceSource,
    occurredAt: required(objectOr(id), 'time', 'id.time'),
    action: `${application}.${action}`,
    area: application,
    actor: who.actor,
    targets: targetsOf(application, parameters),
    outcome: outcomeOf(action, parameters),
    changes: changesOf(action, parameters),
    context: {
      ip: textOrNull(ipAddress),
      userAgent: textOrNull(userAgent),
      channel: who.actor.type === 'system' ? 'background' : null,
    },
    metadata,
  }
}

/**
 * Application, time and qualifier do not name an activity for certain: real logs hold a sign-in and its second factor
 * under the same three. So the content belongs to the name; the etag does not, for it may differ between two listings.
 */
function idOf(activity: JsonObject, event: JsonObject, position: number): string {
  const { etag: _etag, events: _events, ...named } = activity
  const { applicationName, time, uniqueQualifier } = objectOr(activity.id)
  const digest = contentDigest([named, event]).slice(0, 16)
  const id = [applicationName, time, uniqueQualifier, position, digest].join('/')
  return id.length <= longestId ? id : boundedId(id)!
}

function required(object: JsonObject, name: string, path: string): string {
  const value = textOrNull(object[name])
  if (value === null) throw new RowError(path, object[name] === undefined ? 'is missing' : 'is not text')
  return value
}

/** Someone without an e-mail address is shown as what they are: a key, the system, or a profile's number. */
function actorOf(actor: JsonObject): { actor: NewEventInput['actor']; metadata: JsonObject } {
  const { email, profileId, key, callerType, ...rest } = actor
  const metadata: JsonObject = Object.keys(rest).length > 0 ? { actor: rest } : {}
  if (callerType !== undefined) metadata.callerType = callerType
  const id = boundedId(textOrNull(profileId))
  const address = textOrNull(email)
  if (address !== null) return { actor: { type: 'user', ...(id && { id }), email: address }, metadata }
  const keyName = textOrNull(key)
  if (keyName !== null) {
    if (id) metadata.profileId = id
    const type = keyName === 'SYSTEM' ? 'system' : 'api_key'
    return {
      actor: { type, id: boundedId(keyName)!, name: type === 'system' ? 'System' : keyName },
      metadata,
    }
  }
  if (id) return { actor: { type: 'user', id }, metadata }
  const application = objectOr(rest.applicationInfo)
  const client = boundedId(textOrNull(application.oauthClientId))
  const named = textOrNull(application.applicationName)
  if (client || named)
    return { actor: { type: 'service', ...(client && { id: client }), name: named }, metadata }
  return { actor: { type: 'system', id: 'unspecified' }, metadata }
}

const valueNames = [
  'value',
  'intValue',
  'boolValue',
  'multiValue',
  'multiIntValue',
  'multiBoolValue',
  'messageValue',
  'multiMessageValue',
]

/** Parameters by name. One whose value has an unknown shape, or whose name comes twice, is kept as it is written. */
function parametersOf(parameters: Json | undefined): JsonObject {
  const byName = new Map<string, Json>()
  for (const parameter of Array.isArray(parameters) ? parameters : []) {
    const { name, ...value } = objectOr(parameter)
    const key = textOrNull(name) ?? 'unnamed'
    const [only, second] = Object.keys(value)
    const plain =
      only !== undefined && second === undefined && valueNames.includes(only) ? value[only]! : parameter
    if (byName.has(key)) byName.set(`${key} (${byName.size})`, plain)
    else byName.set(key, plain)
  }
  return Object.fromEntries(byName)
}

function outcomeOf(action: string, parameters: JsonObject): Outcome {
  if (/(^|_)(denied|blocked)($|_)/.test(action)) return 'denied'
  if (/(^|_)(failure|failed)($|_)/.test(action)) return 'failure'
  return /fail|incorrect/i.test(String(parameters.login_challenge_status ?? '')) ? 'failure' : 'success'
}
