/** What an AWS call was made on: the resources CloudTrail names, and those its parameters name. */
import { maxTargets, type NewEventInput } from '../../shared/audit-event.ts'
import type { Json, JsonObject } from '../../shared/json.ts'
import { boundedId } from './bounded-id.ts'
import { objectOr } from './json-shape.ts'
import { kebab } from './platform-targets.ts'

type TargetInput = NonNullable<NewEventInput['targets']>[number]

/** Parameters that name a resource, and its type. A name that is unique only within its account is marked so. */
const parameterTypes: Record<string, string> = {
  bucketName: 's3-bucket',
  instanceId: 'ec2-instance',
  vpcId: 'ec2-vpc',
  subnetId: 'ec2-subnet',
  routeTableId: 'ec2-route-table',
  internetGatewayId: 'ec2-internet-gateway',
  natGatewayId: 'ec2-natgateway',
  volumeId: 'ec2-volume',
  snapshotId: 'ec2-snapshot',
  imageId: 'ec2-image',
  networkInterfaceId: 'ec2-network-interface',
  allocationId: 'ec2-elastic-ip',
  keyId: 'kms-key',
  secretId: 'secretsmanager-secret',
  functionName: 'lambda-function',
  roleArn: 'iam-role',
  roleName: 'iam-role',
  policyArn: 'iam-policy',
  instanceProfileName: 'iam-instance-profile',
  dBInstanceIdentifier: 'rds-db',
  dBSnapshotIdentifier: 'rds-snapshot',
  detectorId: 'guardduty-detector',
  documentName: 'ssm-document',
  associationId: 'ssm-association',
}

/** Parameters whose meaning depends on the service. */
const parameterTypesOfService: Record<string, Record<string, string>> = {
  iam: { userName: 'iam-user', groupName: 'iam-group', accessKeyId: 'iam-access-key' },
  ec2: { groupId: 'ec2-security-group', keyName: 'ec2-key-pair', associationId: 'ec2-association' },
  ssm: { name: 'ssm-parameter' },
  secretsmanager: { name: 'secretsmanager-secret' },
  cloudtrail: { name: 'cloudtrail-trail', trailName: 'cloudtrail-trail' },
}

const isAccountScoped =
  /^(iam-|lambda-function|rds-|ssm-parameter|ssm-document|secretsmanager-secret|cloudtrail-trail|ec2-key-pair)/

export function cloudtrailTargets(record: JsonObject, service: string): TargetInput[] {
  const targets = new Map<string, TargetInput>()
  const account = typeof record.recipientAccountId === 'string' ? record.recipientAccountId : ''
  for (const target of [
    ...resourceTargets(record.resources, account),
    ...parameterTargets(record, service, account),
  ]) {
    const key = `${target.type}:${target.id}`
    if (targets.size < maxTargets && !targets.has(key)) targets.set(key, target)
  }
  return [...targets.values()]
}

function* resourceTargets(resources: Json | undefined, account: string): Generator<TargetInput> {
  if (!Array.isArray(resources)) return
  for (const resource of resources) {
    const { ARN, type } = objectOr(resource)
    if (typeof ARN !== 'string' || ARN === '') continue
    yield targetOf(typeof type === 'string' ? typeOfResource(type) : null, ARN, account)
  }
}

function* parameterTargets(record: JsonObject, service: string, account: string): Generator<TargetInput> {
  const parameters = objectOr(record.requestParameters)
  const types = { ...parameterTypes, ...parameterTypesOfService[service] }
  for (const [name, value] of Object.entries(parameters)) {
    const type = Object.hasOwn(types, name) ? types[name]! : null
    if (type !== null && typeof value === 'string' && value !== '') yield targetOf(type, value, account)
  }
  yield* setTargets(parameters.instancesSet, 'instanceId', 'ec2-instance', account)
  yield* setTargets(objectOr(record.responseElements).instancesSet, 'instanceId', 'ec2-instance', account)
}

/** `{items: [{instanceId: …}]}`, as EC2 writes lists. */
function* setTargets(
  set: Json | undefined,
  name: string,
  type: string,
  account: string,
): Generator<TargetInput> {
  const { items } = objectOr(set)
  if (!Array.isArray(items)) return
  for (const item of items) {
    const value = objectOr(item)[name]
    if (typeof value === 'string' && value !== '') yield targetOf(type, value, account)
  }
}

/** The same resource has the same id whether it was named by its ARN or by its name. */
function targetOf(statedType: string | null, reference: string, account: string): TargetInput {
  const arn = parseArn(reference)
  const type = statedType ?? arn?.type ?? 'aws-resource'
  const name = arn?.name ?? reference
  const id = isAccountScoped.test(type) ? `${arn?.account || account}/${name}` : name
  return { type: type.slice(0, 128), id: boundedId(id)!, name }
}

/** `arn:partition:service:region:account:type/name`, `…:type:name` or, for buckets, `…:name`. */
function parseArn(text: string): { type: string; account: string; name: string } | null {
  const [arn, , service, , account, ...rest] = text.split(':')
  if (arn !== 'arn' || !service || rest.length === 0) return null
  const resource = rest.join(':')
  if (service === 's3') {
    return { type: resource.includes('/') ? 's3-object' : 's3-bucket', account: '', name: resource }
  }
  const [, kind = '', name = resource] = /^([a-zA-Z-]+)[/:](.+)$/s.exec(resource) ?? []
  const type = kind ? `${service}-${kebab(kind)}` : service
  return { type, account: account ?? '', name: nameOf(type, name) }
}

/** IAM puts paths before names, Secrets Manager six characters behind them; callers leave both away. */
function nameOf(type: string, name: string): string {
  if (type.startsWith('iam-')) return name.split('/').at(-1) || name
  return type === 'secretsmanager-secret' ? name.replace(/-[A-Za-z0-9]{6}$/, '') : name
}

/** `AWS::S3::Bucket` as `s3-bucket`. */
function typeOfResource(type: string): string {
  const [, service, ...kind] = type.split('::')
  return service ? `${service.toLowerCase()}-${kebab(kind.join(' '))}` : kebab(type) || 'aws-resource'
}
