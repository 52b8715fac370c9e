import { expect, test } from 'vitest'
import type { AuditEvent } from '../../shared/audit-event.ts'
import { createEventTexts } from './event-texts.ts'
import type { RemovalWitness } from './removals.ts'

function open(most?: number) {
  let name: string | null = 'Zoë'
  const reads: number[][] = []
  const listeners: (() => unknown)[] = []
  const witnesses: RemovalWitness[] = []
  const { texts } = createEventTexts({
    ...(most === undefined ? {} : { most }),
    reader: {
      async events(indexes, { personal }) {
        reads.push([...indexes])
        const seen = personal ? name : null
        await Promise.resolve()
        return indexes
          .filter(index => index < 100)
          .map(index => ({ index, actor: { name: seen } }) as AuditEvent)
      },
    },
    removals: {
      onErased: listener => {
        listeners.push(() => listener([]))
        return () => {}
      },
      onPruned: () => () => {},
      onRemoval: witness => {
        witnesses.push(witness)
        return () => {}
      },
    },
  })
  const named = async (indexes: number[], personal = true) =>
    (await texts(indexes, { personal })).map(text => (JSON.parse(text) as AuditEvent).actor.name)
  const erase = () => {
    for (const witness of witnesses) witness.begin()
    name = null
    for (const listener of listeners) listener()
  }
  return { texts, named, erase, reads }
}

test('answers in the order asked, leaves out what there is not, and reads each event once', async () => {
  const { texts, reads } = open()
  const asked = async (indexes: number[]) =>
    (await texts(indexes, { personal: true })).map(text => (JSON.parse(text) as AuditEvent).index)
  expect(await asked([5, 3, 500, 4])).toEqual([5, 3, 4])
  expect(await asked([4, 6, 5])).toEqual([4, 6, 5])
  expect(reads).toEqual([[5, 3, 500, 4], [6]])
})

test('what one scope was answered is no answer for the other', async () => {
  const { named } = open()
  expect(await named([1])).toEqual(['Zoë'])
  expect(await named([1], false)).toEqual([null])
  expect(await named([1])).toEqual(['Zoë'])
})

test('what was erased is not remembered, not even by a read that began before', async () => {
  const { named, erase } = open()
  await named([1])
  const under = named([2])
  erase()
  await under
  expect(await named([1, 2])).toEqual([null, null])
})

test('remembers no more than it may', async () => {
  const { texts, reads } = open(2 * 40 * 3)
  for (const index of [1, 2, 3, 4, 5, 6, 7, 8]) await texts([index], { personal: true })
  await texts([8], { personal: true })
  await texts([1], { personal: true })
  expect(reads.slice(8)).toEqual([[1]])
})
