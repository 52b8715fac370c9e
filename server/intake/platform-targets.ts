/** What a record of the platform was done to: target columns, and every `somethingId` with its `somethingName`. */
import { maxTargets, type NewEventInput } from '../../shared/audit-event.ts'
import type { JsonObject } from '../../shared/json.ts'
import { boundedId } from './bounded-id.ts'
import { foldName, type RecordReader } from './columns.ts'

type TargetInput = NonNullable<NewEventInput['targets']>[number]

/** Ids that say who, where or in which request, not on what. */
const notTargets =
  /^(user|actor|organization|organisation|account|tenant|customer|request|session|trace|correlation|parent|event|audit|audit-?log|performed-?by)$/

/** Columns are read; ids among the details are pointed out as targets and stay in the metadata too. */
export function targetsOf(reader: RecordReader, details: RecordReader | null): TargetInput[] {
  const targets = new Map<string, TargetInput>()
  const add = (target: TargetInput | null) => {
    if (target && targets.size < maxTargets) targets.set(`${target.type}:${target.id}`, target)
  }
  add(namedTarget(reader))
  if (details) add(namedTarget(details))
  for (const target of idTargets(reader.rest())) add(target)
  if (details) for (const target of idTargets(details.rest())) add(target)
  return [...targets.values()]
}

function namedTarget(reader: RecordReader): TargetInput | null {
  const name = reader.text('targetName')
  const id = boundedId(reader.text('targetId') ?? name)
  if (id === null) return null
  const type = reader.text('targetType')
  return { type: type === null ? 'target' : kebab(type).slice(0, 128) || 'target', id, name }
}

function* idTargets(record: JsonObject): Generator<TargetInput> {
  for (const [name, value] of Object.entries(record)) {
    const stem = /^(.{2,60}?)[ _-]?(?:Id|ID|id)$/.exec(name)?.[1]
    if (!stem || (typeof value !== 'string' && typeof value !== 'number') || value === '') continue
    const type = kebab(stem)
    if (!type || notTargets.test(type)) continue
    yield { type, id: boundedId(String(value))!, name: nameBeside(record, stem) }
  }
}

function nameBeside(record: JsonObject, stem: string): string | null {
  const wanted = [foldName(`${stem}Name`), foldName(`${stem}Url`), foldName(stem)]
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'string' && value !== '' && wanted.includes(foldName(name))) return value
  }
  return null
}

/** `ScanProfile` and `scan profile` as `scan-profile`. */
export function kebab(words: string): string {
  const parts = words
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
  return (parts ?? []).join('-')
}
