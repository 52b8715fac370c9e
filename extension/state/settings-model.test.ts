import { expect, test } from 'vitest'
import { defaultSettings, parseSettings } from './settings-model.ts'

test('what another version or a stranger wrote is taken only as far as it makes sense', () => {
  expect(parseSettings(null)).toEqual(defaultSettings)
  expect(
    parseSettings({ theme: 'neon', density: 'compact', zone: 'Mars/Olympus', shortcuts: 'yes' }),
  ).toEqual({
    ...defaultSettings,
    density: 'compact',
  })
  expect(parseSettings({ zone: 'Asia/Tokyo', hours: '12', shortcuts: false })).toEqual({
    ...defaultSettings,
    zone: 'Asia/Tokyo',
    hours: '12',
    shortcuts: false,
  })
})
