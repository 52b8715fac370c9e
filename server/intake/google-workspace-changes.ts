/** Before and after, from the parameters in which Google's applications write them. */
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { Json, JsonObject } from '../../shared/json.ts'
import { textOrNull } from './json-shape.ts'

type ChangeInput = NonNullable<NewEventInput['changes']>[number]

/** What an event changes, where its parameters do not say it by name. */
const fieldOfAction: Record<string, string> = {
  rename: 'doc_title',
  rename_user: 'USER_EMAIL',
  change_user_access: 'user_access',
  change_acl_editors: 'editors',
  change_document_visibility: 'visibility',
  change_document_access_scope: 'access_scope',
  change_first_name: 'first_name',
  change_last_name: 'last_name',
  user_license_assignment: 'license',
  user_license_revoke: 'license',
  change_calendar_timezone: 'calendar_timezone',
}

export function changesOf(action: string, parameters: JsonObject): ChangeInput[] {
  const field = textOrNull(parameters.SETTING_NAME) ?? fieldOfAction[action] ?? action
  const before = parameters.OLD_VALUE ?? parameters.old_value
  const after = parameters.NEW_VALUE ?? parameters.new_value
  const changes: ChangeInput[] = []
  if (action === 'rename_user' && before === undefined) {
    changes.push({ field, before: parameters.USER_EMAIL ?? null, after: after ?? null })
  } else if (before !== undefined || after !== undefined) {
    changes.push({ field, before: single(before), after: single(after) })
  }
  const { old_visibility: oldVisibility, visibility } = parameters
  const changed = textOrNull(parameters.visibility_change)
  if (oldVisibility !== undefined && changed !== null && changed !== 'none' && field !== 'visibility') {
    changes.push({ field: 'visibility', before: oldVisibility, after: visibility ?? null })
  }
  return changes
}

/** A list of one is that one: Drive writes every value as a list. */
function single(value: Json | undefined): Json {
  if (value === undefined) return null
  return Array.isArray(value) && value.length === 1 ? value[0]! : value
}
