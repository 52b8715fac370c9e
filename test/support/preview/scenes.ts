/** One entry a state that the panel can be in. */
import type { RememberedServer, RememberedSession } from '../../../extension/state/session-memory.ts'
import { allPermissions, type Permission } from '../../../shared/access.ts'
import type { Me } from '../../../shared/api.ts'
import type { Source } from '../../../shared/sources.ts'
import { FakeLog } from '../panel/fake-log.ts'
import {
  demoSource,
  personWith,
  problem,
  type Routes,
  refusedKey,
  serverRoutes,
  signedIn,
} from '../panel/fake-platform.ts'
import { generateEvents } from '../panel/generated-events.ts'
import { hostileEvent } from '../panel/hostile-event.ts'

export interface Scene {
  log: FakeLog
  routes: Routes
  remembered: { server: RememberedServer; session: RememberedSession | null } | null
}

type MakeScene = (now: number) => Scene

const reader: Permission[] = ['audit_log.read', 'audit_log.export', 'audit_log.read_personal']

function withLog(now: number, me: Me, count = 3412): Scene {
  const events = generateEvents({ count, until: now, days: 75 })
  if (count > 0) events.push(hostileEvent(count, new Date(now - 900_000).toISOString()))
  const log = new FakeLog(events)
  log.status = { ...log.status, lastContact: new Date(now).toISOString() }
  return { log, routes: serverRoutes(me), remembered: signedIn(me) }
}

/** An administrator asks for two of three witnesses, of which these cosigned. The page sets the policy in force. */
function withQuorum(now: number, counting: string[]): Scene {
  const scene = withLog(now, personWith(reader))
  const origin = 'audit.acme.example/log'
  const keys = { log: `${origin}+0b1c2d3e+AX0tTG9nS2V5`, time: `${origin}/time+9f8e7d6c+BFRpbWVLZXk` }
  const at = new Date(now - 40_000).toISOString()
  const seen = { size: scene.log.events.length, root: 'root', note: 'note', signedAt: at }
  const witnesses = ['ada', 'bob', 'cyd'].map(name => {
    const counts = counting.includes(name)
    return { name, key: `witness.${name}.example+5ee1d0c2+BDq8kO2mYw`, counts, at: counts ? at : null }
  })
  const quorum = { policy: quorumPolicy, isMet: counting.length >= 2, checkpoint: seen, witnesses }
  const trust = {
    ...{ server: 'https://audit.acme.example', pinned: { origin, ...keys, by: 'policy' as const, at } },
    ...{ seen, first: { size: 90, at }, checkedAt: at, alarm: null, lookAgain: false, quorum },
    ...{ rotations: [], trail: [], past: [], earlier: [] },
  }
  const told = witnesses.map(({ name, key, counts }) => ({
    ...{ name, key, asked: true, size: counts ? seen.size : null, at: counts ? at : null },
    error: counts ? null : { code: 'unreachable', detail: 'It cannot be reached: connect ECONNREFUSED', at },
  }))
  const logs = [{ origin: 'audit.bob.example/log', size: 88_120, at }]
  const company = {
    ...{ witnesses: told, panelsTotal: 12, witnessing: { key: 'key', logs } },
    ownKey: `${origin}/panel/00c0ffee+1a2b3c4d+BMVwYW5lbA`,
  }
  scene.log.status = { ...scene.log.status, trust, company }
  return scene
}

/** In force in the scenes above. */
export const quorumPolicy = 'two of ada, bob and cyd'

function signedOut(now: number): Scene {
  const scene = withLog(now, personWith())
  return { ...scene, remembered: { ...scene.remembered!, session: null } }
}

