import { describe, expect, test } from 'vitest'
import type { NewEventInput } from '../../shared/audit-event.ts'
import { chunksOf, collect } from '../../test/support/byte-chunks.ts'
import { cloudtrail } from './cloudtrail.ts'

const base = {
  eventVersion: '1.08',
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDA1',
    arn: 'arn:aws:iam::111122223333:user/bo',
    accountId: '111122223333',
    userName: 'bo',
  },
  eventTime: '2025-07-10T11:42:00Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetBucketLogging',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '192.0.2.7',
  userAgent: 'aws-cli/2',
  requestParameters: { bucketName: 'reports', logging: '' },
  requestID: 'R1',
  eventID: 'e-1',
  eventType: 'AwsApiCall',
  recipientAccountId: '111122223333',
}

async function eventOf(changes: object): Promise<NewEventInput> {
  const [row] = await collect(cloudtrail(chunksOf(JSON.stringify({ Records: [{ ...base, ...changes }] }))))
  if (!row || 'error' in row) throw new Error(JSON.stringify(row))
  return row.event
}

test('a call becomes an event', async () => {
  expect(await eventOf({})).toEqual({
    id: 'e-1',
    source: 'aws-cloudtrail',
    occurredAt: '2025-07-10T11:42:00Z',
    action: 's3.GetBucketLogging',
    area: 's3',
    actor: { type: 'user', id: 'AIDA1', name: 'bo', email: null },
    targets: [{ type: 's3-bucket', id: 'reports', name: 'reports' }],
    outcome: 'success',
    context: { ip: '192.0.2.7', userAgent: 'aws-cli/2', channel: 'api', requestId: 'R1', sessionId: null },
    metadata: {
      eventVersion: '1.08',
      eventSource: 's3.amazonaws.com',
      awsRegion: 'eu-west-1',
      requestParameters: { bucketName: 'reports', logging: '' },
      eventType: 'AwsApiCall',
      recipientAccountId: '111122223333',
      userIdentity: { type: 'IAMUser', accountId: '111122223333' },
    },
  })
})

describe('who acted', () => {
  const role = {
    type: 'AssumedRole',
    principalId: 'AROA1:session-7',
    arn: 'arn:aws:sts::111122223333:assumed-role/deployer/session-7',
    accountId: '111122223333',
    sessionContext: { sessionIssuer: { type: 'Role', principalId: 'AROA1', userName: 'deployer' } },
  }

  test('a role by its issuer, so that its sessions are one actor', async () => {
    const event = await eventOf({ userIdentity: role })
    expect(event.actor).toMatchObject({ type: 'service', id: 'AROA1', name: 'deployer' })
    expect(event.context!.sessionId).toBe('session-7')
    const bare = await eventOf({ userIdentity: { ...role, sessionContext: undefined } })
    expect(bare.actor).toMatchObject({ id: 'AROA1', name: 'deployer' })
  })

  test('a person behind single sign-on by their address, which is nowhere else in the event', async () => {
    const email = 'bo@example.com'
    const event = await eventOf({
      userIdentity: {
        ...role,
        principalId: `AROA1:${email}`,
        arn: `arn:aws:sts::111122223333:assumed-role/deployer/${email}`,
      },
    })
    expect(event.actor).toEqual({ type: 'user', name: email, email })
    expect(JSON.stringify({ ...event, actor: null })).not.toContain(email)
  })

  test('a source identity as the person behind the role', async () => {
    const sessionContext = { ...role.sessionContext, sourceIdentity: 'bo' }
    expect((await eventOf({ userIdentity: { ...role, sessionContext } })).actor.onBehalfOf).toEqual({
      id: 'bo',
      name: 'bo',
    })
  })

  test.each([
    [
      { type: 'Root', principalId: '111122223333', accountId: '111122223333' },
      { type: 'user', id: '111122223333', name: 'root' },
    ],
    [
      { type: 'AWSService', invokedBy: 'rds.amazonaws.com' },
      { type: 'service', id: 'rds.amazonaws.com', name: 'rds.amazonaws.com' },
    ],
    [
      { type: 'AWSAccount', accountId: '444455556666' },
      { type: 'service', id: '444455556666', name: 'AWS account 444455556666' },
    ],
    [
      { type: 'IAMUser', principalId: 'AIDA1', userName: 'bo' },
      { type: 'user', id: 'AIDA1', name: 'bo' },
    ],
    [
      { accountId: '1', invokedBy: 'ec2.amazonaws.com' },
      { type: 'service', id: 'ec2.amazonaws.com' },
    ],
    [{ accountId: '1' }, { type: 'service', id: 's3.amazonaws.com' }],
    [undefined, { type: 'service', id: 's3.amazonaws.com' }],
    ['text', { type: 'service', id: 's3.amazonaws.com' }],
  ])('%j', async (userIdentity, actor) => {
    expect((await eventOf({ userIdentity })).actor).toMatchObject(actor)
  })
})

