/** What an activity was done to: documents, people, groups, calendars and whatever else its parameters name. */
import { maxTargets, type NewEventInput } from '../../shared/audit-event.ts'
import type { Json, JsonObject } from '../../shared/json.ts'
import { boundedId } from './bounded-id.ts'
import { textOrNull } from './json-shape.ts'

type TargetInput = NonNullable<NewEventInput['targets']>[number]

/** Parameter, the type it names, and the parameter that holds its name. First comes what was acted on first of all. */
const parameterTargets: readonly (readonly [parameter: string, type: string, name?: string])[] = [
  ['doc_id', 'document', 'doc_title'],
  ['destination_folder_id', 'folder', 'destination_folder_title'],
  ['target_user', 'user'],
  ['USER_EMAIL', 'user'],
  ['member_id', 'user'],
  ['GROUP_EMAIL', 'group'],
  ['group_id', 'group'],
  ['calendar_id', 'calendar'],
  ['target_calendar_id', 'calendar'],
  ['event_id', 'calendar-event', 'event_title'],
  ['ALERT_ID', 'alert'],
  ['ROLE_NAME', 'role'],
  ['API_CLIENT_NAME', 'api-client'],
  ['APPLICATION_NAME', 'application'],
  ['ORG_UNIT_NAME', 'organizational-unit'],
  ['DOMAIN_NAME', 'domain'],
  ['PRODUCT_NAME', 'product'],
  ['DEVICE_ID', 'device'],
  ['storage_entity_id', 'storage'],
  ['email_forwarding_destination_address', 'address'],
]

export function targetsOf(application: string, parameters: JsonObject): TargetInput[] {
  const targets = new Map<string, TargetInput>()
  for (const [parameter, plainType, nameParameter] of parameterTargets) {
    const ids = texts(parameters[parameter])
    const names = nameParameter ? texts(parameters[nameParameter]) : []
    const type = typeOf(application, parameter, plainType, parameters)
    ids.forEach((reference, index) => {
      const id = boundedId(reference)!
      const key = `${type}:${id}`
      if (targets.size >= maxTargets || targets.has(key)) return
      targets.set(key, { type, id, name: names[index] ?? (id === reference ? null : reference) })
    })
  }
  return [...targets.values()]
}

/** A folder is a document to Drive; a member may be a group. */
function typeOf(application: string, parameter: string, type: string, parameters: JsonObject): string {
  if (application === 'drive' && parameter === 'doc_id' && parameters.doc_type === 'folder') return 'folder'
  if (parameter === 'member_id' && parameters.member_type === 'group') return 'group'
  return type
}

function texts(value: Json | undefined): string[] {
  const values = Array.isArray(value) ? value : [value ?? null]
  return values.map(textOrNull).filter(text => text !== null)
}
