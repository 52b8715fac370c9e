/** What the browser gives the panel, in memory; and a server as far as sessions and access go. */

import type { MessageSource } from '../../../extension/panel/text/translate.ts'
import messages from '../../../extension/public/_locales/en/messages.json' with { type: 'json' }
import type { AddressFragment } from '../../../extension/state/address-fragment.ts'
import type { Memory, RememberedServer, RememberedSession } from '../../../extension/state/session-memory.ts'
import { allPermissions, defaultRoles, type Permission } from '../../../shared/access.ts'
import { apiVersion, type Me } from '../../../shared/api.ts'
import type { Source } from '../../../shared/sources.ts'

export const server = 'https://audit.acme.example'

export const englishMessages: MessageSource = (key, substitutions) => {
  const text = (messages as Record<string, { message: string }>)[key]?.message
  if (text === undefined) throw new Error(`There is no message ${key}`)
  return text.replaceAll(/\$(\d)/g, (_, number) => substitutions[Number(number) - 1] ?? '')
}

export function memorySlot<T>(value: T | null = null): Memory<T> & { value: T | null } {
  const watchers = new Set<(value: T | null) => void>()
  return {
    value,
    async read() {
      return this.value
    },
    async write(next) {
      this.value = next
      for (const watcher of watchers) watcher(next)
    },
    async clear() {
      this.value = null
      for (const watcher of watchers) watcher(null)
    },
    watch(watcher) {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
}

export function memoryFragment(text = ''): AddressFragment & { text: string } {
  return {
    text,
    read() {
      return new URLSearchParams(this.text)
    },
    write(parameters) {
      this.text = parameters.toString()
    },
    onChange: () => () => {},
  }
}

export function personWith(
  permissions: readonly Permission[] = allPermissions,
  change: Partial<Me> = {},
): Me {
  return {
    id: 'u-01',
    kind: 'user',
    name: 'Maria Jensen',
    email: 'maria.jensen@acme.example',
    roles: [{ id: 'security-analyst', name: 'Security Analyst' }],
    permissions: [...permissions],
    accessVersion: 'v1',
    cacheKey: null,
    mustChangePassword: false,
    workspace: { id: 'w-1', name: 'Acme Security', demo: true },
    apiVersion,
    serverVersion: '0.1.0',
    serverTime: new Date().toISOString(),
    accessManagers: ['Grace Hopper', 'Alan Turing'],
    ...change,
  }
}

export function signedIn(me: Me): { server: RememberedServer; session: RememberedSession } {
  return { server: { origin: server }, session: { server, token: 'token-1', me } }
}

/** Answers by `METHOD /path`. A function may look at the body; what is not named is unreachable. */
export type Routes = Record<
  string,
  { status?: number; body?: unknown } | ((body: unknown) => { status?: number; body?: unknown })
>

export function fakeFetch(routes: Routes): typeof fetch {
  return async (input, init) => {
    const { pathname } = new URL(String(input))
    const route = routes[`${init?.method ?? 'GET'} ${pathname}`]
    if (!route) throw new TypeError('Failed to fetch')
    const sent = typeof init?.body === 'string' ? JSON.parse(init.body) : null
    const { status = 200, body } = typeof route === 'function' ? route(sent) : route
    const empty = body === undefined
    return new Response(empty ? null : JSON.stringify(body), {
      status: empty && status === 200 ? 204 : status,
    })
  }
}

export function problem(status: number, code: string, detail: string, extras: object = {}) {
  const body = {
    type: `urn:trailside:problem:${code}`,
    title: code,
    status,
    code,
    detail,
    requestId: 'req-77',
    ...extras,
  }
  return { status, body }
}

export function serverRoutes(me: Me): Routes {
  return {
    'GET /healthz': { body: { status: 'up', product: 'trailside', apiVersion, serverVersion: '0.1.0' } },
    'POST /v1/session': { body: { token: 'token-1', expiresAt: '2030-01-01T00:00:00.000Z' } },
    'DELETE /v1/session': {},
    'GET /v1/me': { body: me },
    'POST /v1/me/password': {},
    'GET /v1/me/views': { body: { revision: 0, views: [] } },
    'GET /v1/users': { body: { users: demoUsers } },
    'GET /v1/roles': { body: { roles: defaultRoles.map((role, at) => ({ ...role, users: at })) } },
    'GET /v1/keys': { body: { keys: demoKeys } },
    'GET /v1/sources': { body: { sources: [] } },
    'GET /v1/sources/settings': { body: { sources: [] } },
    'GET /v1/settings/retention': { body: demoRetention },
    'GET /v1/holds': { body: { holds: demoHolds } },
  }
}

const demoRetention = {
  ...{ days: 365, nextRunAt: '2026-11-25T02:00:00.000Z', removed: 12_800 },
  lastRun: { at: '2026-11-24T02:00:00.000Z', entries: 1_024 },
}

const demoHolds = [
  {
    ...{ id: 'h-1', name: 'Case 2026-4', reason: 'Litigation about the checkout incident' },
    scope: { target: 't-02', from: '2026-03-01T00:00:00.000Z' },
    placedBy: { id: 'u-00', name: 'Grace Hopper' },
    placedAt: '2026-10-02T09:30:00.000Z',
  },
]

const demoUsers = [
  ['u-00', 'Grace Hopper', 'grace@acme.example', 'owner', false],
  ['u-01', 'Maria Jensen', 'maria.jensen@acme.example', 'security-analyst', false],
  ['u-05', 'Lukas Schneider', 'lukas.schneider@acme.example', 'viewer', true],
].map(([id, name, email, role, disabled]) => ({
  id,
  name,
  email,
  roles: [role],
  createdAt: '2026-01-04T09:00:00.000Z',
  lastSignInAt: disabled ? null : '2026-11-23T08:12:00.000Z',
  disabled,
}))

const demoKeys = [
  {
    id: 'k-1',
    name: 'CI pipeline',
    start: 'ts_a81f',
    roles: [],
    permissions: ['audit_log.write'],
    createdAt: '2026-02-01T09:00:00.000Z',
    lastUsedAt: '2026-11-23T09:30:00.000Z',
    expiresAt: null,
  },
]

/** A source as it stands when all is well, and whatever is to be otherwise. */
export function demoSource(change: Partial<Source> = {}): Source {
  return {
    id: 's-1',
    name: 'Platform EU',
    kind: 'invicti-platform',
    state: 'caught_up',
    asOf: '2026-11-24T13:41:30.000Z',
    lastSuccessAt: '2026-11-24T13:41:30.000Z',
    nextAttemptAt: '2026-11-24T13:42:30.000Z',
    taken: 41_208,
    total: 41_208,
    behind: 0,
    gap: null,
    unreadable: { count: 0, reason: null },
    failingSince: null,
    trouble: null,
    clockSkewMs: null,
    ...change,
    settings: {
      baseUrl: 'https://platform-eu.invicti.com',
      userId: null,
      intervalSeconds: 60,
      startDate: null,
      certificateAuthority: null,
      proxy: null,
      usersPath: null,
      targetsPath: null,
      fromFile: false,
      namesTrouble: null,
      ...change.settings,
    },
  }
}

export const refusedKey: Partial<Source> = {
  state: 'failing',
  failingSince: '2026-11-24T13:02:00.000Z',
  nextAttemptAt: '2026-11-24T13:47:00.000Z',
  trouble: { code: 'key_refused', detail: 'HTTP 401', advice: 'Make a new one.' },
}
