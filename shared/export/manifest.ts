/** What an export of several files says about itself, so that it can be read and checked years later. */
import * as z from 'zod/mini'

export const manifestVersion = 1

/** How values were written; the words are for whoever opens the file without this program. */
export const encodingOfCsv = {
  text: 'UTF-8; CSV as in RFC 4180, comma-separated, lines end in CR LF, the first line names the columns',
  guard:
    'A value that a spreadsheet would run as a formula has one apostrophe in front: it begins with = + - @ ' +
    '(of any width) after any apostrophes, white space and invisible characters, or these hold a tab or line ' +
    'break. Plain negative numbers have none. To restore such a value, remove one apostrophe. NUL is written as ' +
    'U+2400, half a surrogate pair as U+FFFD.',
} as const
export const encodingOfJson = {
  text: 'UTF-8; a JSON array of whole audit events, one a line',
  guard: 'None: values are as in the log.',
} as const

const Day = z.nullable(z.string())

export const ManifestPart = z.object({
  name: z.string(),
  rows: z.int(),
  bytes: z.int(),
  /** Lower-case hexadecimal, of the file's bytes. */
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  /** `occurredAt` of its first and last row: newest first. */
  newest: z.nullable(z.string()),
  oldest: z.nullable(z.string()),
})
export type ManifestPart = z.infer<typeof ManifestPart>

/** Inclusion proofs and receipts will be fields beside these; a reader ignores what it does not know. */
export const Manifest = z.object({
  product: z.literal('trailside'),
  manifestVersion: z.literal(manifestVersion),
  createdAt: z.string(),
  createdBy: z.object({ id: z.string(), name: z.string(), email: z.nullable(z.string()) }),
  server: z.string(),
  workspace: z.object({ id: z.string(), name: z.string(), demo: z.boolean() }),
  /** The events among the first `size` entries of the log; the signed checkpoint of that time, where known. */
  log: z.object({ size: z.int(), checkpoint: z.nullable(z.string()) }),
  /** URL parameters as the API takes them; `from` belongs to the time frame, `to` does not. */
  filter: z.object({ parameters: z.string(), from: z.nullable(z.string()), to: z.nullable(z.string()) }),
  timeFrame: z.object({ firstDay: Day, lastDay: Day, zone: z.string() }),
  format: z.enum(['csv', 'json']),
  encoding: z.object({ text: z.string(), guard: z.string(), byteOrderMark: z.boolean() }),
  /** Empty for JSON, whose files hold whole events. */
  columns: z.array(z.object({ id: z.string(), label: z.string() })),
  /** False where this reader was not given personal fields: such values are empty and named as withheld. */
  personal: z.boolean(),
  order: z.literal('newest first'),
  rows: z.int(),
  rowsPerFile: z.int(),
  /** The place in the log of the event that says this export was made. */
  recordedAs: z.int(),
  parts: z.array(ManifestPart),
})
export type Manifest = z.infer<typeof Manifest>

type Fixed = 'product' | 'manifestVersion' | 'encoding' | 'order' | 'rows'

/** The manifest of these parts; its own sum of their rows. */
export function buildManifest(facts: Omit<Manifest, Fixed> & { byteOrderMark: boolean }): Manifest {
  const { byteOrderMark, ...rest } = facts
  const encoding = facts.format === 'csv' ? encodingOfCsv : encodingOfJson
  return {
    product: 'trailside',
    manifestVersion,
    ...rest,
    encoding: { ...encoding, byteOrderMark },
    order: 'newest first',
    rows: facts.parts.reduce((sum, part) => sum + part.rows, 0),
  }
}

export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`
}
