/**
 * The importers against records of real systems. The expected counts are made here from the raw files, by other means
 * than the importers use: whole files, one JSON.parse, plain loops.
 */
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FormatRow } from '../server/intake/format-row.ts'
import { formats } from '../server/intake/formats.ts'
import { createNormalise, type NormalisedEvent } from '../server/intake/normalise.ts'
import { actorLabel } from '../shared/audit-event.ts'
import { sharedFolder } from './support/shared-folder.ts'

// biome-ignore lint/suspicious/noExplicitAny: raw records have no type, which is what the importers are for
type Raw = any

const shared = sharedFolder()
const folder = shared && existsSync(join(shared, 'data/real')) ? join(shared, 'data/real') : null
const normalise = createNormalise(new Uint8Array(32))

function tally(names: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

async function imported(format: keyof typeof formats, files: string[]): Promise<NormalisedEvent[]> {
  const events: NormalisedEvent[] = []
  for (const file of files) {
    for await (const row of formats[format](createReadStream(file)) as AsyncGenerator<FormatRow>) {
      if ('error' in row) throw new Error(`${file}:${row.line}: ${row.error.path}: ${row.error.reason}`)
      const result = normalise(row.event)
      if (!result.ok) throw new Error(`${file}:${row.line}: ${result.path}: ${result.reason}`)
      events.push(result.event)
    }
  }
  return events
}

function namesOf(events: readonly NormalisedEvent[]): Set<string> {
  return new Set(events.map(event => `${event.source} ${event.id}`))
}

/** Every string, number and boolean somewhere in a value. */
function leaves(value: Raw): string[] {
  if (value === null || value === undefined || value === '') return []
  return typeof value === 'object' ? Object.values(value).flatMap(leaves) : [String(value)]
}

describe.skipIf(!folder)('CloudTrail, 2,900 real records', async () => {
  if (!folder) return
  const file = join(folder, 'aws/cloudtrail.ndjson')
  const raw: Raw[] = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
  const events = await imported('cloudtrail', [file])

  test('each is an event with a name of its own', () => {
    expect(raw).toHaveLength(2900)
    expect(events).toHaveLength(2900)
    expect(namesOf(events).size).toBe(2900)
  })

  test('counts per action are those of the raw file', () => {
    const expected = tally(
      raw.map(record => `${record.eventSource.replace('.amazonaws.com', '')}.${record.eventName}`),
    )
    expect(tally(events.map(event => event.action))).toEqual(expected)
    expect(new Set(events.map(event => event.area)).size).toBe(29)
  })

  test('counts per user are those of the raw file', () => {
    const userOf = ({ userIdentity, eventSource }: Raw): string => {
      if (userIdentity.type === 'IAMUser') return userIdentity.userName
      if (userIdentity.type === 'AssumedRole') return userIdentity.sessionContext.sessionIssuer.userName
      return userIdentity.invokedBy ?? eventSource
    }
    const counts = tally(events.map(event => actorLabel(event.actor)))
    expect(counts).toEqual(tally(raw.map(userOf)))
    expect(counts['bert-jan']).toBe(2642)
    expect(counts.benjamin).toBe(105)
  })

  test('one user or role has one id, and one id one name', () => {
    const idsByName = new Map<string, Set<string>>()
    const namesById = new Map<string, Set<string>>()
    for (const { actor } of events) {
      idsByName.set(actorLabel(actor), (idsByName.get(actorLabel(actor)) ?? new Set()).add(actor.id))
      namesById.set(actor.id, (namesById.get(actor.id) ?? new Set()).add(actorLabel(actor)))
    }
    expect([...idsByName].filter(([, ids]) => ids.size > 1)).toEqual([])
    expect([...namesById].filter(([, names]) => names.size > 1)).toEqual([])
  })

  test('what was refused is denied, what else has an error code failed', () => {
    const denied = /AccessDenied|Unauthorized/
    const expected = tally(
      raw.map(({ errorCode }) => (!errorCode ? 'success' : denied.test(errorCode) ? 'denied' : 'failure')),
    )
    expect(tally(events.map(event => event.outcome))).toEqual(expected)
    expect(expected.denied).toBe(60)
  })

  test('times, addresses and user agents come through unchanged', () => {
    raw.forEach((record, index) => {
      const event = events[index]!
      expect(event.occurredAt).toBe(record.eventTime.replace('Z', '.000Z'))
      expect(event.context.ip).toBe(record.sourceIPAddress)
      expect(event.context.userAgent).toBe(record.userAgent)
      expect(event.context.requestId).toBe(record.requestID ?? null)
    })
  })

  test('nothing is lost: every value of every record is in its event', () => {
    raw.forEach((record, index) => {
      const event = events[index]!
      const kept = new Set(leaves(event))
      const { userIdentity, eventTime: _time, eventName: _name, ...rest } = record
      expect(leaves(rest).filter(value => !kept.has(value))).toEqual([])
      const { arn, principalId: _id, ...identity } = userIdentity
      expect(leaves(identity).filter(value => !kept.has(value))).toEqual([])
      expect(event.action.endsWith(`.${record.eventName}`)).toBe(true)
      if (arn && !kept.has(arn))
        expect(arn).toBe(`arn:aws:iam::${identity.accountId}:user/${event.actor.name}`)
    })
  })

  test('every bucket, instance, role and key that a record names is a target', () => {
    raw.forEach((record, index) => {
      const named = new Set(events[index]!.targets.map(target => target.name))
      const { bucketName, instanceId, roleName, secretId } = record.requestParameters ?? {}
      for (const name of [bucketName, instanceId, roleName]) if (name) expect(named).toContain(name)
      if (secretId && !secretId.startsWith('arn:')) expect(named).toContain(secretId)
      expect(record.resources && events[index]!.targets.length === 0).toBeFalsy()
    })
  })
})

describe.skipIf(!folder)('Google Workspace, 325 real rows', async () => {
  if (!folder) return
  const files = readdirSync(join(folder, 'gws'))
    .filter(name => name.endsWith('.json'))
    .map(name => join(folder, 'gws', name))
  const raw: Raw[] = files.flatMap(file => JSON.parse(readFileSync(file, 'utf8')).activities)
  const subEvents = raw.flatMap(activity => activity.events.map((event: Raw) => ({ activity, event })))
  const events = await imported('google-workspace', files)

  test('each sub-event is an event with a name of its own', () => {
    expect(raw).toHaveLength(325)
    expect(subEvents).toHaveLength(371)
    expect(events).toHaveLength(371)
    expect(namesOf(events).size).toBe(new Set(subEvents.map(pair => JSON.stringify(pair))).size)
  })

  // Twelve pairs of rows share application, time and qualifier and yet are two things: a sign-in and its second
  // factor. An id made of those three would lose twelve events.
  test('rows that share their id but not their content are different events', () => {
    const idOf = ({ id }: Raw) => `${id.applicationName} ${id.time} ${id.uniqueQualifier}`
    expect(new Set(raw.map(idOf)).size).toBe(313)
    expect(new Set(raw.map(activity => idOf(activity) + JSON.stringify(activity.events))).size).toBe(325)
    expect(namesOf(events).size).toBe(371)
  })

  test('repeated rows are duplicates, even where they were listed at another time', async () => {
    const again = raw.map(activity => ({ ...activity, etag: 'another listing' }))
    const bytes = [new TextEncoder().encode(JSON.stringify({ activities: again }))]
    const names = new Set<string>()
    const source = (async function* () {
      yield* bytes
    })()
    for await (const row of formats['google-workspace'](source)) if ('event' in row) names.add(row.event.id)
    expect(names).toEqual(new Set(events.map(event => event.id)))
  })

  test('counts per action are those of the raw files', () => {
    const expected = tally(
      subEvents.map(({ activity, event }) => `${activity.id.applicationName}.${event.name.toLowerCase()}`),
    )
    expect(tally(events.map(event => event.action))).toEqual(expected)
    expect(expected['admin.security_investigation_query']).toBe(137)
  })

  test('counts per user are those of the raw files, and the system is shown as the system', () => {
    const expected = tally(subEvents.map(({ activity }) => activity.actor.email ?? activity.actor.key))
    const counts = tally(events.map(({ actor }) => actor.email ?? actor.id))
    expect(counts).toEqual(expected)
    expect(counts.SYSTEM).toBe(7)
    expect(
      new Set(events.filter(event => event.actor.type === 'system').map(event => actorLabel(event.actor))),
    ).toEqual(new Set(['System']))
  })

  test('failed sign-ins failed', () => {
    expect(tally(events.map(event => event.outcome))).toEqual({ success: 366, failure: 5 })
  })

  test('nothing is lost: every parameter of every sub-event is in its event', () => {
    subEvents.forEach(({ activity, event }, index) => {
      const produced = events[index]!
      const kept = new Set(leaves(produced))
      for (const parameter of event.parameters ?? []) {
        const { name, ...value } = parameter
        expect(leaves(value).filter(leaf => !kept.has(leaf))).toEqual([])
        const named = produced.metadata.parameters as Record<string, unknown> | undefined
        expect(name === 'user_agent' || name in (named ?? {})).toBe(true)
      }
      const { events: _events, id, ...rest } = activity
      expect(leaves(rest).filter(leaf => !kept.has(leaf))).toEqual([])
      expect([id.uniqueQualifier, id.customerId].filter(leaf => !kept.has(leaf))).toEqual([])
      expect(produced.occurredAt).toBe(id.time)
    })
  })

  test('old and new values are changes', () => {
    const withValues = subEvents.filter(({ event }) =>
      (event.parameters ?? []).some(({ name }: Raw) => /^(old|new)_value$/i.test(name)),
    )
    expect(events.filter(event => event.changes.length > 0)).toHaveLength(withValues.length)
    const setting = events.find(event => event.action === 'admin.change_group_setting')!
    expect(setting.changes).toEqual([
      { field: 'WHO_CAN_POST_MESSAGE', before: 'ANYONE_CAN_POST', after: 'ALL_MEMBERS_CAN_POST' },
    ])
  })
})
