/** What a story says of one event; the generator gives it its time, its id and everything usual. */
import type { Channel, NewEvent, Outcome } from '../../shared/audit-event.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { Person, Pipeline } from './people.ts'
import { scannerUserAgent } from './people.ts'
import type { Random } from './random.ts'
import type { DemoTarget } from './targets.ts'

export type TargetRef = NewEvent['targets'][number]

/** Where and through what someone acts: the same for all they do in one sitting. */
export interface Seat {
  actor: NewEvent['actor']
  ip: string | null
  userAgent: string | null
  channel: Channel
  sessionId: string | null
  location: string | null
}

export interface Draft {
  seat: Seat
  action: string
  targets: TargetRef[]
  /** Milliseconds until the story wants to go on. */
  pause: number
  outcome?: Outcome
  changes?: NewEvent['changes']
  metadata?: JsonObject
}

/** A course of events that belong together. It is resumed at the time of each, so that it sees the world as it then is. */
export type Story = Generator<Draft, void, void>

export function personSeat(random: Random, person: Person): Seat {
  const isHome = random.chance(0.25)
  return {
    actor: person.actor,
    ip: isHome ? person.homeIp : person.officeIp,
    userAgent: person.userAgent,
    channel: 'web',
    sessionId: random.uuid(),
    location: person.place.location,
  }
}

export function pipelineSeat({ actor, ip, userAgent }: Pipeline): Seat {
  return { actor, ip, userAgent, channel: 'api', sessionId: null, location: null }
}

export function machineSeat(actor: NewEvent['actor']): Seat {
  return { actor, ip: null, userAgent: null, channel: 'background', sessionId: null, location: null }
}

export function agentSeat(actor: NewEvent['actor'], number: number): Seat {
  return {
    actor,
    ip: `198.51.100.${100 + (number % 8)}`,
    userAgent: scannerUserAgent,
    channel: 'background',
    sessionId: null,
    location: null,
  }
}

export function onTarget(target: DemoTarget): TargetRef[] {
  return [target.ref]
}
