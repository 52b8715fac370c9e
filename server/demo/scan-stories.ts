/** Scans: started by people, pipelines and the scheduler, run by the engine, with what they find. */
import { type Draft, onTarget, personSeat, pipelineSeat, type Seat, type Story } from './draft.ts'
import type { Person } from './people.ts'
import { type DemoTarget, findVulnerability } from './targets.ts'
import { someTarget, type World } from './world.ts'

const [second, minute] = [1000, 60_000]

/** One scan from start to end: now and then it fails, or somebody stops it. */
export function* scan(world: World, seat: Seat, target: DemoTarget): Story {
  const { random } = world
  const scanId = random.uuid()
  const profile = target.settings['Scan profile']!
  const about = (draft: Omit<Draft, 'targets'>): Draft => ({
    ...draft,
    targets: [target.ref, { type: 'scan', id: scanId, name: `${profile} of ${target.ref.name}` }],
  })
  const engine = world.engineSeats[random.below(world.engineSeats.length)]!
  yield about({
    seat,
    action: 'scan.started',
    pause: random.between(2 * second, 20 * second),
    metadata: { profile },
  })
  if (random.chance(0.1)) {
    yield about({
      seat: world.schedulerSeat,
      action: 'scan.queued',
      pause: random.between(minute, 20 * minute),
    })
  }
  const luck = random.next()
  if (luck < 0.04) {
    const reason = random.pick(['Target did not answer', 'Log-in sequence failed', 'Agent went offline'])
    yield about({ seat: engine, action: 'scan.failed', pause: 0, outcome: 'failure', metadata: { reason } })
    return
  }
  if (luck < 0.06) {
    yield about({ seat, action: 'scan.aborted', pause: 0 })
    return
  }
  const findings = random.chance(0.25) ? 1 + random.below(3) : 0
  for (let found = 0; found < findings; found++) {
    const { ref, severity } = findVulnerability(random, target)
    const pause = random.between(20 * second, 8 * minute)
    yield {
      seat: engine,
      action: 'vulnerability.found',
      targets: [ref, target.ref],
      pause,
      metadata: { scanId, severity },
    }
  }
  const metadata = { findings, durationSeconds: 300 + random.below(9000) }
  yield about({ seat: engine, action: 'scan.completed', pause: 0, metadata })
}

/** The scheduler's hour: many targets one after the other, while nobody watches. */
export function* scheduledScans(world: World): Story {
  const count = 2 + world.random.zipf(6)
  for (let started = 0; started < count; started++) yield* scan(world, world.schedulerSeat, someTarget(world))
}

/** A build pipeline scans what it has just delivered. */
export function* pipelineScans(world: World): Story {
  const { random } = world
  const seat = pipelineSeat(world.pipelines[random.zipf(2)]!)
  const target = someTarget(world)
  yield* scan(world, seat, target)
  if (random.chance(0.1)) {
    const metadata = { limit: 100, windowSeconds: 60 }
    yield { seat, action: 'api.rate_limited', targets: [], pause: 0, outcome: 'denied', metadata }
  }
  if (random.chance(0.5)) {
    yield {
      seat,
      action: 'report.generated',
      targets: onTarget(target),
      pause: 0,
      metadata: { format: 'JSON' },
    }
  }
}

export function* personScans(world: World, person: Person): Story {
  const { random } = world
  const seat = personSeat(random, person)
  const target = someTarget(world)
  yield* scan(world, seat, target)
  if (!random.chance(0.4)) return
  const report = [...onTarget(target), { type: 'report', id: random.uuid(), name: 'Detailed scan report' }]
  yield {
    seat,
    action: 'report.generated',
    targets: report,
    pause: random.between(5 * second, minute),
    metadata: { format: 'PDF' },
  }
  yield { seat, action: 'report.downloaded', targets: report, pause: 0, metadata: { format: 'PDF' } }
}

const nextStatuses: Record<string, readonly string[]> = {
  Present: ['In progress', 'In progress', 'Fixed (Unconfirmed)', 'False positive', 'Risk accepted'],
  'In progress': ['Fixed (Unconfirmed)', 'Fixed (Unconfirmed)', 'Present'],
  'Fixed (Unconfirmed)': ['Fixed (Confirmed)', 'Revived'],
  Revived: ['In progress'],
}

/** Someone goes through what was found on a target. */
export function* triage(world: World, person: Person): Story {
  const { random } = world
  const target = someTarget(world)
  const seat = personSeat(random, person)
  const vulnerability = target.vulnerabilities.at(-1) ?? findVulnerability(random, target)
  const targets = [vulnerability.ref, target.ref]
  const pause = () => random.between(20 * second, 15 * minute)
  if (random.chance(0.35)) {
    const assignee = world.people[random.zipf(world.people.length)]!.actor.name
    yield {
      seat,
      action: 'vulnerability.assigned',
      targets,
      pause: pause(),
      changes: [{ field: 'Assignee', before: null, after: assignee }],
    }
  }
  const [before, after] = [
    vulnerability.status,
    random.pick(nextStatuses[vulnerability.status] ?? ['Present']),
  ]
  vulnerability.status = after
  const action =
    after === 'Fixed (Unconfirmed)'
      ? 'vulnerability.fixed_unconfirmed'
      : after === 'False positive'
        ? 'vulnerability.false_positive_set'
        : after === 'Risk accepted'
          ? 'vulnerability.risk_accepted'
          : 'vulnerability.status_changed'
  yield { seat, action, targets, pause: pause(), changes: [{ field: 'Status', before, after }] }
  if (after === 'Fixed (Unconfirmed)')
    yield { seat, action: 'vulnerability.retest_started', targets, pause: pause() }
  if (random.chance(0.3)) {
    const comment = random.pick([
      'Fixed in the next release.',
      'Seen again on staging.',
      'Accepted until the migration.',
    ])
    yield { seat, action: 'vulnerability.comment_added', targets, pause: 0, metadata: { comment } }
  }
}
