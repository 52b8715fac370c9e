import { signal } from '@preact/signals'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Filter } from '../../shared/filter.ts'
import { FakeLog } from '../../test/support/panel/fake-log.ts'
import { generateEvents } from '../../test/support/panel/generated-events.ts'
import type { View } from '../worker/protocol.ts'
import { createHistogramModel } from './histogram-model.ts'
import { defaultSettings } from './settings-model.ts'

const until = Date.parse('2026-11-24T13:42:10.000Z')
const only = (...values: string[]) => ({ include: values, exclude: [] })

function follow(log: FakeLog) {
  const question = signal<View | null>(null)
  const status = signal(log.status)
  const settings = signal(defaultSettings)
  const zone = signal('UTC')
  const model = createHistogramModel({
    log,
    list: { question },
    sync: { status },
    settings: { settings, zone },
  })
  const stop = model.follow()
  const ask = (filter: Filter) => {
    question.value = { filter, size: log.events.length }
  }
  return { model, question, status, settings, zone, ask, stop }
}

/** Holds back answers until they are let go, in any order. */
function holdBack(log: FakeLog): (() => void)[] {
  const held: (() => void)[] = []
  const call = log.call.bind(log)
  log.call = async (name, ...args) => {
    const answer = await call(name, ...args)
    await new Promise<void>(go => held.push(go))
    return answer
  }
  return held
}

const events = generateEvents({ count: 400, until, days: 30 })
const shown = ({ picture }: ReturnType<typeof follow>['model']) => picture.value?.view.filter
const total = ({ picture }: ReturnType<typeof follow>['model']) =>
  picture.value?.overview?.series.flatMap(({ counts }) => counts).reduce((a, b) => a + b, 0)
const turn = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('each question is drawn, and without one nothing is', async () => {
  const { model, ask, question, stop } = follow(new FakeLog(events))
  expect(model.picture.value).toBeNull()
  ask({})
  await turn()
  expect(total(model)).toBe(400)
  ask({ outcome: only('failure') })
  await turn()
  expect(total(model)).toBe(events.filter(({ outcome }) => outcome === 'failure').length)
  question.value = null
  expect(model.picture.value).toBeNull()
  stop()
})

test('of filters in quick succession the last one stays, whichever answer comes last', async () => {
  const log = new FakeLog(events)
  const held = holdBack(log)
  const { model, ask, stop } = follow(log)
  const first = { area: only('scans') }
  const last = { area: only('targets') }
  ask(first)
  ask(last)
  await turn()
  held[1]!()
  await turn()
  expect(shown(model)).toBe(last)
  held[0]!()
  await turn()
  expect(shown(model)).toBe(last)
  stop()
})

test('another zone or another way to divide draws anew', async () => {
  const { model, ask, zone, settings, stop } = follow(new FakeLog(events))
  ask({})
  await turn()
  zone.value = 'Asia/Kolkata'
  await turn()
  expect(model.picture.value!.overview!.buckets.starts[0]! % 3_600_000).toBe(1_800_000)
  settings.value = { ...defaultSettings, stack: 'area' }
  await turn()
  expect(model.picture.value!.overview!.series.map(({ value }) => value)).toContain('scans')
  stop()
})

test('events that were erased or arrived are in the next picture', async () => {
  const log = new FakeLog(events)
  const { model, ask, stop } = follow(log)
  ask({ actor: only('u-01') })
  await turn()
  const before = total(model)!
  const erased = events.find(({ actor }) => actor.id === 'u-01')!
  log.index.replace([{ ...erased, actor: { ...erased.actor, id: 'erased' } }])
  ask({ actor: only('u-01') })
  await turn()
  expect(total(model)).toBe(before - 1)
  log.add([{ ...erased, id: 'new', index: 400 }])
  ask({ actor: only('u-01') })
  await turn()
  expect(total(model)).toBe(before)
  stop()
})

test('what is held is drawn at once, and completed by the server when typing rests', async () => {
  const log = new FakeLog(events)
  log.exact = false
  log.gaps = [{ from: null, to: until - 86_400_000 }]
  const { model, ask, stop } = follow(log)
  const asked = () => log.calls.filter(({ name }) => name === 'wholeOverview').length
  ask({ text: only('a') })
  await turn()
  expect(model.picture.value!.overview).toMatchObject({ source: 'local', exact: false, gaps: log.gaps })
  ask({ text: only('ac') })
  await turn()
  expect(asked()).toBe(0)
  await vi.advanceTimersByTimeAsync(250)
  expect(asked()).toBe(1)
  expect(model.picture.value!.overview).toMatchObject({ source: 'server', exact: true, gaps: [] })
  expect(model.since.value).toBe(model.picture.value!.overview!.buckets.starts[0])
  stop()
})

test('the same question again, while more arrives, does not fall back to the part that is held', async () => {
  const log = new FakeLog(events)
  log.exact = false
  const { model, ask, stop } = follow(log)
  const filter = {}
  ask(filter)
  await vi.advanceTimersByTimeAsync(250)
  expect(model.picture.value!.overview!.source).toBe('server')
  ask(filter)
  await turn()
  expect(model.picture.value!.overview!.source).toBe('server')
  stop()
})

test('offline the server is not asked, and the picture says what it lacks', async () => {
  const log = new FakeLog(events)
  log.exact = false
  log.gaps = [{ from: null, to: until - 86_400_000 }]
  const { model, ask, status, stop } = follow(log)
  status.value = { ...status.value, phase: 'offline' }
  ask({})
  await vi.advanceTimersByTimeAsync(5_000)
  expect(log.calls.map(({ name }) => name)).toEqual(['overview'])
  expect(model.picture.value!.overview!.gaps).toEqual(log.gaps)
  stop()
})

test('a failure takes the picture away and is told; a server that fails leaves what is held', async () => {
  const log = new FakeLog(events)
  const failure = { kind: 'failed', code: 'internal', detail: 'No' } as const
  const { model, ask, stop } = follow(log)
  log.exact = false
  log.failures.set('wholeOverview', failure)
  ask({})
  await vi.advanceTimersByTimeAsync(250)
  expect(model.picture.value!.overview!.source).toBe('local')
  log.failures.set('overview', failure)
  ask({})
  await turn()
  expect(model.picture.value).toBeNull()
  expect(model.failure.value).toEqual(failure)
  stop()
})
