/** Reads and documents the query parameters of the reading routes: filter, size, cursor, limit. */
import type { OpenAPIV3_1 } from 'openapi-types'
import * as z from 'zod/mini'
import type { Scope } from '../../shared/access.ts'
import { facetFields, maxPageSize } from '../../shared/api.ts'
import { type Filter, filterParts, parseFilter } from '../../shared/filter.ts'
import { ProblemError } from '../../shared/problem.ts'

/**
 * The request's query, after a look for parameters the route does not know: a mistyped filter must not
 * answer with everything. @throws {ProblemError} `malformed` naming the unknown ones.
 */
export function readParameters(url: string, documented: Parameter[]): URLSearchParams {
  const parameters = new URL(url).searchParams
  const known = new Set(documented.map(each => each.name))
  const unknown = [...new Set(parameters.keys())].filter(name => !known.has(name))
  if (!unknown.length) return parameters
  throw new ProblemError('malformed', `There is no parameter ${unknown.join(', ').slice(0, 200)} here.`, {
    errors: unknown.map(path => ({ path, message: 'is not a parameter of this route' })),
  })
}

export interface View {
  filter: Filter
  /** Only entries below this log size; the log's own where absent. */
  size: number | undefined
}

/** @throws {ProblemError} `invalid_filter`, `malformed`, or `personal_data_withheld` where the scope forbids the question. */
export function readView(parameters: URLSearchParams, scope: Scope): View {
  const filter = parseFilter(parameters)
  if (filter.ip && !scope.personal) {
    throw new ProblemError(
      'personal_data_withheld',
      'Filtering by IP address needs audit_log.read_personal.',
      {
        permission: 'audit_log.read_personal',
      },
    )
  }
  return { filter, size: readNumber(parameters, 'size', 0, Number.MAX_SAFE_INTEGER) }
}

export function readNumber(
  parameters: URLSearchParams,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = parameters.get(name)
  if (text === null) return undefined
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new ProblemError('malformed', `${name} must be a whole number from ${least} to ${most}.`, {
    errors: [{ path: name, message: `is not a whole number from ${least} to ${most}` }],
  })
}

const fieldList = z.array(z.enum(facetFields)).check(z.minLength(1))

export function readFacetFields(parameters: URLSearchParams) {
  const named = parameters.getAll('field')
  const parsed = fieldList.safeParse(named.length ? named : [...facetFields])
  if (parsed.success) return parsed.data
  throw new ProblemError('malformed', `field must be one of ${facetFields.join(', ')}.`, {
    errors: [{ path: 'field', message: `is none of ${facetFields.join(', ')}` }],
  })
}

const maxBuckets = 2000
type Parameter = OpenAPIV3_1.ParameterObject
type QuerySchema = NonNullable<Parameter['schema']>

/** `starts` (comma-separated, ascending) and `end`, all milliseconds since 1970. */
export function readBuckets(parameters: URLSearchParams): { starts: number[]; end: number } {
  const starts = (parameters.get('starts') ?? '').split(',').map(text => (text ? Number(text) : Number.NaN))
  const end = Number(parameters.get('end') ?? Number.NaN)
  const ascending = [...starts, end].every(
    (value, at, all) => Number.isSafeInteger(value) && !(at && value <= all[at - 1]!),
  )
  if (ascending && starts.length <= maxBuckets) return { starts, end }
  throw new ProblemError(
    'malformed',
    `starts must be at most ${maxBuckets} ascending times in ms, below end.`,
    {
      errors: [{ path: 'starts', message: 'is not a list of ascending times in milliseconds below end' }],
    },
  )
}

function parameter(name: string, description: string, schema: QuerySchema): Parameter {
  return { name, in: 'query', description, schema }
}

const many: QuerySchema = { type: 'array', items: { type: 'string' } }
const meanings: Record<string, string> = {
  action: 'Action keys, for example `scan.started`.',
  area: 'Area keys, for example `scans`.',
  actor: 'Actor ids.',
  target: 'Target keys: type and id, `target:7f…`.',
  outcome: '`success`, `failure` or `denied`.',
  channel: '`web`, `api` or `background`.',
  ip: 'Addresses or CIDR ranges. Needs `audit_log.read_personal`.',
  changed: 'Names of fields that the event changed.',
  text: 'Phrases, all of which must be found; case and accents do not count.',
}

export const filterParameters: Parameter[] = [
  ...filterParts.flatMap(part => {
    const name = part === 'text' ? 'q' : part
    return [
      parameter(name, `${meanings[part]} Repeat for any of several.`, many),
      parameter(`not.${name}`, `As \`${name}\`, but left out.`, many),
    ]
  }),
  parameter('from', 'First moment (RFC 3339), included.', { type: 'string', format: 'date-time' }),
  parameter('to', 'Moment (RFC 3339) up to which, itself excluded.', { type: 'string', format: 'date-time' }),
  parameter('size', 'Only the first so many entries of the log: holds a view still while events arrive.', {
    type: 'integer',
    minimum: 0,
  }),
]

export const pageParameters: Parameter[] = [
  ...filterParameters,
  parameter('cursor', 'From the page before.', { type: 'string' }),
  parameter('limit', 'Events a page.', { type: 'integer', minimum: 1, maximum: maxPageSize, default: 50 }),
]

export const facetParameters: Parameter[] = [
  ...filterParameters,
  parameter('field', 'Which facets; all where none is named.', {
    type: 'array',
    items: { type: 'string', enum: [...facetFields] },
  }),
  parameter('limit', 'Values a facet.', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
  parameter('search', 'Only values whose label holds this text.', { type: 'string' }),
]

export const histogramParameters: Parameter[] = [
  ...filterParameters,
  parameter('starts', 'Ascending bucket starts in milliseconds, comma-separated.', { type: 'string' }),
  parameter('end', 'End of the last bucket in milliseconds.', { type: 'integer' }),
]
