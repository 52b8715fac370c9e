/** What an export of several files says about itself, so that it can be read and checked years later. */
import * as z from 'zod/mini'

/**
 * Counts up with every change to how an export is written: formats, the guard, columns and their labels, the labels of
 * actions and areas. What verifies a later version still has to write the earlier ones.
 */
export const manifestVersion = 2

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

/** What a successful check means, in the words the manifest carries. */
export const claims = {
  proves: [
    'Every row is an entry of the log under this checkpoint, and every value in it is the one the log committed to.',
    'From the first of the rows to the last, by their place in the log, the log holds these rows and the entries ' +
      'left out, as many as log.leftOut says, and no other: none was dropped, added or moved.',
    'Where log.leftOut is 0, the rows are everything the log holds from entry log.start to entry log.end - 1.',
  ],
  doesNotProve: [
    'That the entries left out do not match the filter: of them there are hashes only.',
    'That values not given to whoever made the export are empty: they are named as withheld.',
    'That nobody was shown another log: that takes the cosignatures of witnesses whom the reader trusts.',
  ],
  notAuthenticated: [
    'createdAt, createdBy, server, workspace, personal, recordedAs, rowsPerFile: what the maker says. The log has ' +
      'its own record of the export, at the place recordedAs.',
    'filter, timeFrame: each row is checked against the filter (phrases of free text apart), not that no other matches.',
    'log.size: that the export looked at the first so many entries.',
    'Signatures in log.checkpoint by keys that the reader does not know.',
    'erased, in evidence and in rows of JSON: that a withheld value was erased. Erasure events in the log say so.',
  ],
} as const

const Day = z.nullable(z.string())
const Count = z.int().check(z.nonnegative())
/** 32 bytes, base64. */
const Hash = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/))

/** A file of the export. `sha256` in lower-case hexadecimal. */
const FileFacts = z.object({
  name: z.string(),
  bytes: Count,
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
})
export type FileFacts = z.infer<typeof FileFacts>

export const ManifestPart = z.object({
  name: z.string(),
  rows: Count,
  bytes: Count,
  sha256: FileFacts.shape.sha256,
  /** `occurredAt` of its first and last row: newest first. */
  newest: z.nullable(z.string()),
  oldest: z.nullable(z.string()),
  /** What proves its rows. */
  evidence: FileFacts,
})
export type ManifestPart = z.infer<typeof ManifestPart>

export const ManifestLog = z.object({
  origin: z.string(),
  /** The export looked at the first `size` entries. */
  size: Count,
  /** The signed note that the exporting panel had verified, cosignatures included. */
  checkpoint: z.string(),
  /** C2SP verifier keys, to tell whether this file agrees with itself. Only a key from elsewhere tells whose log it is. */
  keys: z.object({ log: z.string(), time: z.string() }),
  /** The entries from the first to the last row, `end` not included; 0 and 0 without rows. */
  start: Count,
  end: Count,
  /** How many of these are no rows of the export. */
  leftOut: Count,
  /** The roots of the perfect subtrees over the entries before `start`, and from `end` on. */
  left: z.array(Hash),
  right: z.array(Hash),
  /** Those over the entries left out, one a line in log order; null where there are none. */
  gaps: z.nullable(FileFacts),
})
export type ManifestLog = z.infer<typeof ManifestLog>

const words = z.array(z.string())

export const Manifest = z.object({
  product: z.literal('trailside'),
  manifestVersion: z.literal(manifestVersion),
  createdAt: z.string(),
  createdBy: z.object({ id: z.string(), name: z.string(), email: z.nullable(z.string()) }),
  server: z.string(),
  workspace: z.object({ id: z.string(), name: z.string(), demo: z.boolean() }),
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
  rows: Count,
  rowsPerFile: Count,
  /** The place in the log of the event that says this export was made. */
  recordedAs: Count,
  parts: z.array(ManifestPart),
  log: ManifestLog,
  claims: z.object({ proves: words, doesNotProve: words, notAuthenticated: words }),
})
export type Manifest = z.infer<typeof Manifest>

type Fixed = 'product' | 'manifestVersion' | 'encoding' | 'order' | 'rows' | 'claims'

/** The manifest of these parts; its own sum of their rows. */
export function buildManifest(facts: Omit<Manifest, Fixed> & { byteOrderMark: boolean }): Manifest {
  const { byteOrderMark, log, ...rest } = facts
  return {
    product: 'trailside',
    manifestVersion,
    ...rest,
    encoding: { ...encodingOf(facts.format), byteOrderMark },
    order: 'newest first',
    rows: facts.parts.reduce((sum, part) => sum + part.rows, 0),
    log,
    claims: { ...claims } as never,
  }
}

export function encodingOf(format: Manifest['format']) {
  return format === 'csv' ? encodingOfCsv : encodingOfJson
}

/** In the order of the schema, wherever the manifest came from: equal manifests give equal text. */
export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(Manifest.parse(manifest), null, 2)}\n`
}
