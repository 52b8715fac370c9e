import { expect, test } from 'vitest'
import { chunksOf, collect } from '../../test/support/byte-chunks.ts'
import { googleWorkspace } from './google-workspace.ts'

const activity = {
  kind: 'admin#reports#activity',
  id: {
    time: '2025-08-15T16:24:44.109Z',
    uniqueQualifier: '-5523',
    applicationName: 'drive',
    customerId: 'C1',
  },
  etag: 'one',
  actor: { callerType: 'USER', email: 'bo@example.com', profileId: '1114' },
  ipAddress: '192.0.2.7',
  events: [{ type: 'access', name: 'rename', parameters: [{ name: 'doc_id', value: 'd1' }] }],
}

async function rows(...activities: object[]) {
  return collect(googleWorkspace(chunksOf(JSON.stringify({ activities }))))
}
async function event(changes: object) {
  const [row] = await rows({ ...activity, ...changes })
  if (!row || 'error' in row) throw new Error(JSON.stringify(row))
  return row.event
}
const withParameters = (name: string, parameters: object[]) => ({ events: [{ type: 't', name, parameters }] })

test('the documents of the API and those of exports are both read', async () => {
  const pages = `${JSON.stringify({ kind: 'admin#reports#activities', items: [activity] })}\n`
  expect(await collect(googleWorkspace(chunksOf(pages)))).toHaveLength(1)
})

test('equal events within one activity stay two; one bad event stops no other', async () => {
  const [same] = activity.events
  const found = await rows({ ...activity, events: [same, same, { type: 'x' }, same] })
  expect(new Set(found.flatMap(row => ('event' in row ? [row.event.id] : []))).size).toBe(3)
  expect(found[2]).toMatchObject({
    place: 'activities[0]',
    error: { path: 'events[2].name', reason: 'is missing' },
  })
})

test('listing an activity again, under another etag, names the same event', async () => {
  expect((await event({ etag: 'two' })).id).toBe((await event({})).id)
  expect((await event(withParameters('rename', []))).id).not.toBe((await event({})).id)
})

test.each([
  [
    { email: 'bo@example.com', profileId: '1114' },
    { type: 'user', id: '1114', email: 'bo@example.com' },
  ],
  [{ email: 'bo@example.com' }, { type: 'user', email: 'bo@example.com' }],
  [{ profileId: '1114' }, { type: 'user', id: '1114' }],
  [
    { callerType: 'KEY', key: 'SYSTEM' },
    { type: 'system', id: 'SYSTEM', name: 'System' },
  ],
  [
    { callerType: 'KEY', key: 'client-7' },
    { type: 'api_key', id: 'client-7', name: 'client-7' },
  ],
  [
    { applicationInfo: { oauthClientId: 'c', applicationName: 'Robot' } },
    { type: 'service', id: 'c', name: 'Robot' },
  ],
  [undefined, { type: 'system', id: 'unspecified' }],
])('actor %j', async (actor, expected) => {
  expect((await event({ actor })).actor).toEqual(expected)
})

test('every kind of value is kept by its name', async () => {
  const parameters = [
    { name: 'a', value: 'x' },
    { name: 'b', intValue: '9007199254740993' },
    { name: 'c', boolValue: false },
    { name: 'd', multiValue: ['x', 'y'] },
    { name: 'e', messageValue: { parameter: [{ name: 'f', value: 'z' }] } },
    { name: 'a', value: 'again' },
    { name: 'g', somethingNew: 1 },
    { name: 'user_agent', value: 'Mozilla/5.0' },
  ]
  const made = await event(withParameters('view', parameters))
  expect(made.context!.userAgent).toBe('Mozilla/5.0')
  expect(made.metadata!.parameters).toEqual({
    a: 'x',
    b: '9007199254740993',
    c: false,
    d: ['x', 'y'],
    e: { parameter: [{ name: 'f', value: 'z' }] },
    'a (5)': 'again',
    g: { name: 'g', somethingNew: 1 },
  })
})

test('old and new values become changes', async () => {
  const changed = await event(
    withParameters('change_document_visibility', [
      { name: 'old_value', multiValue: ['private'] },
      { name: 'new_value', multiValue: ['people_with_link'] },
    ]),
  )
  expect(changed.changes).toEqual([{ field: 'visibility', before: 'private', after: 'people_with_link' }])
})

test('people, groups and documents are targets', async () => {
  const made = await event(
    withParameters('ADD_GROUP_MEMBER', [
      { name: 'USER_EMAIL', value: 'bo@example.com' },
      { name: 'GROUP_EMAIL', value: 'sales@example.com' },
    ]),
  )
  expect(made.action).toBe('drive.add_group_member')
  expect(made.metadata!.eventName).toBe('ADD_GROUP_MEMBER')
  expect(made.targets).toEqual([
    { type: 'user', id: 'bo@example.com', name: null },
    { type: 'group', id: 'sales@example.com', name: null },
  ])
})

test.each([
  ['login_failure', [], 'failure'],
  ['login_challenge', [{ name: 'login_challenge_status', value: 'incorrect_answer_entered' }], 'failure'],
  ['login_success', [], 'success'],
  ['account_disabled_hijacked', [], 'success'],
])('%s is a %s', async (name, parameters, outcome) => {
  expect((await event(withParameters(name, parameters))).outcome).toBe(outcome)
})