describe('how it went and through what', () => {
  test.each([
    ['AccessDenied', 'denied'],
    ['Client.UnauthorizedOperation', 'denied'],
    ['AccessDeniedException', 'denied'],
    ['NoSuchBucketPolicy', 'failure'],
    ['ThrottlingException', 'failure'],
    [undefined, 'success'],
    ['', 'success'],
  ])('error code %s is %s', async (errorCode, outcome) => {
    expect((await eventOf({ errorCode })).outcome).toBe(outcome)
  })

  test('a console sign-in says so in its answer', async () => {
    const signIn = {
      eventType: 'AwsConsoleSignIn',
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
    }
    expect(await eventOf({ ...signIn, responseElements: { ConsoleLogin: 'Failure' } })).toMatchObject({
      outcome: 'failure',
      context: { channel: 'web' },
    })
    expect(await eventOf({ ...signIn, responseElements: { ConsoleLogin: 'Success' } })).toMatchObject({
      outcome: 'success',
    })
  })

  test('the console, services and keys are told apart', async () => {
    expect((await eventOf({ sessionCredentialFromConsole: 'true' })).context!.channel).toBe('web')
    expect((await eventOf({ eventType: 'AwsServiceEvent' })).context!.channel).toBe('background')
    expect((await eventOf({})).context!.channel).toBe('api')
  })
})

describe('what it was done on', () => {
  test('a resource named twice is one target', async () => {
    const resources = [{ type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::reports' }]
    expect((await eventOf({ resources })).targets).toHaveLength(1)
    const named = await eventOf({
      eventSource: 'iam.amazonaws.com',
      requestParameters: { roleName: 'deployer' },
      resources: [{ type: 'AWS::IAM::Role', ARN: 'arn:aws:iam::111122223333:role/path/deployer' }],
    })
    expect(named.targets).toEqual([{ type: 'iam-role', id: '111122223333/deployer', name: 'deployer' }])
  })

  test('names that are too long for an id keep a name', async () => {
    const bucketName = 'b'.repeat(2000)
    const [target] = (await eventOf({ requestParameters: { bucketName } })).targets!
    expect(target!.id).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(target!.name).toBe(bucketName)
  })

  test('parameters of any shape break nothing', async () => {
    for (const requestParameters of [
      null,
      'text',
      [1],
      { bucketName: { a: 1 } },
      { instancesSet: { items: 'x' } },
    ]) {
      expect(await eventOf({ requestParameters, resources: 'x' })).toHaveProperty('id')
    }
  })
})

test('what is missing is told', async () => {
  const rows = await collect(cloudtrail(chunksOf('{"eventID":"1"}\n{"eventID":7,"eventSource":"a"}')))
  expect(rows.map(row => 'error' in row && row.error)).toEqual([
    { path: 'eventSource', reason: 'is missing' },
    { path: 'eventID', reason: 'is not text' },
  ])
})
