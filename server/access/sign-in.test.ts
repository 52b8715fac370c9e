import { describe, expect, test } from 'vitest'
import {
  bearer,
  codeOf,
  facts,
  goodPassword,
  local,
  openTestAccess,
  otherPassword,
} from '../../test/support/access.ts'

const minute = 60_000
const hour = 60 * minute

async function withOtter(options = {}) {
  const opened = await openTestAccess(options)
  const { user } = await opened.access.createUser(
    { name: 'Otter', email: 'Otter@Example.org', roles: ['owner'], password: goodPassword },
    local,
  )
  const tryIt = (password: string, email = 'otter@example.org', address = facts.address) =>
    opened.access.signIn({ email, password }, { ...facts, address })
  const authenticate = (token: string) => opened.access.authenticate(bearer(token), facts.address)
  return { ...opened, user, tryIt, authenticate }
}

describe('signing in', () => {
  test('a right password gives a token that names its user', async () => {
    const { tryIt, authenticate, events } = await withOtter()
    const { token, expiresAt } = await tryIt(goodPassword, ' OTTER@example.org ')
    expect(token).toMatch(/^tss_[\w-]{43}$/)
    expect(expiresAt).toBe('2026-03-01T20:00:00.000Z')
    const caller = await authenticate(token)
    expect(caller).toMatchObject({ kind: 'user', name: 'Otter', email: 'otter@example.org' })
    const login = events.find(event => event.action === 'user.login')!
    expect(login).toMatchObject({
      source: 'trailside',
      outcome: 'success',
      actor: { type: 'user', id: caller.id, email: 'otter@example.org' },
      context: { ip: '192.0.2.7', userAgent: 'test', channel: 'web', sessionId: caller.sessionId },
    })
    expect(JSON.stringify(events)).not.toContain(token)
  })

  test('neither tokens, keys nor passwords can be read from the database', async () => {
    const { tryIt, access, database } = await withOtter()
    const { token } = await tryIt(goodPassword)
    const { key } = await access.createKey({ name: 'k', role: 'owner' }, local)
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all()
    const all = JSON.stringify(tables.map(({ name }) => database.prepare(`select * from "${name}"`).all()))
    expect(all).toContain('otter@example.org')
    for (const secret of [token, key, goodPassword]) {
      expect(all).not.toContain(secret)
      expect(all).not.toContain(secret.slice(4))
    }
  })

  test('an unknown e-mail, a wrong password and a disabled account get the same answer', async () => {
    const { tryIt, access, user, join } = await withOtter()
    await join('Second Owner', 'owner')
    const answers = [
      await tryIt('wrong').catch(String),
      await tryIt('wrong', 'nobody@example.org').catch(String),
    ]
    await access.changeUser(user.id, { disabled: true }, local)
    answers.push(await tryIt(goodPassword).catch(String))
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('wrong_credentials')
  })

  test('a password typed into the e-mail field is not kept', async () => {
    const { tryIt, events } = await withOtter()
    await codeOf(tryIt('x', 'my very secret passphrase'))
    await codeOf(tryIt('x', 'typo@example.org'))
    expect(JSON.stringify(events)).not.toContain('passphrase')
    expect(events.at(-1)!.actor).toMatchObject({ email: 'typo@example.org', name: null })
    expect(events.at(-1)!.actor.id).toMatch(/^unknown-/)
    expect(JSON.stringify({ ...events.at(-1)!, actor: null })).not.toContain('typo@')
  })

  test('an overlong password is wrong, not a burden', async () => {
    const { tryIt } = await withOtter()
    expect(await codeOf(tryIt('x'.repeat(10_000_000)))).toBe('wrong_credentials')
  })
})