export const scenes = {
  log: now => withLog(now, personWith(allPermissions)),
  empty: now => withLog(now, personWith(reader), 0),
  huge: now => withLog(now, personWith(reader), 1_000_000),
  'no-access': now => withLog(now, personWith([])),
  'no-access-admin': now =>
    withLog(now, personWith(['access.manage'], { roles: [{ id: 'administrator', name: 'Administrator' }] })),
  'no-export': now => withLog(now, personWith(['audit_log.read'])),
  'first-run': now => ({ ...withLog(now, personWith()), remembered: null }),
  'sign-in': signedOut,
  'wrong-password': now => {
    const scene = signedOut(now)
    scene.routes['POST /v1/session'] = problem(401, 'wrong_credentials', 'No')
    return scene
  },
  'locked-out': now => {
    const scene = signedOut(now)
    scene.routes['POST /v1/session'] = problem(429, 'locked_out', 'No', { retryAfter: 840 })
    return scene
  },
  'change-password': now => {
    const scene = signedOut(now)
    scene.routes['GET /v1/me'] = { body: personWith(reader, { mustChangePassword: true }) }
    return scene
  },
  unreachable: now => {
    const scene = signedOut(now)
    return { ...scene, routes: {} }
  },
  'too-old': now => {
    const scene = signedOut(now)
    scene.routes['GET /healthz'] = {
      body: { status: 'up', product: 'trailside', apiVersion: 0, serverVersion: '0.0.9' },
    }
    return scene
  },
  expired: now => {
    const scene = withLog(now, personWith(reader))
    scene.log.status = { ...scene.log.status, phase: 'expired' }
    return scene
  },
  offline: now => {
    const scene = withLog(now, personWith(reader))
    const lastContact = new Date(now - 3_600_000).toISOString()
    scene.log.status = { ...scene.log.status, phase: 'offline', size: 9_000, complete: false, lastContact }
    scene.log.exact = false
    scene.log.gaps = [{ from: null, to: Date.parse(scene.log.events[0]!.occurredAt) }]
    return scene
  },
  misbehaved: now => {
    const scene = withLog(now, personWith(reader))
    const detail = 'The checkpoint of size 3,412 does not extend the one of size 3,400 that was seen before.'
    const failure = { kind: 'misbehaved', code: 'inconsistent', detail } as const
    scene.log.status = { ...scene.log.status, phase: 'misbehaved', failure, clockOffsetMs: 600_000 }
    return scene
  },
  witnessed: now => withQuorum(now, ['ada', 'cyd']),
  'below-quorum': now => withQuorum(now, ['ada']),
  failing: now => {
    const scene = withLog(now, personWith(reader))
    const failure = {
      kind: 'refused',
      code: 'internal',
      status: 500,
      detail: 'No',
      requestId: 'req-81',
    } as const
    scene.log.failures.set('rows', failure)
    return scene
  },
  slow: now => {
    const scene = withLog(now, personWith(reader))
    scene.log.delayMs = 60_000
    return scene
  },
  sources: now => fedFrom(withLog(now, personWith(allPermissions)), everyStanding),
  'feed-stopped': now => fedFrom(withLog(now, personWith(reader)), [demoSource(refusedKey)]),
  'empty-stopped': now => fedFrom(withLog(now, personWith(reader), 0), [demoSource(refusedKey)]),
  'empty-walking': now =>
    fedFrom(withLog(now, personWith(reader), 0), [demoSource({ state: 'walking', taken: 0, total: 41_208 })]),
} satisfies Record<string, MakeScene>

const everyStanding = [
  demoSource(),
  demoSource({
    id: 's-2',
    name: 'Platform US',
    state: 'walking',
    taken: 12_300,
    total: 41_208,
    behind: 28_908,
  }),
  demoSource({ ...refusedKey, id: 's-3', name: 'On-premises' }),
  demoSource({ id: 's-4', name: 'Enterprise', kind: 'invicti-enterprise', state: 'paused' }),
]

function fedFrom(scene: Scene, sources: Source[]): Scene {
  scene.routes['GET /v1/sources'] = { body: { sources } }
  scene.routes['GET /v1/sources/settings'] = { body: { sources } }
  return scene
}

export type SceneName = keyof typeof scenes
