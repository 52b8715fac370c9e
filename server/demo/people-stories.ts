/** Signing in and out, and all that goes wrong with it; inviting, promoting and helping people. */
import { personSeat, type Seat, type Story } from './draft.ts'
import type { Person } from './people.ts'
import { roles } from './people.ts'
import { changeTarget } from './target-stories.ts'
import { someTarget, type World } from './world.ts'

const [second, minute, hour] = [1000, 60_000, 3_600_000]

export function personRef({ actor }: Person) {
  return { type: 'user', id: actor.id, name: actor.name }
}

/** A working day's frame. Some people mistype first. */
export function* signIn(world: World, person: Person): Story {
  const { random } = world
  const seat = personSeat(random, person)
  for (let mistakes = random.chance(0.12) ? 1 + random.below(2) : 0; mistakes > 0; mistakes--) {
    const metadata = { reason: 'Wrong password' }
    yield {
      seat,
      action: 'user.login_failed',
      targets: [],
      pause: random.between(4 * second, 40 * second),
      outcome: 'failure',
      metadata,
    }
  }
  const action = random.chance(0.6) ? 'user.sso_login' : 'user.login'
  yield { seat, action, targets: [], pause: random.between(20 * minute, 5 * hour) }
  if (random.chance(0.6))
    yield {
      seat,
      action: random.chance(0.75) ? 'user.logout' : 'user.session_expired',
      targets: [],
      pause: 0,
    }
}

/** Somebody from nowhere tries one person's password until the account locks; later the person takes it back. */
export function* attack(world: World): Story {
  const { random } = world
  const victim = world.people[random.zipf(world.people.length)]!
  const seat: Seat = {
    actor: victim.actor,
    ip: `192.0.2.${random.below(254) + 1}`,
    userAgent: random.pick(['python-requests/2.32', 'Mozilla/5.0 (compatible)']),
    channel: 'web',
    sessionId: null,
    location: 'Unknown',
  }
  const targets = [personRef(victim)]
  const tries = 5 + random.below(6)
  for (let count = 0; count < tries; count++) {
    const metadata = { reason: 'Wrong password', attempt: count + 1 }
    yield {
      seat,
      action: 'user.login_failed',
      targets,
      pause: random.between(second, 9 * second),
      outcome: 'failure',
      metadata,
    }
  }
  yield {
    seat: world.systemSeat,
    action: 'user.locked_out',
    targets,
    pause: random.between(minute, 30 * minute),
    metadata: { attempts: tries },
  }
  if (random.chance(0.5))
    yield {
      seat,
      action: 'user.ip_denied',
      targets,
      pause: random.between(hour, 9 * hour),
      outcome: 'denied',
    }
  const own = personSeat(random, victim)
  yield {
    seat: own,
    action: 'user.password_reset_requested',
    targets,
    pause: random.between(minute, 9 * minute),
  }
  yield { seat: own, action: 'user.password_reset', targets, pause: 0 }
}

/** A new colleague: invited, arrived, given a role. */
export function* welcome(world: World, person: Person): Story {
  const { random } = world
  const seat = personSeat(random, person)
  const newcomer = world.people[random.below(world.people.length)]!
  const targets = [personRef(newcomer)]
  yield {
    seat,
    action: 'user.invited',
    targets,
    pause: random.between(hour, 30 * hour),
    metadata: { role: newcomer.role },
  }
  yield {
    seat: personSeat(random, newcomer),
    action: 'user.email_confirmed',
    targets,
    pause: random.between(minute, 9 * minute),
  }
  yield { seat: world.systemSeat, action: 'user.created', targets, pause: random.between(minute, hour) }
  yield {
    seat,
    action: 'user.added_to_team',
    targets: [...targets, { type: 'team', id: 'team-web', name: 'Web team' }],
    pause: 0,
  }
}

/** A role is given, and its permissions are not what they were. */
export function* changeAccess(world: World, person: Person): Story {
  const { random, permissionsOfRole } = world
  const seat = personSeat(random, person)
  const colleague = world.people[random.below(world.people.length)]!
  const [before, after] = [
    colleague.role,
    random.pick(roles.slice(1).filter(role => role !== colleague.role)),
  ]
  colleague.role = after
  const action = after === 'Viewer' ? 'user.role_removed' : 'user.role_assigned'
  yield {
    seat,
    action,
    targets: [personRef(colleague)],
    pause: random.between(30 * second, 9 * minute),
    changes: [{ field: 'Role', before, after }],
  }
  if (!random.chance(0.5)) return
  const name = random.pick([...permissionsOfRole.keys()])
  const permissions = permissionsOfRole.get(name)!
  const extra = random.pick(['Integrations: Read', 'Scan Profiles: Full', 'Agents: Read', 'Audit Logs: Read'])
  const changed = permissions.includes(extra)
    ? permissions.filter(permission => permission !== extra)
    : [...permissions, extra]
  permissionsOfRole.set(name, changed)
  const targets = [{ type: 'role', id: `role-${name.toLowerCase().replaceAll(' ', '-')}`, name }]
  yield {
    seat,
    action: 'role.permissions_changed',
    targets,
    pause: 0,
    changes: [{ field: 'Permissions', before: permissions, after: changed }],
  }
}

/** Support acts as a user, allowed by the owner; every step names both. */
export function* supportVisit(world: World): Story {
  const { random, supporter } = world
  const owner = world.people[0]!
  const helped = world.people[random.zipf(world.people.length)]!
  const { id, name, email } = supporter
  const seat: Seat = {
    ...personSeat(random, helped),
    actor: { ...helped.actor, onBehalfOf: { id, name, email } },
    ip: '203.0.113.250',
    location: 'Valletta, Malta',
  }
  const targets = [personRef(helped)]
  yield {
    seat: personSeat(random, owner),
    action: 'support.access_confirmed',
    targets,
    pause: random.between(9 * minute, 3 * hour),
    metadata: { hours: 24 },
  }
  yield {
    seat,
    action: 'user.impersonated',
    targets,
    pause: random.between(minute, 4 * minute),
    metadata: { ticket: 1000 + random.below(9000) },
  }
  yield* changeTarget(world, seat, someTarget(world))
  if (random.chance(0.5))
    yield {
      seat,
      action: 'user.edited_by_support',
      targets,
      pause: minute,
      changes: [{ field: 'Time zone', before: 'UTC', after: helped.place.location }],
    }
  yield { seat, action: 'user.logout', targets: [], pause: 0 }
}
