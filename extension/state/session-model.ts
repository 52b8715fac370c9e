/** Which server, who is signed in, and what they may. Everything else in the panel waits for this. */
import { computed, signal } from '@preact/signals'
import type { Permission } from '../../shared/access.ts'
import type { Me } from '../../shared/api.ts'
import { type Client, createClient } from '../api/client.ts'
import { failureOf } from '../api/failure.ts'
import type { LogClient } from '../worker/log-client.ts'
import type { Failure, WorkerSession } from '../worker/protocol.ts'
import type { RememberedServer, RememberedSession, SessionMemory } from './session-memory.ts'

export type SessionState =
  | { name: 'starting' }
  | { name: 'first-run'; failure: Failure | null }
  | { name: 'connecting'; server: string }
  | { name: 'unreachable'; server: string; failure: Failure }
  | { name: 'sign-in'; server: string; failure: Failure | null; ended: boolean }
  | { name: 'change-password'; server: string; me: Me; failure: Failure | null }
  | { name: 'no-access'; server: string; me: Me }
  | { name: 'open'; server: string; me: Me }

export interface HostAccess {
  /** Must be called in the user's gesture, with nothing awaited before. */
  request(server: string): Promise<boolean>
  remove(server: string): Promise<unknown>
}

export interface SessionDependencies {
  memory: SessionMemory
  hosts: HostAccess
  log: LogClient
  fetch: typeof fetch
}

export type SessionModel = ReturnType<typeof createSessionModel>

