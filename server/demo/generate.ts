/** The demo workspace as a stream of events: made up, seeded, in the order of time, and as uneven as real logs are. */
import type { NewEvent } from '../../shared/audit-event.ts'
import { areaOf } from '../../shared/catalogue.ts'
import { dayMs, formatMoment } from '../../shared/time.ts'
import type { Draft, Story } from './draft.ts'
import { oddJob } from './office-stories.ts'
import { activityAt, personAtWork, places } from './people.ts'
import { attack, changeAccess, signIn, supportVisit, welcome } from './people-stories.ts'
import { createRandom } from './random.ts'
import { personScans, pipelineScans, scheduledScans, triage } from './scan-stories.ts'
import { StoryQueue } from './story-queue.ts'
import { editTarget, takeOn } from './target-stories.ts'
import { createWorld, type World } from './world.ts'

export interface DemoSize {
  seed: number
  events: number
  users: number
  targets: number
  /** How far back the first event lies. */
  days: number
  /** The end of the stream, in milliseconds; nothing is later. */
  now: number
}

/** The workspace that a first start shows: over 1,000 events in the last 30 days. Only `now` is to be added. */
export const defaultDemo: Omit<DemoSize, 'now'> = {
  seed: 193,
  events: 3400,
  users: 24,
  targets: 40,
  days: 120,
}

export const demoSource = 'demo'

/**
 * Exactly `events` events, oldest first, all with source `demo` and metadata `demo: true`. The same arguments give
 * the same events. Actors and targets are shared between events: they are not to be changed.
 */
export function* generateDemo(size: DemoSize): Generator<NewEvent> {
  const random = createRandom(size.seed)
  const world = createWorld(random, size)
  const running = new StoryQueue()
  const stories = storyTeller(world)
  let last = 0
  for (const slot of slots(size, random.next)) {
    for (;;) {
      const due = running.takeDue(slot)
      const at = Math.max(last, due ? due.at : slot)
      const story = due ? due.story : stories(at)
      const step = story.next()
      if (step.done) continue
      last = at
      running.add(at + step.value.pause, story)
      yield eventOf(step.value, at, random.uuid(), random.uuid())
      break
    }
  }
}

/**
 * The moments at which something happens: more by day and on weekdays, where people are, and more the younger the
 * workspace's days are. While a story runs, its events take these places.
 */
function* slots({ events, days, now }: DemoSize, next: () => number): Generator<number> {
  const hourMs = dayMs / 24
  const hours = Math.max(1, Math.round(days * 24))
  const start = now - hours * hourMs
  const weights = Array.from({ length: hours }, (_, hour) => weightOf(start + hour * hourMs, hour / hours))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let reached = 0
  let made = 0
  for (let hour = 0; hour < hours; hour++) {
    reached += weights[hour]!
    const wanted = hour === hours - 1 ? events : Math.round((events * reached) / total)
    const count = wanted - made
    for (let i = 0; i < count; i++) yield Math.floor(start + (hour + (i + next()) / count) * hourMs)
    made = wanted
  }
}

const machinesWeight = 0.06

function weightOf(ms: number, age: number): number {
  const people = places.reduce((sum, place) => sum + place.share * activityAt(ms, place.offsetHours), 0)
  return (machinesWeight + people) * (0.5 + age)
}

/** Decides what begins next. At night it is the machines' turn, and now and then a stranger's. */
function storyTeller(world: World): (at: number) => Story {
  const { random, people } = world
  let turn = 0
  const nightStory = () => (random.chance(0.03) ? attack(world) : scheduledScans(world))
  return at => {
    const person = personAtWork(random, people, at)
    if (!person) return nightStory()
    const kind = random.next()
    if (kind < 0.26) return signIn(world, person)
    if (kind < 0.4) return triage(world, person)
    if (kind < 0.53) return editTarget(world, person)
    if (kind < 0.57) return personScans(world, person)
    if (kind < 0.62) return pipelineScans(world)
    if (kind < 0.625) return attack(world)
    if (kind < 0.635) return supportVisit(world)
    if (kind < 0.655) return takeOn(world, person)
    if (kind < 0.67) return welcome(world, person)
    if (kind < 0.7) return changeAccess(world, person)
    return oddJob(world, person, turn++)
  }
}

function eventOf(
  { seat, action, targets, outcome, changes, metadata }: Draft,
  at: number,
  id: string,
  requestId: string,
): NewEvent {
  return {
    id,
    source: demoSource,
    occurredAt: formatMoment(at),
    action,
    area: areaOf(action),
    actor: seat.actor,
    targets,
    outcome: outcome ?? 'success',
    changes: changes ?? [],
    context: {
      ip: seat.ip,
      userAgent: seat.userAgent,
      channel: seat.channel,
      requestId: seat.channel === 'background' ? null : requestId,
      sessionId: seat.sessionId,
      location: seat.location,
    },
    metadata: { ...metadata, demo: true },
  }
}