describe('lockout', () => {
  test('five failures lock the account for whoever asks, right password or not, and say for how long', async () => {
    const { tryIt, time, actions, events } = await withOtter()
    for (let n = 0; n < 5; n++) {
      expect(await codeOf(tryIt('wrong'))).toBe('wrong_credentials')
      time.now += minute
    }
    await expect(tryIt(goodPassword)).rejects.toMatchObject({
      code: 'locked_out',
      extras: { retryAfter: 600 },
    })
    await expect(tryIt('wrong')).rejects.toMatchObject({ code: 'locked_out', extras: { retryAfter: 600 } })
    expect(actions().filter(action => action === 'user.locked_out')).toHaveLength(1)
    // Refusals of a locked account are kept once a minute.
    expect(actions().filter(action => action === 'user.login_failed')).toHaveLength(6)
    expect(events.at(-1)!.metadata).toEqual({ reason: 'locked_out' })
    time.now += 10 * minute
    expect(await codeOf(tryIt(goodPassword))).toBe('none')
  })

  test('an unknown e-mail is locked in the same way', async () => {
    const { tryIt } = await withOtter()
    for (let n = 0; n < 5; n++) await codeOf(tryIt('wrong', 'nobody@example.org'))
    expect(await codeOf(tryIt('wrong', 'nobody@example.org'))).toBe('locked_out')
    expect(await codeOf(tryIt(goodPassword))).toBe('none')
  })

  test('a restart does not forget', async () => {
    const { tryIt, reopen } = await withOtter()
    for (let n = 0; n < 5; n++) await codeOf(tryIt('wrong'))
    const { access } = await reopen()
    expect(await codeOf(access.signIn({ email: 'otter@example.org', password: goodPassword }, facts))).toBe(
      'locked_out',
    )
  })

  test('a hundred attempts at once get no more than five looks', async () => {
    const { tryIt } = await withOtter()
    const addresses = Array.from({ length: 100 }, (_, n) => `198.51.100.${n}`)
    const codes = await Promise.all(addresses.map(at => codeOf(tryIt('wrong', 'otter@example.org', at))))
    expect(codes.filter(code => code === 'wrong_credentials')).toHaveLength(5)
  })

  test('a success starts the count afresh', async () => {
    const { tryIt } = await withOtter()
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 4; n++) await codeOf(tryIt('wrong'))
      expect(await codeOf(tryIt(goodPassword))).toBe('none')
    }
  })

  test('one network may not try many accounts, even from all addresses of its /64', async () => {
    const { tryIt, time } = await withOtter()
    for (let n = 0; n < 30; n++)
      await codeOf(tryIt('wrong', `user${n}@example.org`, `2001:db8:1:2::${n + 1}`))
    expect(await codeOf(tryIt(goodPassword, 'otter@example.org', '2001:db8:1:2:ffff::1'))).toBe(
      'rate_limited',
    )
    expect(await codeOf(tryIt(goodPassword, 'otter@example.org', '2001:db8:1:3::1'))).toBe('none')
    time.now += 15 * minute
    expect(await codeOf(tryIt(goodPassword, 'otter@example.org', '2001:db8:1:2:ffff::1'))).toBe('none')
  })
})

