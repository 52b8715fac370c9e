/** `cloudtrail`: records of AWS CloudTrail, one a line or in its `{"Records": […]}` files. */
import type { Channel, NewEventInput, Outcome } from '../../shared/audit-event.ts'
import type { Json, JsonObject } from '../../shared/json.ts'
import { boundedId, longestId } from './bounded-id.ts'
import { cloudtrailActor } from './cloudtrail-actor.ts'
import { cloudtrailTargets } from './cloudtrail-targets.ts'
import { type Bytes, type FormatRow, mapRecords, RowError } from './format-row.ts'
import { jsonRecords } from './json-records.ts'
import { objectOr, textOrNull } from './json-shape.ts'

export const cloudtrailSource = 'aws-cloudtrail'

export function cloudtrail(bytes: Bytes): AsyncGenerator<FormatRow> {
  const records = jsonRecords(bytes, { wrapperKeys: ['Records'], largeNumbers: 'text' })
  return mapRecords(records, record => [() => cloudtrailEvent(record)])
}

function cloudtrailEvent(record: JsonObject): NewEventInput {
  const { eventID, eventTime, eventName, userIdentity, sourceIPAddress, userAgent, requestID, ...rest } =
    record
  const eventSource = required(record, 'eventSource')
  const service = eventSource.replace(/\.amazonaws\.com(\.cn)?$/, '')
  const { actor, sessionName, restOfIdentity } = cloudtrailActor(objectOr(userIdentity), eventSource)
  const metadata: JsonObject = { ...rest }
  if (restOfIdentity) metadata.userIdentity = restOfIdentity
  // What does not fit its field unchanged stays as it was written.
  for (const [name, value] of Object.entries({ sourceIPAddress, userAgent })) {
    if (value !== undefined && typeof value !== 'string') metadata[name] = value
  }
  if (requestID !== undefined && !isId(requestID)) metadata.requestID = requestID
  return {
    id: required(record, 'eventID'),
    source: cloudtrailSource,
    occurredAt: required(record, 'eventTime'),
    action: `${service}.${required(record, 'eventName')}`,
    area: service,
    actor,
    targets: cloudtrailTargets(record, service),
    outcome: outcomeOf(record),
    context: {
      ip: textOrNull(sourceIPAddress),
      userAgent: textOrNull(userAgent),
      channel: channelOf(record),
      requestId: isId(requestID) ? requestID : null,
      sessionId: boundedId(sessionName),
    },
    metadata,
  }
}

function required(record: JsonObject, name: string): string {
  const value = record[name]
  if (typeof value === 'string' && value !== '') return value
  throw new RowError(
    name,
    value === undefined || value === null || value === '' ? 'is missing' : 'is not text',
  )
}

function isId(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestId
}

function outcomeOf(record: JsonObject): Outcome {
  const code = textOrNull(record.errorCode)
  if (code === null) return signInOutcome(record) ?? (textOrNull(record.errorMessage) ? 'failure' : 'success')
  return /access_?denied|unauthorized|forbidden|not_?authorized/i.test(code) ? 'denied' : 'failure'
}

/** A console sign-in has no error code: its answer says how it went. */
function signInOutcome(record: JsonObject): Outcome | null {
  if (record.eventType !== 'AwsConsoleSignIn') return null
  const answers = Object.values(objectOr(record.responseElements))
  return answers.includes('Failure') ? 'failure' : null
}

function channelOf(record: JsonObject): Channel {
  const { eventType, sessionCredentialFromConsole } = record
  if (eventType === 'AwsConsoleSignIn' || eventType === 'AwsConsoleAction') return 'web'
  if (String(sessionCredentialFromConsole) === 'true') return 'web'
  const identity = objectOr(record.userIdentity)
  const invokedBy = textOrNull(identity.invokedBy)
  if (eventType === 'AwsServiceEvent' || identity.type === 'AWSService') return 'background'
  return invokedBy?.endsWith('.amazonaws.com') ? 'background' : 'api'
}