export function createSessionModel({ memory, hosts, log, fetch }: SessionDependencies) {
  const state = signal<SessionState>({ name: 'starting' })
  const busy = signal(false)
  /** The session ended while the log was open: what is held stays in view, and signing in again goes on from there. */
  const expired = signal(false)
  const reauthFailure = signal<Failure | null>(null)
  let token: string | null = null
  let password: string | null = null

  const me = computed(() => ('me' in state.value ? state.value.me : null))
  const may = (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false
  const server = computed(() => ('server' in state.value ? state.value.server : null))
  const clientFor = (origin: string): Client =>
    createClient({ server: origin, token: () => token, fetch: (...args) => fetch(...args) })
  const clientNow = (): Client => clientFor(server.peek() ?? '')

  async function start(): Promise<void> {
    const known = await memory.server.read().catch(() => null)
    if (!known) {
      state.value = { name: 'first-run', failure: null }
      return
    }
    const session = await memory.session.read().catch(() => null)
    if (session?.server === known.origin) await resume(known, session)
    else await reach(known.origin)
  }

  /** A session of this browser run is still remembered. Where the server is away or fails, its cache is opened as it is. */
  async function resume(known: RememberedServer, session: RememberedSession): Promise<void> {
    token = session.token
    state.value = { name: 'connecting', server: known.origin }
    try {
      await enter(await clientFor(known.origin).me())
    } catch (error) {
      const failure = failureOf(error)
      if (failure.kind === 'unreachable' || (failure.status ?? 0) >= 500) await enter(session.me)
      else if (failure.status === 401) await endSession(known.origin)
      else state.value = { name: 'unreachable', server: known.origin, failure }
    }
  }

  async function endSession(origin: string): Promise<void> {
    token = null
    await memory.session.clear()
    state.value = { name: 'sign-in', server: origin, failure: null, ended: true }
  }

  /** Checks what answers at the address before anyone types a password into it. */
  async function reach(origin: string): Promise<void> {
    state.value = { name: 'connecting', server: origin }
    try {
      await clientFor(origin).health()
      await memory.server.write({ origin })
      state.value = { name: 'sign-in', server: origin, failure: null, ended: false }
    } catch (error) {
      state.value = { name: 'unreachable', server: origin, failure: failureOf(error) }
    }
  }

  /** Call in the user's gesture: the browser's permission dialog must come at once. */
  function connect(origin: string): Promise<void> {
    const asked = hosts.request(origin)
    return whileBusy(async () => {
      if (await asked) return await reach(origin)
      const detail = new URL(origin).host
      state.value = { name: 'first-run', failure: { kind: 'cancelled', code: 'host_refused', detail } }
    })
  }

  function signIn(email: string, secret: string): Promise<void> {
    return whileBusy(async () => {
      const origin = server.peek()
      if (origin === null) return
      try {
        token = (await clientFor(origin).signIn({ email, password: secret })).token
        password = secret
        await enter(await clientFor(origin).me())
      } catch (error) {
        token = null
        state.value = { name: 'sign-in', server: origin, failure: failureOf(error), ended: false }
      }
    })
  }

  /** The change that a one-time password demands, just after it was used to sign in. */
  function replacePassword(next: string): Promise<void> {
    return whileBusy(async () => {
      const now = state.peek()
      if (now.name !== 'change-password' || password === null) return
      try {
        await clientNow().changePassword({ current: password, next })
        password = null
        await enter(await clientNow().me())
      } catch (error) {
        state.value = { ...now, failure: failureOf(error) }
      }
    })
  }

  async function enter(person: Me): Promise<void> {
    const origin = server.peek()
    if (origin === null || token === null) return
    await memory.session.write({ server: origin, token, me: person }).catch(() => {})
    expired.value = false
    reauthFailure.value = null
    if (person.mustChangePassword) {
      // After a reload the one-time password is no longer known here, so it has to be typed again.
      if (password === null) return await endSession(origin)
      state.value = { name: 'change-password', server: origin, me: person, failure: null }
    } else if (person.permissions.includes('audit_log.read')) {
      password = null
      state.value = { name: 'open', server: origin, me: person }
    } else {
      // Nothing of the log may stay here for someone who may not read it.
      await log.call('close', { purge: true }).catch(() => {})
      state.value = { name: 'no-access', server: origin, me: person }
    }
  }

  /** Signs in again as the same person, in place. Someone else's credentials start afresh. */
  function signInAgain(secret: string): Promise<void> {
    return whileBusy(async () => {
      const person = me.peek()
      if (!person?.email) return
      try {
        token = (await clientNow().signIn({ email: person.email, password: secret })).token
        const renewed = await clientNow().me()
        // Kept for a one-time password, which must be given again with the next one.
        password = secret
        const same = renewed.accessVersion === person.accessVersion
        if (same && !renewed.mustChangePassword) await log.call('renew', token)
        await enter(renewed)
      } catch (error) {
        reauthFailure.value = failureOf(error)
      }
    })
  }

  /** The server said no, or that access has changed: asks anew who this is and what they may. */
  async function refresh(options: { always?: boolean } = {}): Promise<void> {
    const person = me.peek()
    if (!person || expired.peek()) return
    try {
      const renewed = await clientNow().me()
      const changed = renewed.accessVersion !== person.accessVersion || renewed.id !== person.id
      if (changed || options.always || state.peek().name === 'no-access') await enter(renewed)
    } catch (error) {
      if (failureOf(error).status === 401) expired.value = true
    }
  }

  function signOut(): Promise<void> {
    return whileBusy(async () => {
      const origin = server.peek()
      // The server may be away; the token is forgotten here in any case.
      await clientNow()
        .signOut()
        .catch(() => {})
      await log.call('close', { purge: true }).catch(() => {})
      token = null
      await memory.session.clear()
      expired.value = false
      if (origin) state.value = { name: 'sign-in', server: origin, failure: null, ended: false }
    })
  }

  /** Who signs out or in in one window is out or in in all. */
  async function followOtherWindow(remembered: RememberedSession | null): Promise<void> {
    const origin = server.peek()
    if (origin === null || busy.peek() || (remembered?.token ?? null) === token) return
    if (remembered === null) {
      const ended = expired.peek()
      token = null
      expired.value = false
      await log.call('close', { purge: true }).catch(() => {})
      state.value = { name: 'sign-in', server: origin, failure: null, ended }
    } else if (remembered.server === origin && !remembered.me.mustChangePassword) {
      if (isSamePerson(me.peek(), remembered.me)) await renew(remembered.token)
      else await resume({ origin }, remembered)
    }
  }

  async function renew(next: string): Promise<void> {
    token = next
    expired.value = false
    await log.call('renew', next).catch(() => {})
  }

  async function forgetServer(): Promise<void> {
    const origin = server.peek()
    await signOut()
    await memory.server.clear()
    if (origin) await hosts.remove(origin).catch(() => {})
    state.value = { name: 'first-run', failure: null }
  }

  async function whileBusy(work: () => Promise<void>): Promise<void> {
    busy.value = true
    try {
      await work()
    } finally {
      busy.value = false
    }
  }

  return {
    state,
    me,
    server,
    busy,
    expired,
    reauthFailure,
    /** For the other models: the client of the session in force. */
    client: clientNow,
    may,
    /** Whether there is anything in the Administration view for this person. */
    mayAdminister: (): boolean => may('access.manage') || may('settings.manage'),
    workerSession: (): WorkerSession | null => workerSessionOf(state.peek(), token),
    start,
    /** Follows what other windows do. Returns how to stop. */
    follow: () => memory.session.watch(remembered => void followOtherWindow(remembered)),
    connect,
    retry: (origin: string) =>
      whileBusy(start).then(() => (server.peek() === null ? reach(origin) : undefined)),
    signIn,
    signInAgain,
    replacePassword,
    /** @throws {FailureError} */
    changePassword: (current: string, next: string) => clientNow().changePassword({ current, next }),
    refresh,
    signOut,
    forgetServer,
    /** Back to the form for the server's address, without giving up what is remembered until it is replaced. */
    chooseServer(): void {
      state.value = { name: 'first-run', failure: null }
    },
    /** Any model that was told 401. */
    sessionEnded(): void {
      if (state.peek().name === 'open' || state.peek().name === 'no-access') expired.value = true
    },
  }
}

function isSamePerson(one: Me | null, other: Me): boolean {
  return one?.id === other.id && one.accessVersion === other.accessVersion
}

function workerSessionOf(state: SessionState, token: string | null): WorkerSession | null {
  if (state.name !== 'open' || token === null) return null
  const { id, cacheKey, accessVersion, permissions } = state.me
  const personal = permissions.includes('audit_log.read_personal')
  return { server: state.server, token, userId: id, cacheKey, accessVersion, personal }
}