describe('sessions', () => {
  test('signing out ends one at once, and it stays known as ended', async () => {
    const { tryIt, authenticate, access, actions, reopen } = await withOtter()
    const { token } = await tryIt(goodPassword)
    await access.signOut({ caller: await authenticate(token), facts })
    expect(await codeOf(authenticate(token))).toBe('session_expired')
    const again = await reopen()
    expect(await codeOf(again.access.authenticate(bearer(token), null))).toBe('session_expired')
    expect(await codeOf(authenticate(`tss_${'x'.repeat(43)}`))).toBe('unauthenticated')
    expect(actions().at(-1)).toBe('user.logout')
  })

  test('twelve hours end it however busy, two idle hours sooner', async () => {
    const { tryIt, authenticate, time, actions } = await withOtter()
    const busy = await tryIt(goodPassword)
    for (let n = 0; n < 11; n++) {
      time.now += hour
      expect(await codeOf(authenticate(busy.token))).toBe('none')
    }
    time.now += hour
    expect(await codeOf(authenticate(busy.token))).toBe('session_expired')
    const idle = await tryIt(goodPassword)
    time.now += 2 * hour - 1
    expect(await codeOf(authenticate(idle.token))).toBe('none')
    time.now += 2 * hour
    expect(await codeOf(authenticate(idle.token))).toBe('session_expired')
    time.now -= 2 * hour
    expect(await codeOf(authenticate(idle.token))).toBe('session_expired')
    expect(actions().filter(action => action === 'user.session_expired')).toHaveLength(2)
  })

  test('a passive look does not keep a session going', async () => {
    const { tryIt, access, time } = await withOtter()
    const { token } = await tryIt(goodPassword)
    time.now += 2 * hour - minute
    await access.authenticate(bearer(token), null, { passive: true })
    time.now += minute
    expect(await codeOf(access.authenticate(bearer(token), null, { passive: true }))).toBe('session_expired')
  })

  test('activity survives a restart', async () => {
    const { tryIt, authenticate, time, reopen } = await withOtter()
    const { token } = await tryIt(goodPassword)
    time.now += hour + 30 * minute
    await authenticate(token)
    const { access } = await reopen()
    time.now += hour + 30 * minute
    expect(await codeOf(access.authenticate(bearer(token), null))).toBe('none')
  })

  test.each([
    ['no header', new Headers()],
    ['another scheme', new Headers({ authorization: 'Basic b3R0ZXI6cHc=' })],
    ['an empty token', new Headers({ authorization: 'Bearer ' })],
    ['the hash from the database', bearer('tss_')],
  ])('%s is nobody', async (_what, headers) => {
    const { access } = await withOtter()
    expect(await codeOf(access.authenticate(headers, null))).toBe('unauthenticated')
  })

  test('the hash that the database holds opens nothing', async () => {
    const { tryIt, authenticate, database } = await withOtter()
    await tryIt(goodPassword)
    const { token: hash } = database.prepare('select token from session').get()!
    expect(await codeOf(authenticate(String(hash)))).toBe('unauthenticated')
  })
})

describe('passwords', () => {
  test('changing it needs the current one, ends the other sessions and keeps this one', async () => {
    const { tryIt, authenticate, access, actions } = await withOtter()
    const [here, there] = [await tryIt(goodPassword), await tryIt(goodPassword)]
    const by = { caller: await authenticate(here.token), facts }
    const change = (current: string, next: string) => codeOf(access.changePassword({ current, next }, by))
    expect(await change('wrong', otherPassword)).toBe('wrong_credentials')
    expect(await change(goodPassword, 'password1234')).toBe('weak_password')
    expect(await change(goodPassword, goodPassword)).toBe('weak_password')
    expect(await change(goodPassword, otherPassword)).toBe('none')
    expect(await codeOf(authenticate(here.token))).toBe('none')
    expect(await codeOf(authenticate(there.token))).toBe('session_expired')
    expect(await codeOf(tryIt(goodPassword))).toBe('wrong_credentials')
    expect(await codeOf(tryIt(otherPassword))).toBe('none')
    expect(actions()).toContain('user.password_changed')
  })

  test('the current password cannot be guessed through a stolen session', async () => {
    const { tryIt, authenticate, access } = await withOtter()
    const { token } = await tryIt(goodPassword)
    const by = { caller: await authenticate(token), facts }
    for (let n = 0; n < 5; n++)
      await codeOf(access.changePassword({ current: 'guess', next: otherPassword }, by))
    expect(await codeOf(access.changePassword({ current: goodPassword, next: otherPassword }, by))).toBe(
      'locked_out',
    )
  })

  test('a one-time password opens the door, marks the caller, and is void after a week', async () => {
    const { access, tryIt, authenticate, time } = await withOtter()
    const input = { name: 'New', email: 'new@example.org', roles: ['viewer'] }
    const { oneTimePassword, user } = await access.createUser(input, local)
    const { token } = await tryIt(oneTimePassword!, input.email)
    const caller = await authenticate(token)
    expect(caller.mustChangePassword).toBe(true)
    expect((await access.me(caller)).cacheKey).toBeNull()
    await access.changePassword({ current: oneTimePassword!, next: otherPassword }, { caller, facts })
    expect((await authenticate(token)).mustChangePassword).toBe(false)
    const reset = await access.resetPassword(user.id, local)
    expect(await codeOf(authenticate(token))).toBe('session_expired')
    expect(await codeOf(tryIt(otherPassword, input.email))).toBe('wrong_credentials')
    time.now += 7 * 24 * hour
    expect(await codeOf(tryIt(reset.oneTimePassword!, input.email))).toBe('wrong_credentials')
  })
})
