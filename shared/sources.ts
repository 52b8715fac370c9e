/** Sources the log is fed from: how one is set up, how it stands, and what can be wrong with it. */
import * as z from 'zod/mini'

export const sourceKinds = ['invicti-platform', 'invicti-enterprise'] as const
export const SourceKind = z.enum(sourceKinds)
export type SourceKind = z.infer<typeof SourceKind>

/** What went wrong between us and a source. Stable codes: words for them are the server's and the panel's own. */
export const troubleCodes = [
  'name_not_resolved',
  'refused',
  'unreachable',
  'timed_out',
  'cut_off',
  'proxy_failed',
  'tls_untrusted',
  'tls_expired',
  'tls_not_yet_valid',
  'tls_wrong_host',
  'tls_failed',
  'key_refused',
  'role_lacks_permission',
  'address_not_allowed',
  'wrong_address',
  'rate_limited',
  'platform_failed',
  'request_refused',
  'unexpected_answer',
  'clock_skew',
  'log_unavailable',
  'key_unreadable',
] as const
export const TroubleCode = z.enum(troubleCodes)
export type TroubleCode = z.infer<typeof TroubleCode>

/** `detail` is the technical fact behind it (a status, a host, a certificate's reason); it never holds a key. */
export const Trouble = z.object({ code: TroubleCode, detail: z.string(), advice: z.string() })
export type Trouble = z.infer<typeof Trouble>

export const minIntervalSeconds = 10
export const defaultIntervalSeconds = 60

const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(80))
const baseUrl = z.string().check(z.trim(), z.minLength(1), z.maxLength(500))
const key = z.string().check(z.trim(), z.minLength(1), z.maxLength(10_000))
/** The sibling's user id: its API takes id and token together. */
const userId = z.nullable(z.string().check(z.trim(), z.minLength(1), z.maxLength(200)))
const interval = z.int().check(z.gte(minIntervalSeconds), z.lte(86_400))
/** Nothing older is taken; null takes everything the platform still has. */
const startDate = z.nullable(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'is no day (YYYY-MM-DD)')))
/** Certificates in PEM that are trusted for this source, beside the public ones. */
const certificateAuthority = z.nullable(z.string().check(z.maxLength(200_000)))
const proxy = z.nullable(z.string().check(z.trim(), z.maxLength(500)))
/** Where the platform lists people or targets, below the base URL: published nowhere, so told to us or not used. */
const path = z.nullable(z.string().check(z.trim(), z.regex(/^\/[^?#\s]*$/, 'is no path that begins with /')))

/** `POST /v1/sources` */
export const NewSource = z.object({
  name,
  kind: SourceKind,
  baseUrl,
  key,
  userId: z._default(userId, null),
  intervalSeconds: z._default(interval, defaultIntervalSeconds),
  startDate: z._default(startDate, null),
  certificateAuthority: z._default(certificateAuthority, null),
  proxy: z._default(proxy, null),
  usersPath: z._default(path, null),
  targetsPath: z._default(path, null),
})
export type NewSource = z.infer<typeof NewSource>
export type NewSourceInput = z.input<typeof NewSource>

/**
 * `PATCH /v1/sources/{id}`. A change of where the key is sent, or by whose word (base URL, proxy, certificates, user id),
 * needs the key again: whoever may change settings must not thereby learn it.
 */
export const SourceChange = z.object({
  name: z.optional(name),
  baseUrl: z.optional(baseUrl),
  key: z.optional(key),
  userId: z.optional(userId),
  intervalSeconds: z.optional(interval),
  certificateAuthority: z.optional(certificateAuthority),
  proxy: z.optional(proxy),
  usersPath: z.optional(path),
  targetsPath: z.optional(path),
})
export type SourceChange = z.infer<typeof SourceChange>

/**
 * `waiting` has not been asked yet; `walking` reads back to the first entry; `behind` knows of entries it has not taken;
 * `failing` could not ask, so that nothing can be said of what happened since.
 */
export const sourceStates = ['waiting', 'walking', 'behind', 'caught_up', 'paused', 'failing'] as const
export const SourceState = z.enum(sourceStates)
export type SourceState = z.infer<typeof SourceState>

/** How a source stands: for every reader of the log, since what is missing is part of what they read. */
export const SourceStatus = z.object({
  id: z.string(),
  name: z.string(),
  kind: SourceKind,
  state: SourceState,
  /** Everything up to this moment had been asked for; null before the first time. */
  asOf: z.nullable(z.string()),
  lastSuccessAt: z.nullable(z.string()),
  /** When the platform will be asked again. */
  nextAttemptAt: z.nullable(z.string()),
  /** Entries of this source in the log, and how many the platform counts (null where it gives no count). */
  taken: z.int(),
  total: z.nullable(z.int()),
  /** Entries the platform counts and the log has not; null where that cannot be known. */
  behind: z.nullable(z.int()),
  /** Entries the platform counts and did not list, however often it was asked. */
  gap: z.nullable(z.object({ missing: z.int(), since: z.string() })),
  /** Entries the platform listed that could not be read, with the first reason. */
  unreadable: z.object({ count: z.int(), reason: z.nullable(z.string()) }),
  failingSince: z.nullable(z.string()),
  trouble: z.nullable(Trouble),
  /** How far the platform's clock is ahead of ours, where that is worth knowing. */
  clockSkewMs: z.nullable(z.int()),
})
export type SourceStatus = z.infer<typeof SourceStatus>

/** What a source is set to. The key is never among it. */
export const SourceSettings = z.object({
  baseUrl: z.string(),
  userId: z.nullable(z.string()),
  intervalSeconds: z.int(),
  startDate: z.nullable(z.string()),
  certificateAuthority: z.nullable(z.string()),
  proxy: z.nullable(z.string()),
  usersPath: z.nullable(z.string()),
  targetsPath: z.nullable(z.string()),
  /** Set up by a file on the server, which is where it is changed. */
  fromFile: z.boolean(),
  /** Why names of people or targets cannot be looked up, where a path for them is given. */
  namesTrouble: z.nullable(Trouble),
})
export type SourceSettings = z.infer<typeof SourceSettings>

/** `GET /v1/sources`, for every reader of the log */
export const SourceStatuses = z.object({ sources: z.array(SourceStatus) })
export type SourceStatuses = z.infer<typeof SourceStatuses>

/** `GET /v1/sources/settings`, for those who manage settings */
export const Source = z.extend(SourceStatus, { settings: SourceSettings })
export type Source = z.infer<typeof Source>
export const Sources = z.object({ sources: z.array(Source) })
export type Sources = z.infer<typeof Sources>

/** `POST /v1/sources/test` and `/v1/sources/{id}/test`: what one question to the platform brought. */
export const SourceTest = z.object({
  ok: z.boolean(),
  total: z.nullable(z.int()),
  /** The newest time among the entries of the first page. */
  newest: z.nullable(z.string()),
  trouble: z.nullable(Trouble),
  /** True answers with something to put right beside them, such as a clock that is wrong. */
  warnings: z.array(Trouble),
})
export type SourceTest = z.infer<typeof SourceTest>
