/** The made-up people of the demo workspace, where and when they work, and the machines that work beside them. */
import type { NewEvent } from '../../shared/audit-event.ts'
import type { Random } from './random.ts'

type Actor = NewEvent['actor'] & { id: string }

export interface Person {
  actor: Actor
  place: Place
  officeIp: string
  homeIp: string
  userAgent: string
  role: string
}

export interface Place {
  location: string
  /** Hours from UTC; summer time is left out. */
  offsetHours: number
  share: number
}

export const places: readonly Place[] = [
  { location: 'Hamburg, Germany', offsetHours: 1, share: 0.4 },
  { location: 'Boston, United States', offsetHours: -5, share: 0.3 },
  { location: 'Pune, India', offsetHours: 5.5, share: 0.2 },
  { location: 'Wellington, New Zealand', offsetHours: 12, share: 0.1 },
]

export const roles = ['Owner', 'Administrator', 'Security Manager', 'Security Analyst', 'Viewer'] as const

const firstNames =
  'Amara Bela Cedric Daria Emeka Freja Goran Hana Ilse Jovan Kaia Levent Mirela Nuno Odile Paavo Quirin Rosalind Sefa Tamsin Ugo Vesna Wendel Xenia Yorick Zofia Anouk Bogdan Calla Dorte'.split(
    ' ',
  )
const lastNames =
  'Ashgrove Birkholm Castellane Drummore Elmquist Fairweather Grünthal Holmbeck Ivarsen Juniper Kestrelson Lindholt Marchbanks Nightingale Okonjo Penhallow Quillfeather Rosenvald Sørvang Thistlewood Umberlake Vandermoor Winterbourne Yarrowby Zellweger-Ash'.split(
    ' ',
  )

const userAgents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
]

export const scannerUserAgent = 'scan-agent/25.11 (linux)'
const pipelineUserAgent = 'curl/8.11.0'

/** The first is the owner; the few after them hold the other roles that decide. */
export function createPeople(random: Random, count: number): Person[] {
  return Array.from({ length: count }, (_, index) => createPerson(random, index))
}

function createPerson(random: Random, index: number): Person {
  // 30 and 25 names give 150 pairs this way before they repeat, and 750 with the shift.
  const first = firstNames[index % firstNames.length]!
  const last = lastNames[(index * 7 + Math.floor(index / 150)) % lastNames.length]!
  const round = Math.floor(index / 750)
  const place = placeOf(random)
  const isContractor = index > 5 && random.chance(0.15)
  const address = `${plain(first)}.${plain(last)}${round > 0 ? round + 1 : ''}@example.${isContractor ? 'org' : 'com'}`
  return {
    actor: { type: 'user', id: random.uuid(), name: `${first} ${last}`, email: address, onBehalfOf: null },
    place,
    officeIp: `198.51.100.${10 + places.indexOf(place)}`,
    homeIp: random.chance(0.3)
      ? `2001:db8:${(index + 16).toString(16)}::${random.below(250) + 2}`
      : `203.0.113.${random.below(250) + 2}`,
    userAgent: random.pick(userAgents),
    role: roles[index] ?? (random.chance(0.7) ? 'Security Analyst' : 'Viewer'),
  }
}

function placeOf(random: Random): Place {
  let rest = random.next()
  for (const place of places) {
    rest -= place.share
    if (rest < 0) return place
  }
  return places[0]!
}

function plain(name: string): string {
  return name.toLowerCase().replace('ü', 'ue').replace('ø', 'oe')
}

/** How busy people are at that moment where they are: 0 asleep, 1 at the height of a working day. */
export function activityAt(ms: number, offsetHours: number): number {
  const local = new Date(ms + offsetHours * 3_600_000)
  const weekday = local.getUTCDay()
  const hour = local.getUTCHours()
  const isWeekend = weekday === 0 || weekday === 6
  if (isWeekend) return hour >= 9 && hour < 20 ? 0.03 : 0
  if (hour < 7 || hour >= 20) return 0.01
  if (hour < 9 || hour >= 17) return 0.35
  return hour === 12 ? 0.6 : 1
}

/** Someone likely to be at work then; the busiest people come up most. Null when everyone sleeps. */
export function personAtWork(random: Random, people: readonly Person[], ms: number): Person | null {
  for (let tries = 0; tries < 12; tries++) {
    const person = people[random.zipf(people.length)]!
    if (random.chance(activityAt(ms, person.place.offsetHours))) return person
  }
  return null
}

export const scheduler: Actor = machine('service', 'scan-scheduler', 'Scan scheduler')
export const scanEngine: Actor = machine('service', 'scan-engine', 'Scan engine')
export const system: Actor = machine('system', 'system', 'System')

export interface Pipeline {
  actor: Actor
  ip: string
  userAgent: string
}

/** API keys, as build pipelines use them. */
export function createPipelines(random: Random): Pipeline[] {
  return ['CI pipeline', 'Release gate', 'Ticket sync', 'Inventory sync'].map((name, index) => ({
    actor: machine('api_key', random.uuid(), name),
    ip: `203.0.113.${200 + index}`,
    userAgent: pipelineUserAgent,
  }))
}

/** Vendor support: acts as a customer's user, and stays visible behind them. */
export function createSupporter(random: Random): Actor {
  return {
    type: 'user',
    id: random.uuid(),
    name: 'Support Engineer 7',
    email: 'support-7@example.org',
    onBehalfOf: null,
  }
}

function machine(type: Actor['type'], id: string, name: string): Actor {
  return { type, id, name, email: null, onBehalfOf: null }
}
