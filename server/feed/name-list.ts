/** Reading the platform's lists of people and targets, whose fields are published nowhere: names are recognised. */
import type { JsonObject } from '../../shared/json.ts'
import { boundedId } from '../intake/bounded-id.ts'
import { foldName } from '../intake/columns.ts'
import { listIn, wholeNumber } from './read-page.ts'

export type NamedKind = 'user' | 'target'

export interface KnownName {
  id: string
  name: string | null
  email: string | null
}

const pageSize = 100
const maxPages = 1000

/** @throws {FeedError} whatever `ask` does */
export async function readNames(
  kind: NamedKind,
  path: string,
  ask: (path: string) => Promise<JsonObject>,
): Promise<Map<string, KnownName>> {
  const names = new Map<string, KnownName>()
  let listed = 0
  for (let page = 1; page <= maxPages; page++) {
    const answer = await ask(`${path}?page=${page}&pageSize=${pageSize}`)
    const items = listIn(answer, ['items', 'users', 'targets', 'data', 'results', 'List']) ?? []
    const before = names.size
    for (const item of items) {
      const known = nameOf(kind, item)
      if (known) names.set(known.id, known)
    }
    listed += items.length
    const total = wholeNumber(answer.totalCount ?? answer.TotalItemCount)
    // A list that ignores the page number brings the same again.
    if (names.size === before || (total !== null && listed >= total)) break
  }
  return names
}

const fields = {
  id: { user: ['id', 'userid', 'uuid'], target: ['id', 'targetid', 'websiteid', 'uuid'] },
  name: {
    user: ['name', 'fullname', 'displayname', 'username'],
    target: ['name', 'label', 'displayname', 'address', 'url', 'rooturl', 'fqdn', 'host'],
  },
}

function nameOf(kind: NamedKind, item: JsonObject): KnownName | null {
  const folded = new Map(Object.entries(item).map(([name, value]) => [foldName(name), value]))
  const text = (...names: string[]) => {
    for (const name of names) {
      const value = folded.get(name)
      if (typeof value === 'string' && value.trim() !== '') return value.trim()
      if (typeof value === 'number') return String(value)
    }
    return null
  }
  const id = boundedId(text(...fields.id[kind]))
  if (id === null) return null
  const parts = [text('firstname', 'givenname'), text('lastname', 'familyname', 'surname')]
  const whole = parts.filter(part => part !== null).join(' ') || null
  const email = kind === 'user' ? text('email', 'emailaddress', 'mail') : null
  const name = text(...fields.name[kind]) ?? whole
  return { id, name: name === email ? whole : name, email }
}
