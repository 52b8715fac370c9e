/** Who did it, from whatever an export says of them: an id, a name, an e-mail address, or all in one cell. */
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { JsonObject } from '../../shared/json.ts'
import { boundedId } from './bounded-id.ts'
import { RecordReader } from './columns.ts'

type ActorInput = NewEventInput['actor']

interface Identity {
  id: string | null
  name: string | null
  email: string | null
}

/** An actor for whom the record has no name at all: said so rather than made up. */
export const unspecifiedActor: ActorInput = { type: 'system', id: 'unspecified' }

export function actorOf(reader: RecordReader, details: RecordReader | null): ActorInput {
  const cell = cellIdentity(reader)
  const identity: Identity = {
    id: reader.text('userId') ?? cell.id ?? details?.text('userId') ?? null,
    name: reader.text('userName') ?? cell.name ?? details?.text('userName') ?? null,
    email: reader.text('userEmail') ?? cell.email ?? details?.text('userEmail') ?? null,
  }
  if (identity.id === null && identity.name === null && identity.email === null) return unspecifiedActor
  if (identity.email === null && identity.name?.includes('@')) {
    identity.email = identity.name
    identity.name = null
  }
  const id = boundedId(identity.id)
  return { type: typeOf(identity), ...(id && { id }), name: identity.name, email: identity.email }
}

function typeOf({ name, email, id }: Identity): 'user' | 'api_key' | 'system' {
  if (email === null && /^(system|scheduler|background( task| service)?)$/i.test(name ?? id ?? ''))
    return 'system'
  return email === null && /^api[ _-]?key\b/i.test(name ?? '') ? 'api_key' : 'user'
}

function cellIdentity(reader: RecordReader): Identity {
  const value = reader.peek('user')
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return objectIdentity(value, reader)
  }
  const text = reader.text('user')
  if (text === null) return { id: null, name: null, email: null }
  const both = /^(.*?)\s*[<(]\s*([^\s<>()]+@[^\s<>()]+)\s*[>)]$/s.exec(text)
  if (both) return { id: null, name: both[1]!.replace(/^"(.*)"$/, '$1') || null, email: both[2]! }
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return { id: null, name: null, email: text }
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return { id: text, name: null, email: null }
  return { id: null, name: text, email: null }
}

/** `{id, name, email}` under the user's column; it stays among what is kept when it says more than that. */
function objectIdentity(value: JsonObject, reader: RecordReader): Identity {
  const inner = new RecordReader(value)
  const name =
    inner.text('userName') ?? (typeof value.name === 'string' && value.name !== '' ? value.name : null)
  const identity = { id: inner.text('userId') ?? inner.text('id'), name, email: inner.text('userEmail') }
  const rest = Object.keys(inner.rest()).filter(key => key !== 'name' || inner.rest().name !== name)
  if (rest.length === 0) reader.take('user')
  return identity
}
