/** Made-up events for panel tests and the preview: always the same for the same seed. */
import type { AuditEvent } from '../../../shared/audit-event.ts'
import { areaOf } from '../../../shared/catalogue.ts'
import type { JsonObject } from '../../../shared/json.ts'
import { dayMs, formatMoment } from '../../../shared/time.ts'

export interface EventPlan {
  count: number
  /** The newest event is just before this. */
  until: number
  days: number
  seed?: number
}

const people = [
  ['u-01', 'Maria Jensen', 'maria.jensen@acme.example'],
  ['u-02', 'Tomás Oliveira', 'tomas.oliveira@acme.example'],
  ['u-03', 'Aiko Watanabe', 'aiko.watanabe@acme.example'],
  ['u-04', 'Grace O’Connell-Featherstonehaugh', 'grace.oconnell@acme.example'],
  ['u-05', 'Lukas Schneider', 'lukas.schneider@acme.example'],
  ['u-06', 'נועה כהן', 'noa.cohen@acme.example'],
  ['u-07', null, 'contractor-17@partner.example'],
] as const
const targets = [
  ['target', 't-01', 'www.acme.example'],
  ['target', 't-02', 'payments.acme.example'],
  ['target', 't-03', 'staging-checkout.eu-west-1.internal.acme.example'],
  ['scan', '5f2d9c41-77aa-4a0e-9c2e-0d61f3b7a9e4', null],
  ['scan_profile', 'p-01', 'OWASP Top 10, authenticated'],
  ['report', 'r-12', 'Quarterly report Q3'],
] as const
const actions = [
  ['scan.started', 10],
  ['scan.completed', 9],
  ['user.login', 14],
  ['user.login_failed', 3],
  ['target.updated', 4],
  ['user.role_assigned', 2],
  ['vulnerability.found', 7],
  ['report.downloaded', 3],
  ['user.ip_denied', 1],
  ['agent.custom_heartbeat_lost', 1],
] as const

export function generateEvents({ count, until, days, seed = 1 }: EventPlan): AuditEvent[] {
  const random = createRandom(seed)
  const times = Array.from(
    { length: count },
    () => until - Math.floor(random() ** 1.4 * days * dayMs) - 1_000,
  )
  times.sort((a, b) => a - b)
  return times.map((ms, index) => eventAt(index, ms, random))
}

type Random = () => number

function eventAt(index: number, ms: number, random: Random): AuditEvent {
  const action = weighted(random)
  const actor = actorFor(action, random)
  const outcome = action.endsWith('failed') ? 'failure' : action.endsWith('denied') ? 'denied' : 'success'
  return {
    id: `evt-${index.toString().padStart(6, '0')}`,
    source: 'demo',
    index,
    occurredAt: formatMoment(ms),
    receivedAt: formatMoment(ms + 340),
    action,
    area: areaOf(action),
    actor,
    targets: targetsFor(action, random),
    outcome,
    changes: action === 'target.updated' ? [{ field: 'criticality', before: 'normal', after: 'high' }] : [],
    context: {
      ip: actor.type === 'user' ? `203.0.113.${1 + Math.floor(random() * 40)}` : null,
      userAgent: actor.type === 'user' ? 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/156.0.0.0' : null,
      channel: actor.type === 'user' ? 'web' : actor.type === 'api_key' ? 'api' : 'background',
      requestId: `req-${index}`,
      sessionId: actor.type === 'user' ? `ses-${index % 97}` : null,
      location: actor.type === 'user' ? 'Hamburg, Germany' : null,
    },
    metadata: metadataFor(action),
    withheld: [],
  }
}

function metadataFor(action: string): JsonObject {
  return action.startsWith('scan.')
    ? { policy: 'Full scan', durationSeconds: 5123, tags: ['weekly', 'pci'] }
    : {}
}

function actorFor(action: string, random: Random): AuditEvent['actor'] {
  const plain = { email: null, onBehalfOf: null }
  if (action === 'scan.completed' || action === 'vulnerability.found') {
    return { type: 'system', id: 'scheduler', name: 'Scheduler', ...plain }
  }
  if (action === 'scan.started' && random() < 0.4) {
    return { type: 'api_key', id: 'key-ci', name: 'CI pipeline', ...plain }
  }
  const [id, name, email] = people[Math.floor(random() ** 1.6 * people.length)]!
  return { type: 'user', id, name, email, onBehalfOf: null }
}

function targetsFor(action: string, random: Random): AuditEvent['targets'] {
  if (action.startsWith('user.login') || action === 'user.ip_denied') return []
  if (action === 'user.role_assigned') return [{ type: 'user', id: 'u-05', name: 'Lukas Schneider' }]
  const [type, id, name] = targets[Math.floor(random() * targets.length)]!
  const first = { type, id, name }
  return random() < 0.15 ? [first, { type: 'target', id: 't-09', name: 'blog.acme.example' }] : [first]
}

function weighted(random: Random): string {
  const sum = actions.reduce((total, [, weight]) => total + weight, 0)
  let left = random() * sum
  for (const [action, weight] of actions) {
    left -= weight
    if (left < 0) return action
  }
  return actions[0][0]
}

/** mulberry32 */
function createRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
