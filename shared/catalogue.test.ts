import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sharedFolder } from '../test/support/shared-folder.ts'
import { actionLabel, areaLabel, areaOf, catalogue, ownActions } from './catalogue.ts'

const actions = catalogue.flatMap(area => area.actions.map(([action]) => action))

test('names 193 actions in 22 areas, each once', () => {
  expect(catalogue).toHaveLength(22)
  expect(actions).toHaveLength(193)
  expect(new Set(actions).size).toBe(193)
  expect(new Set(catalogue.map(area => area.id)).size).toBe(22)
  expect(new Set(catalogue.map(area => area.label)).size).toBe(22)
})

const folder = sharedFolder()

test.skipIf(folder === null)('is the published catalogue, word by word', () => {
  interface Published {
    area: string
    action: string
    label: string
  }
  const text = readFileSync(join(folder!, 'reference/event-catalogue.json'), 'utf8')
  const published = (JSON.parse(text) as Published[]).map(({ area, action, label }) => [area, action, label])
  const ours = catalogue.flatMap(area => area.actions.map(([action, label]) => [area.label, action, label]))
  expect(ours.toSorted()).toEqual(published.toSorted())
})

describe('labels', () => {
  test('of known actions and areas are the catalogue’s', () => {
    expect(actionLabel('user.login')).toBe('User logged in')
    expect(areaLabel('organization-licence')).toBe('Organization & licence')
  })

  test.each([
    ['scan.paused_twice', 'Scan paused twice'],
    ['GetBucketLogging', 'GetBucketLogging'],
    ['iam.GetUser', 'GetUser'],
    ['login', 'Login'],
    ['', ''],
    ['...', '...'],
    ['a.', 'A'],
  ])('of the unknown action "%s" is "%s"', (action, label) => {
    expect(actionLabel(action)).toBe(label)
  })
})

describe('areas', () => {
  test('every action belongs to the area that lists it', () => {
    for (const area of catalogue) for (const [action] of area.actions) expect(areaOf(action)).toBe(area.id)
    for (const [action] of ownActions) expect(areaOf(action)).toBe('audit-log')
  })

  test('an unknown action belongs to its first word', () => {
    expect(areaOf('rocket.launched')).toBe('rocket')
    expect(areaOf('.odd')).toBe('other')
  })

  test('our own actions are not the platform’s', () => {
    for (const [action] of ownActions) expect(actions).not.toContain(action)
  })
})
