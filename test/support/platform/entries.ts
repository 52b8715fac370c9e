/** Entries as the platform lists them: the nth is always the same, so that millions need no memory. */

export interface PlatformEntry {
  id: string
  organizationId: string
  userId: string
  action: string
  /** Milliseconds since 1970; written in one of the platform's two spellings. */
  at: number
  details: Record<string, unknown>
}

export const organizationId = '3f0d8f4e-58a4-4c7e-9a53-0e4b1f6d2c10'
const actions = [
  'user.login',
  'scan.started',
  'target.updated',
  'user.logout',
  'scan.completed',
  'report.generated',
]

export interface Person {
  id: string
  firstName: string
  lastName: string
  email: string
}

export const people: readonly Person[] = [
  { id: uuid('person', 0), firstName: 'Ada', lastName: 'Okafor', email: 'ada@acme.example' },
  { id: uuid('person', 1), firstName: 'Jonas', lastName: 'Lindqvist', email: 'jonas@acme.example' },
  { id: uuid('person', 2), firstName: 'Mei', lastName: 'Tanaka', email: 'mei@acme.example' },
]
export const targets = [
  { id: uuid('target', 0), name: 'Shop', address: 'https://shop.acme.example' },
  { id: uuid('target', 1), name: 'Blog', address: 'https://blog.acme.example' },
]

/** The nth entry, at the given moment. */
export function generatedEntry(n: number, at: number): PlatformEntry {
  const action = actions[n % actions.length]!
  return {
    id: uuid('entry', n),
    organizationId,
    userId: people[n % people.length]!.id,
    action,
    at,
    details: {
      ipAddress: `192.0.2.${n % 250}`,
      userAgent: 'Mozilla/5.0',
      ...(action.startsWith('user') ? {} : { targetId: targets[n % targets.length]!.id }),
    },
  }
}

/** A UUID that only its kind and number decide. */
function uuid(kind: 'entry' | 'person' | 'target', n: number): string {
  const mark = { entry: 'e', person: 'a', target: 'b' }[kind]
  // A multiplication modulo 2^32 by an odd number: every n another value, in no order.
  const mixed = (Math.imul(n, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')
  return `${mixed}-${mark}000-4000-8000-${n.toString(16).padStart(12, '0')}`
}
