/** Reading a page of somebody else's list, whose names may change. */
import type { Json, JsonObject } from '../../shared/json.ts'
import { isObject } from '../intake/json-shape.ts'

/** The objects of the first of these lists that is there; null where none is. What is no object in it is kept as one. */
export function listIn(answer: JsonObject, names: readonly string[]): JsonObject[] | null {
  const list = names.map(name => answer[name]).find(Array.isArray) as Json[] | undefined
  return list?.map(item => (isObject(item) ? item : { item })) ?? null
}

export function wholeNumber(value: Json | undefined): number | null {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null
}
