/**
 * The filter: which events are asked for. One meaning (`matches`), one text form (URL parameters),
 * used by the routes, the event index, the panel's address and the export manifest.
 */
import * as z from 'zod/mini'
import type { Scope } from './access.ts'
import { isInRange, parseAddress, parseAddressRange } from './address.ts'
import { type AuditEvent, targetKey } from './audit-event.ts'
import { foldPhrase, searchTextOf } from './search-text.ts'
import { parseMoment } from './time.ts'

/** The multi-valued parts. A part holds where any `include` value fits (or none is named) and no `exclude` value does. */
export const filterParts = [
  'action',
  'area',
  'actor',
  'target',
  'outcome',
  'channel',
  'ip',
  'changed',
  'text',
] as const
export type FilterPart = (typeof filterParts)[number]

export const Values = z.object({ include: z.array(z.string()), exclude: z.array(z.string()) })
export type Values = z.infer<typeof Values>

/**
 * `action`, `area`, `outcome`, `channel`: their keys. `actor`: actor ids. `target`: target keys (`type:id`).
 * `ip`: addresses or CIDR ranges. `changed`: names of fields that the event changed. `text`: phrases, each to be found somewhere (all of `include`, none of `exclude`).
 * `from` belongs to the range, `to` does not.
 */
export const Filter = z.object({
  action: z.optional(Values),
  area: z.optional(Values),
  actor: z.optional(Values),
  target: z.optional(Values),
  outcome: z.optional(Values),
  channel: z.optional(Values),
  ip: z.optional(Values),
  changed: z.optional(Values),
  text: z.optional(Values),
  from: z.optional(z.string()),
  to: z.optional(z.string()),
})
export type Filter = z.infer<typeof Filter>

/** The plain definition, by which the event index is tested. */
export function matches(filter: Filter, event: AuditEvent, scope: Scope): boolean {
  if (filter.from !== undefined && event.occurredAt < filter.from) return false
  if (filter.to !== undefined && event.occurredAt >= filter.to) return false
  return (
    fits(filter.action, value => value === event.action) &&
    fits(filter.area, value => value === event.area) &&
    fits(filter.actor, value => value === event.actor.id) &&
    fits(filter.target, value => event.targets.some(target => targetKey(target) === value)) &&
    fits(filter.outcome, value => value === event.outcome) &&
    fits(filter.channel, value => value === event.context.channel) &&
    fits(filter.ip, value => scope.personal && addressFits(value, event.context.ip)) &&
    fits(filter.changed, value => event.changes.some(({ field }) => field === value)) &&
    holdsText(filter.text, event, scope)
  )
}

function fits(values: Values | undefined, test: (value: string) => boolean): boolean {
  if (!values) return true
  return (values.include.length === 0 || values.include.some(test)) && !values.exclude.some(test)
}

/** Whether the address in an event lies in the range that a filter names. Equal text fits even where it is no address. */
export function addressFits(value: string, ip: string | null): boolean {
  if (ip === null) return false
  if (value === ip) return true
  const range = parseAddressRange(value)
  const address = range && parseAddress(ip)
  return Boolean(range && address && isInRange(address, range))
}

function holdsText(values: Values | undefined, event: AuditEvent, scope: Scope): boolean {
  if (!values) return true
  const text = searchTextOf(event, scope)
  const holds = (phrase: string) => text.includes(foldPhrase(phrase))
  return values.include.every(holds) && !values.exclude.some(holds)
}

export class FilterError extends Error {
  override name = 'FilterError'
  constructor(
    readonly parameter: string,
    message: string,
  ) {
    super(message)
  }
}

const parameterOf: Record<FilterPart, string> = {
  action: 'action',
  area: 'area',
  actor: 'actor',
  target: 'target',
  outcome: 'outcome',
  channel: 'channel',
  ip: 'ip',
  changed: 'changed',
  text: 'q',
}

/** The filter as URL parameters: `action=…` repeated, `not.action=…` for what is left out, `from`, `to`, `q`. */
export function formatFilter(filter: Filter): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const part of filterParts) {
    for (const value of filter[part]?.include ?? []) parameters.append(parameterOf[part], value)
    for (const value of filter[part]?.exclude ?? []) parameters.append(`not.${parameterOf[part]}`, value)
  }
  if (filter.from !== undefined) parameters.set('from', filter.from)
  if (filter.to !== undefined) parameters.set('to', filter.to)
  return parameters
}

/**
 * Reads what `formatFilter` writes; other parameters are left alone.
 * @throws {FilterError} naming the parameter whose value is no time, no address or no known choice.
 */
export function parseFilter(parameters: URLSearchParams): Filter {
  const filter: Filter = {}
  for (const part of filterParts) {
    const include = checked(part, parameters.getAll(parameterOf[part]))
    const exclude = checked(part, parameters.getAll(`not.${parameterOf[part]}`))
    if (include.length || exclude.length) filter[part] = { include, exclude }
  }
  for (const end of ['from', 'to'] as const) {
    const text = parameters.get(end)
    if (text === null) continue
    const moment = parseMoment(text)
    if (moment === null)
      throw new FilterError(end, `${end} is not a time with an offset: ${text.slice(0, 60)}`)
    filter[end] = moment
  }
  return filter
}

const choices: Partial<Record<FilterPart, readonly string[]>> = {
  outcome: ['success', 'failure', 'denied'],
  channel: ['web', 'api', 'background'],
}

function checked(part: FilterPart, values: string[]): string[] {
  const unique = [...new Set(values)].filter(value => value.length > 0)
  for (const value of unique) {
    if (choices[part] && !choices[part].includes(value)) {
      throw new FilterError(parameterOf[part], `${value.slice(0, 60)} is none of ${choices[part].join(', ')}`)
    }
    if (part === 'ip' && !parseAddressRange(value)) {
      throw new FilterError('ip', `${value.slice(0, 60)} is no address or CIDR range`)
    }
  }
  return unique
}

/** Whether nothing is asked for but everything. */
export function isEmptyFilter(filter: Filter): boolean {
  return (
    filter.from === undefined &&
    filter.to === undefined &&
    filterParts.every(part => !hasValues(filter[part]))
  )
}

function hasValues(values: Values | undefined): boolean {
  return Boolean(values && (values.include.length || values.exclude.length))
}
