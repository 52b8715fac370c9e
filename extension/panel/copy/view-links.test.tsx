import { afterEach, expect, test } from 'vitest'
import { createTestPanel } from '../../../test/support/panel/render-panel.tsx'

let end = () => {}
afterEach(() => end())

async function openPanel() {
  const made = createTestPanel()
  end = made.panel.start()
  await expect.poll(() => made.panel.sync.opened.value).toBe(true)
  return made.panel
}

test('a link opens the same view and event in another panel; dates that move go on moving', async () => {
  const sender = await openPanel()
  sender.filter.include('actor', 'u-01')
  sender.filter.exclude('text', 'a & b # c')
  sender.filter.choosePreset('7d')
  const link = sender.links.linkTo(sender.filter.written(), 12)!
  expect(new URL(link).pathname).toBe('/open')
  expect(new URL(link).search).toBe('')
  const asked = sender.filter.filter.value
  end()
  const receiver = await openPanel()
  receiver.filter.include('area', 'scans')
  receiver.navigation.go('settings')
  expect(receiver.links.open(link)).toEqual({ name: 'opened' })
  expect(receiver.filter.filter.value).toEqual(asked)
  expect(receiver.filter.dates.value).toEqual({ kind: 'preset', preset: '7d' })
  expect(receiver.navigation.view.value).toBe('log')
  await expect.poll(() => receiver.detail.state.value).toMatchObject({ name: 'open', index: 12 })
})

test('a link of another server, one that cannot be read, and no link leave everything as it is', async () => {
  const { links, filter } = await openPanel()
  filter.include('area', 'scans')
  const before = filter.filter.value
  expect(links.open('https://elsewhere.example/open#area=users')).toEqual({
    ...{ name: 'foreign', origin: 'https://elsewhere.example' },
  })
  const own = links.linkTo({ filter: {} })!
  expect(links.open(`${own}outcome=perhaps`)).toEqual({ name: 'broken' })
  expect(links.open('area:users')).toEqual({ name: 'none' })
  expect(filter.filter.value).toEqual(before)
})
