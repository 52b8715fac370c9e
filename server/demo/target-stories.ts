/** What is done to targets: taking them on, and changing what is set for them. */
import { onTarget, personSeat, type Seat, type Story } from './draft.ts'
import type { Person } from './people.ts'
import { scan } from './scan-stories.ts'
import { type DemoTarget, settingChoices, settingNames } from './targets.ts'
import { someTarget, type World } from './world.ts'

const [second, minute] = [1000, 60_000]

const actionOfSetting: Record<string, string> = {
  'Excluded hours': 'target.excluded_hours_changed',
  'Maximum crawl depth': 'target.advanced_settings_changed',
  'Scan speed': 'target.advanced_settings_changed',
  Tags: 'target.tagged',
}

/** One to three settings get another value; the values before are those that really were before. */
export function* changeTarget(world: World, seat: Seat, target: DemoTarget): Story {
  const { random } = world
  const names = new Set(
    Array.from({ length: 1 + random.zipf(3) }, () => settingNames[random.zipf(settingNames.length)]!),
  )
  const changes = [...names].map(field => {
    const before = target.settings[field]!
    const after = random.pick(settingChoices[field]!.filter(choice => choice !== before))
    target.settings[field] = after
    return { field, before, after }
  })
  const only = changes.length === 1 ? actionOfSetting[changes[0]!.field] : undefined
  yield {
    seat,
    action: only ?? 'target.updated',
    targets: onTarget(target),
    pause: random.between(30 * second, 5 * minute),
    changes,
  }
}

/** Someone changes a target, sometimes takes it back, sometimes looks whether it helped. */
export function* editTarget(world: World, person: Person): Story {
  const { random } = world
  const seat = personSeat(random, person)
  const target = someTarget(world)
  yield* changeTarget(world, seat, target)
  if (random.chance(0.3)) yield* changeTarget(world, seat, target)
  if (random.chance(0.4)) yield* scan(world, seat, target)
}

/** A target taken on: created, proven to be one's own, given an agent and a schedule. */
export function* takeOn(world: World, person: Person): Story {
  const { random } = world
  const seat = personSeat(random, person)
  const target = someTarget(world)
  const targets = onTarget(target)
  const pause = () => random.between(20 * second, 6 * minute)
  const agent = 1 + random.below(6)
  yield {
    seat,
    action: 'target.created',
    targets,
    pause: pause(),
    metadata: { criticality: target.settings['Business criticality']! },
  }
  yield {
    seat,
    action: 'target.verification_started',
    targets,
    pause: pause(),
    metadata: { method: 'DNS record' },
  }
  const isVerified = random.chance(0.9)
  yield {
    seat: world.systemSeat,
    action: 'target.verified',
    targets,
    pause: pause(),
    outcome: isVerified ? 'success' : 'failure',
  }
  if (!isVerified) return
  const agentRef = { type: 'agent', id: `agent-${agent}`, name: `agent-${agent}.example.org` }
  yield {
    seat,
    action: 'target.agent_assigned',
    targets: [...targets, agentRef],
    pause: pause(),
    changes: [{ field: 'Agent', before: null, after: agentRef.name }],
  }
  yield {
    seat,
    action: 'scan.scheduled',
    targets,
    pause: 0,
    metadata: { every: random.pick(['day', 'week', 'month']) },
  }
}
