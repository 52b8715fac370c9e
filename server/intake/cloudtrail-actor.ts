/** Who acted, from CloudTrail's `userIdentity`: people by their name, role sessions by their role, services by theirs. */
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { Json, JsonObject } from '../../shared/json.ts'
import { boundedId } from './bounded-id.ts'
import { objectOr, orNull, textOrNull } from './json-shape.ts'

type ActorInput = NewEventInput['actor']

export interface CloudtrailActor {
  actor: ActorInput
  /** The session of an assumed role: one role has many. */
  sessionName: string | null
  /** What the actor's fields do not hold; null where that is nothing. */
  restOfIdentity: JsonObject | null
}

export function cloudtrailActor(identity: JsonObject, eventSource: string): CloudtrailActor {
  switch (textOrNull(identity.type)) {
    case 'IAMUser':
      return namedUser(identity)
    case 'Root':
      return withRest(identity, {
        type: 'user',
        ...idOf(identity.principalId, identity.accountId),
        name: textOrNull(identity.userName) ?? 'root',
      })
    case 'AssumedRole':
    case 'FederatedUser':
      return roleSession(identity)
    case 'AWSAccount':
      return withRest(identity, {
        type: 'service',
        ...idOf(identity.principalId, identity.accountId),
        name: textOrNull(identity.accountId) ? `AWS account ${textOrNull(identity.accountId)}` : null,
      })
    case 'AWSService':
      return serviceActor(identity, eventSource)
    default:
      return (textOrNull(identity.userName) ?? textOrNull(identity.principalId) ?? textOrNull(identity.arn))
        ? namedUser(identity)
        : serviceActor(identity, eventSource)
  }
}

/** An IAM user, SAML or web identity: the name goes to the actor, and the address built from it alone with it. */
function namedUser(identity: JsonObject): CloudtrailActor {
  const { principalId, userName, arn, ...rest } = identity
  const name = textOrNull(userName) ?? textOrNull(arn)?.split('/').at(-1) ?? null
  const id = boundedId(textOrNull(principalId) ?? textOrNull(arn) ?? identityCenterId(identity))
  const kept: JsonObject = { ...rest }
  const impliedArn = `arn:aws:iam::${textOrNull(identity.accountId)}:user/${textOrNull(userName)}`
  if (arn !== undefined && arn !== impliedArn) kept.arn = arn
  if (userName !== undefined && textOrNull(userName) !== name) kept.userName = userName
  if (principalId !== undefined && principalId !== id) kept.principalId = principalId
  const actor: ActorInput = {
    type: 'user',
    ...(id && { id }),
    name,
    email: name?.includes('@') ? name : null,
  }
  return { actor, sessionName: null, restOfIdentity: orNull(kept) }
}

function identityCenterId(identity: JsonObject): string | null {
  return textOrNull(objectOr(identity.onBehalfOf).userId)
}

/**
 * A role is known by its issuer, so that its sessions gather under one name. A session named by an e-mail address is
 * a person signed in through single sign-on, and is known as that person.
 */
function roleSession(identity: JsonObject): CloudtrailActor {
  const context = objectOr(identity.sessionContext)
  const issuer = objectOr(context.sessionIssuer)
  const [principal, sessionName = null] = splitOnce(textOrNull(identity.principalId), ':')
  const [arnRole, arnSession] = sessionArn(textOrNull(identity.arn))
  const session = sessionName ?? arnSession
  if (session && /^[^\s@]+@[^\s@]+$/.test(session)) return ssoPerson(identity, session)
  const role = textOrNull(issuer.userName) ?? arnRole
  const source = textOrNull(context.sourceIdentity)
  const actor: ActorInput = {
    type: identity.type === 'FederatedUser' ? 'user' : 'service',
    ...idOf(issuer.principalId, principal, issuer.arn, identity.arn),
    name: role ?? session,
    onBehalfOf: source ? { id: boundedId(source)!, name: source } : null,
  }
  return { ...withRest(identity, actor), sessionName: session }
}

/** Their address is personal, so the ids built from it are left out: role, account and address say the same. */
function ssoPerson(identity: JsonObject, email: string): CloudtrailActor {
  const { principalId: _principalId, arn: _arn, ...rest } = identity
  return { actor: { type: 'user', name: email, email }, sessionName: null, restOfIdentity: orNull(rest) }
}

function serviceActor(identity: JsonObject, eventSource: string): CloudtrailActor {
  const name = textOrNull(identity.invokedBy) ?? eventSource
  return withRest(identity, { type: 'service', id: boundedId(name)!, name })
}

function withRest(identity: JsonObject, actor: ActorInput): CloudtrailActor {
  return { actor, sessionName: null, restOfIdentity: orNull(identity) }
}

function idOf(...candidates: (Json | undefined)[]): { id?: string } {
  const id = boundedId(candidates.map(textOrNull).find(candidate => candidate !== null) ?? null)
  return id === null ? {} : { id }
}

/** `arn:aws:sts::123:assumed-role/ROLE/SESSION` */
function sessionArn(arn: string | null): [role: string | null, session: string | null] {
  const [, role = null, session = null] =
    /:(?:assumed-role|federated-user)\/([^/]+)(?:\/(.+))?$/.exec(arn ?? '') ?? []
  return [role, session]
}

function splitOnce(value: string | null, separator: string): [string | null, string?] {
  const at = value?.indexOf(separator) ?? -1
  return value === null || at === -1 ? [value] : [value.slice(0, at), value.slice(at + 1)]
}
