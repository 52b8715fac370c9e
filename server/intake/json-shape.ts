/** Reading JSON of others, which may have any shape: what is not as expected counts as absent. */
import type { Json, JsonObject } from '../../shared/json.ts'

/** An object as it is; anything else as one without members. */
export function objectOr(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

/** Text that says something, else null. */
export function textOrNull(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** The object, or null where it has no members. */
export function orNull(object: JsonObject): JsonObject | null {
  return Object.keys(object).length > 0 ? object : null
}

export function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
