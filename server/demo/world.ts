/** The demo workspace as it stands at a moment: who and what is in it. Stories change it as they go. */

import type { NewEvent } from '../../shared/audit-event.ts'
import { agentSeat, machineSeat, type Seat } from './draft.ts'
import {
  createPeople,
  createPipelines,
  createSupporter,
  type Person,
  type Pipeline,
  scanEngine,
  scheduler,
  system,
} from './people.ts'
import type { Random } from './random.ts'
import { createTargets, type DemoTarget } from './targets.ts'

export interface World {
  random: Random
  people: Person[]
  pipelines: Pipeline[]
  supporter: NewEvent['actor'] & { id: string }
  targets: DemoTarget[]
  schedulerSeat: Seat
  engineSeats: Seat[]
  systemSeat: Seat
  permissionsOfRole: Map<string, string[]>
}

const startingPermissions: Record<string, string[]> = {
  'Release manager': ['Scans: Read', 'Targets: Read', 'Vulnerabilities: Read'],
  'Partner auditor': ['Audit Logs: Read', 'Vulnerabilities: Read'],
  'Web team lead': ['Targets: Full', 'Scans: Full', 'Vulnerabilities: Full'],
}

export function createWorld(random: Random, size: { users: number; targets: number }): World {
  return {
    random,
    people: createPeople(random, Math.max(2, size.users)),
    pipelines: createPipelines(random),
    supporter: createSupporter(random),
    targets: createTargets(random, Math.max(1, size.targets)),
    schedulerSeat: machineSeat(scheduler),
    engineSeats: Array.from({ length: 8 }, (_, index) => agentSeat(scanEngine, index)),
    systemSeat: machineSeat(system),
    permissionsOfRole: new Map(Object.entries(startingPermissions)),
  }
}

/** The busiest targets come up most. */
export function someTarget({ random, targets }: World): DemoTarget {
  return targets[random.zipf(targets.length)]!
}
