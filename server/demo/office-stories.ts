/** Everything else that goes on in a workspace: any action the catalogue knows, on something of its area. */
import type { NewEvent } from '../../shared/audit-event.ts'
import { catalogue } from '../../shared/catalogue.ts'
import { outcomeOf } from '../intake/action-names.ts'
import { personSeat, pipelineSeat, type Seat, type Story, type TargetRef } from './draft.ts'
import type { Person } from './people.ts'
import { personRef } from './people-stories.ts'
import type { Random } from './random.ts'
import { changeTarget } from './target-stories.ts'
import { someTarget, type World } from './world.ts'

/** Things an area is about, by the word its actions begin with. */
const things: Record<string, readonly string[]> = {
  team: ['Web team', 'Platform team', 'Payments team'],
  role: ['Release manager', 'Partner auditor', 'Web team lead'],
  apikey: ['CI pipeline', 'Release gate', 'Ticket sync'],
  collection: ['Public sites', 'PCI scope', 'Legacy'],
  application: ['Web shop', 'Customer portal', 'Back office'],
  asset: ['edge-1.example.com', 'edge-2.example.com', 'cache.example.org'],
  group: ['Public sites', 'Internal tools'],
  scanprofile: ['Full scan', 'Quick scan', 'High risk', 'API scan'],
  scanpolicy: ['Default policy', 'Gentle policy', 'Deep policy'],
  excludedhours: ['Office hours', 'Nights only', 'Release freeze'],
  report: ['Executive summary', 'PCI DSS report', 'Detailed scan report'],
  reportpolicy: ['Default report policy', 'Short report policy'],
  automation: ['New criticals to tickets', 'Weekly digest', 'Alert on-call'],
  integration: ['Issue tracker', 'Chat notifications', 'Build server'],
  agent: ['agent-1.example.org', 'agent-2.example.org', 'agent-3.example.org'],
  agentgroup: ['Europe', 'Americas'],
  apidefinition: ['Orders API', 'Payments API', 'Search API'],
  apiimporter: ['Gateway importer'],
  discovery: ['legacy.example.org', 'old-shop.example.com'],
}

/** What is set in an area, by the word its actions begin with. */
const settings: Record<
  string,
  readonly (readonly [field: string, ...values: (string | number | boolean)[]])[]
> = {
  security: [
    ['Session length (minutes)', 15, 30, 60, 120],
    ['Minimum password length', 10, 12, 14, 16],
    ['Allowed address', '198.51.100.0/24', '203.0.113.0/25', '2001:db8::/48'],
    ['Two-factor authentication required', true, false],
  ],
  settings: [
    ['Scan data kept (days)', 90, 180, 365],
    ['Failures before a schedule stops', 3, 5, 10],
    ['Sender address', 'scans@example.com', 'security@example.com'],
  ],
  sso: [
    ['Exempt users', 0, 1, 2],
    ['Certificate', 'valid until 2026-12-31', 'valid until 2028-12-31'],
  ],
  license: [['Targets in licence', 50, 100, 250, 5000]],
}
const plainSettings = [
  ['Name', 'as before', 'renamed'],
  ['Description', 'none', 'For the quarterly review', 'Kept for the auditors'],
  ['Enabled', true, false],
] as const

const actionsByArea = catalogue.map(area => area.actions.map(([action]) => action))
/** Areas in which people do the odd thing most often come first. */
const areaOrder = actionsByArea.map((_, index) => index).sort((a, b) => ((a * 7) % 22) - ((b * 7) % 22))
const personal = new Set(['user', 'auditlog', 'notification', 'system', 'support', 'organization'])

/** `turn` goes up by one each time, so that the first turns see every area once. */
export function* oddJob(world: World, person: Person, turn: number): Story {
  const { random } = world
  const place = turn < areaOrder.length ? turn : random.zipf(areaOrder.length)
  const actions = actionsByArea[areaOrder[place]!]!
  const action = actions[random.zipf(actions.length)]!
  const seat = seatFor(action, world, person)
  if (/^target\.(updated|tagged|.*_changed)$/.test(action)) {
    yield* changeTarget(world, seat, someTarget(world))
    return
  }
  const changes = isChange(action) ? [changeOf(random, action)] : []
  const metadata = action.startsWith('auditlog.') ? { records: 1 + random.below(2000) } : {}
  const targets = targetsFor(action, world)
  yield {
    seat,
    action,
    targets,
    pause: random.between(20_000, 240_000),
    outcome: outcomeOf(action),
    changes,
    metadata,
  }
}

function isChange(action: string): boolean {
  return /(updated|changed|reset|assigned|renewed)$/.test(action)
}

function seatFor(action: string, world: World, person: Person): Seat {
  if (
    /^(agent\.(offline|registered)|scan\.(queued|completed|failed|schedule_turned_off)|system\.|integration\..*failed)/.test(
      action,
    )
  ) {
    return world.systemSeat
  }
  if (/^(asset|integration)\./.test(action) && world.random.chance(0.3))
    return pipelineSeat(world.pipelines[3]!)
  return personSeat(world.random, person)
}

function targetsFor(action: string, world: World): TargetRef[] {
  const { random } = world
  const kind = action.slice(0, action.indexOf('.'))
  if (kind === 'user') return [personRef(random.pick(world.people))]
  if (personal.has(kind)) return []
  if (kind === 'scan' || kind === 'target' || kind === 'vulnerability') return [someTarget(world).ref]
  const names = things[kind]
  if (!names) return []
  const number = random.below(names.length)
  return [{ type: kind, id: `${kind}-${number + 1}`, name: names[number]! }]
}

function changeOf(random: Random, action: string): NewEvent['changes'][number] {
  const [field, ...values] = random.pick(settings[action.slice(0, action.indexOf('.'))] ?? plainSettings)
  const before = random.below(values.length)
  const after = (before + 1 + random.below(values.length - 1)) % values.length
  return { field, before: values[before]!, after: values[after]! }
}
