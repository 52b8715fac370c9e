import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createNoticeModel } from './notice-model.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const texts = (model: ReturnType<typeof createNoticeModel>) => model.notices.value.map(({ text }) => text)

test('the same words again replace those before', () => {
  const model = createNoticeModel()
  const second = () => {}
  model.show('Filters cleared', { action: { label: 'Undo', run: () => {} } })
  model.show('Copied')
  model.show('Filters cleared', { action: { label: 'Undo', run: second } })
  expect(texts(model)).toEqual(['Copied', 'Filters cleared'])
  expect(model.notices.value[1]!.action!.run).toBe(second)
})

test('at most three notices stand at once, and they go by themselves', () => {
  const model = createNoticeModel()
  for (const text of ['one', 'two', 'three', 'four']) model.show(text)
  expect(texts(model)).toEqual(['two', 'three', 'four'])
  vi.runAllTimers()
  expect(texts(model)).toEqual([])
})

test('nothing is left over for the next person', () => {
  const model = createNoticeModel()
  model.show('Filters cleared')
  model.clear()
  expect(texts(model)).toEqual([])
})
