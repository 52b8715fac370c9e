import { describe, expect, test } from 'vitest'
import { isInRange, parseAddress, parseAddressRange } from '../../shared/address.ts'
import { NewEvent } from '../../shared/audit-event.ts'
import { catalogue } from '../../shared/catalogue.ts'
import { createNormalise } from '../intake/normalise.ts'
import { defaultDemo, generateDemo } from './generate.ts'

const now = Date.parse('2026-03-04T15:20:00Z')
const events = [...generateDemo({ ...defaultDemo, now })]
const since = (days: number) =>
  events.filter(event => Date.parse(event.occurredAt) >= now - days * 86_400_000).length
const known = new Set(catalogue.flatMap(area => area.actions.map(([action]) => action)))

describe('the demo workspace', () => {
  test('is the same every time for one seed, and another for another', () => {
    expect([...generateDemo({ ...defaultDemo, now })]).toEqual(events)
    const [other] = generateDemo({ ...defaultDemo, seed: 1, now })
    expect(other).not.toEqual(events[0])
  })

  test('has as many events as promised, and enough of them lately', () => {
    expect(events).toHaveLength(defaultDemo.events)
    expect(since(120)).toBe(defaultDemo.events)
    expect(since(90)).toBeGreaterThan(2000)
    expect(since(30)).toBeGreaterThan(1000)
    expect(new Set(events.map(event => event.id)).size).toBe(events.length)
  })

  test('runs forward in time and never into the future', () => {
    for (let i = 1; i < events.length; i++)
      expect(events[i]!.occurredAt >= events[i - 1]!.occurredAt).toBe(true)
    expect(Date.parse(events.at(-1)!.occurredAt)).toBeLessThanOrEqual(now)
  })

  test.each([193, 1, 2, 3, 4, 5])('covers every area, with actions of the catalogue only (seed %i)', seed => {
    const made = [...generateDemo({ ...defaultDemo, seed, now })]
    expect(new Set(made.map(event => event.area))).toEqual(new Set(catalogue.map(area => area.id)))
    expect(made.filter(event => !known.has(event.action))).toEqual([])
  })

  test('covers every action once it is large', () => {
    const actions = new Set<string>()
    for (const event of generateDemo({ seed: 4, events: 200_000, users: 500, targets: 5000, days: 730, now }))
      actions.add(event.action)
    expect(actions).toEqual(known)
  })

  test('is marked as demo throughout, and passes the gate', () => {
    const normalise = createNormalise(new Uint8Array(32))
    for (const event of events) {
      expect(event.source).toBe('demo')
      expect(event.metadata.demo).toBe(true)
      expect(NewEvent.parse(event)).toEqual(event)
      expect(normalise(event)).toEqual({ ok: true, event })
    }
  })

  test('names no real place on the network', () => {
    const ranges = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'].map(
      text => parseAddressRange(text)!,
    )
    const addresses = new Set(events.flatMap(event => event.context.ip ?? []))
    for (const ip of addresses) expect(ranges.some(range => isInRange(parseAddress(ip)!, range))).toBe(true)
    const text = JSON.stringify(events)
    for (const [, domain] of text.matchAll(/@([\w.-]+)/g)) expect(domain).toMatch(/^example\.(com|org)$/)
    for (const [, host] of text.matchAll(/https?:\/\/([^/"]+)/g))
      expect(host).toMatch(/(^|\.)example\.(com|org)$/)
  })

  test('is uneven as real logs are: a few people and targets do most, mostly on working days', () => {
    const people = counts(events.filter(event => event.actor.type === 'user').map(event => event.actor.name!))
    expect(people.length).toBeGreaterThanOrEqual(20)
    expect(people[0]!).toBeGreaterThan(5 * people.at(-1)!)
    const targets = counts(
      events.flatMap(event => event.targets.filter(each => each.type === 'target').map(each => each.id)),
    )
    expect(targets.length).toBeGreaterThan(35)
    expect(targets[0]!).toBeGreaterThan(5 * targets.at(-1)!)
    const weekend = events.filter(
      event => event.actor.type === 'user' && [0, 6].includes(new Date(event.occurredAt).getUTCDay()),
    )
    expect(weekend.length).toBeLessThan(events.length / 10)
  })

  test('answers who changed a target: each value before is the value after the last change', () => {
    const current = new Map<string, unknown>()
    let followed = 0
    for (const event of events) {
      const target = event.targets[0]
      if (target?.type !== 'target' || !['target.updated', 'target.tagged'].includes(event.action)) continue
      for (const { field, before, after } of event.changes) {
        if (!field.match(/criticality|profile|contact|hosts|authentication|sequence/)) continue
        const key = `${target.id} ${field}`
        if (current.has(key)) {
          expect(before).toEqual(current.get(key))
          followed++
        }
        expect(after).not.toEqual(before)
        current.set(key, after)
      }
    }
    expect(followed).toBeGreaterThan(20)
  })

  test('holds what analysts look for', () => {
    expect(events.some(event => event.actor.onBehalfOf !== null)).toBe(true)
    expect(events.some(event => event.actor.type === 'api_key')).toBe(true)
    expect(events.some(event => event.outcome === 'denied')).toBe(true)
    expect(
      events.filter(event => event.action === 'user.login_failed' && event.context.ip?.startsWith('192.0.2.'))
        .length,
    ).toBeGreaterThan(10)
    expect(
      events.some(event => event.action === 'role.permissions_changed' && event.changes.length > 0),
    ).toBe(true)
  })
})

function counts(names: readonly string[]): number[] {
  const tally = new Map<string, number>()
  for (const name of names) tally.set(name, (tally.get(name) ?? 0) + 1)
  return [...tally.values()].sort((a, b) => b - a)
}
