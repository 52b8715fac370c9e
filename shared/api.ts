/** What goes over HTTP: requests and responses by their schemas, checked on both sides. */
import * as z from 'zod/mini'
import { Permission, Role } from './access.ts'
import { AuditEvent, wellFormed } from './audit-event.ts'
import { Json } from './json.ts'
import { parseMoment } from './time.ts'

/** Counts up with every change that an older panel or server would misread. */
export const apiVersion = 1

export const maxPageSize = 1000
export const maxIntakeEvents = 1000
/** Entries a bundle (C2SP tlog-tiles): what the panel syncs, keeps and indexes by. */
export const bundleSize = 256

/** `GET /v1/events`. `total` counts all that match among the first `size` entries of the log. */
export const EventPage = z.object({
  events: z.array(AuditEvent),
  nextCursor: z.nullable(z.string()),
  total: z.int(),
  size: z.int(),
})
export type EventPage = z.infer<typeof EventPage>

export const facetFields = ['action', 'area', 'actor', 'target', 'outcome', 'channel', 'changed'] as const
export type FacetField = (typeof facetFields)[number]

/**
 * One value of a facet: `value` goes into the filter, `label` is shown, `count` ignores the facet's own selection.
 * `email` comes with actors that have one, for readers who may see it.
 */
export const FacetValue = z.object({
  value: z.string(),
  label: z.string(),
  count: z.int(),
  email: z.optional(z.string()),
})
export type FacetValue = z.infer<typeof FacetValue>

/** `GET /v1/facets`: by field, most frequent first; `more` says how many further values were not named. */
export const Facets = z.object({
  size: z.int(),
  facets: z.record(z.string(), z.object({ values: z.array(FacetValue), more: z.int() })),
})
export type Facets = z.infer<typeof Facets>

/** `GET /v1/histogram`: events per bucket; bucket `i` begins at `starts[i]`, the last one ends at `end`. */
export const Histogram = z.object({
  size: z.int(),
  starts: z.array(z.string()),
  end: z.string(),
  counts: z.array(z.int()),
})
export type Histogram = z.infer<typeof Histogram>

/** `POST /v1/events`, item by item in the order sent. */
export const IntakeItem = z.union([
  z.object({ status: z.literal('accepted'), index: z.int(), leafHash: z.string() }),
  z.object({ status: z.literal('duplicate'), index: z.int() }),
  z.object({ status: z.literal('rejected'), reason: z.string(), path: z.string() }),
])
export type IntakeItem = z.infer<typeof IntakeItem>
export const IntakeResult = z.object({
  accepted: z.int(),
  duplicates: z.int(),
  rejected: z.int(),
  items: z.array(IntakeItem),
})
export type IntakeResult = z.infer<typeof IntakeResult>

/** `GET /v1/me`: who asks and what they may. `cacheKey` (base64, 32 bytes) opens their local cache; it changes with their access. */
export const Me = z.object({
  id: z.string(),
  kind: z.enum(['user', 'api_key']),
  name: z.string(),
  email: z.nullable(z.string()),
  roles: z.array(z.object({ id: z.string(), name: z.string() })),
  permissions: z.array(Permission),
  /** Changes whenever what this person may see changes. */
  accessVersion: z.string(),
  cacheKey: z.nullable(z.string()),
  mustChangePassword: z.boolean(),
  workspace: z.object({ id: z.string(), name: z.string(), demo: z.boolean() }),
  apiVersion: z.int(),
  serverVersion: z.string(),
  serverTime: z.string(),
  /** Whom to ask for a missing permission: names of people who manage access. */
  accessManagers: z.array(z.string()),
})
export type Me = z.infer<typeof Me>

/**
 * A view that someone saved. `filter` is URL parameters as in a link to a view: the filter, and `range` for dates that
 * move with the days. `seen` is the log's size when its owner last looked.
 */
export const SavedView = z.object({
  id: z.string().check(z.minLength(1), z.maxLength(64)),
  name: z.string().check(z.minLength(1), z.maxLength(80)),
  filter: z.string().check(z.maxLength(8_000)),
  pinned: z.boolean(),
  seen: z.int().check(z.nonnegative()),
})
export type SavedView = z.infer<typeof SavedView>
export const maxSavedViews = 100
/** `GET` and `PUT /v1/me/views`, in the order that their owner gave them; a change counts up the revision. */
export const SavedViews = z.object({
  revision: z.int().check(z.nonnegative()),
  views: z.array(SavedView).check(z.maxLength(maxSavedViews)),
})
export type SavedViews = z.infer<typeof SavedViews>

/** `GET /healthz`, open to all: also tells a panel what it has reached. */
export const Health = z.object({
  status: z.literal('up'),
  product: z.literal('trailside'),
  apiVersion: z.int(),
  serverVersion: z.string(),
})
export type Health = z.infer<typeof Health>

/** Words that people give to people, roles and keys: one line, since stores and terminals cut at control characters. */
const line = (most: number) =>
  z.string().check(z.maxLength(most), wellFormed, z.regex(/^\P{Cc}*$/u, 'may not hold control characters'))

/** `POST /v1/session`: e-mail and password in, bearer token out. */
export const SignIn = z.object({ email: z.string(), password: z.string() })
export type SignIn = z.infer<typeof SignIn>
export const Session = z.object({ token: z.string(), expiresAt: z.string() })
export type Session = z.infer<typeof Session>
/** `POST /v1/me/password` */
export const PasswordChange = z.object({ current: z.string(), next: z.string() })
export type PasswordChange = z.infer<typeof PasswordChange>

export const User = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(z.string()),
  createdAt: z.string(),
  lastSignInAt: z.nullable(z.string()),
  disabled: z.boolean(),
})
export type User = z.infer<typeof User>
export const Users = z.object({ users: z.array(User) })
/** `POST /v1/users`. Without a password a one-time one is made and answered once. */
export const NewUser = z.object({
  name: line(120).check(z.minLength(1)),
  email: z.email(),
  roles: z.array(z.string()).check(z.minLength(1)),
  password: z.optional(z.string()),
})
export type NewUser = z.infer<typeof NewUser>
export const CreatedUser = z.object({ user: User, oneTimePassword: z.nullable(z.string()) })
export type CreatedUser = z.infer<typeof CreatedUser>
/** `PATCH /v1/users/{id}` */
export const UserChange = z.object({
  name: z.optional(line(120).check(z.minLength(1))),
  roles: z.optional(z.array(z.string()).check(z.minLength(1))),
  disabled: z.optional(z.boolean()),
})
export type UserChange = z.infer<typeof UserChange>

export const Roles = z.object({ roles: z.array(z.extend(Role, { users: z.int() })) })
export type Roles = z.infer<typeof Roles>
/** `POST /v1/roles` (a clone is a new role with the other's permissions) and `PUT /v1/roles/{id}` */
export const RoleInput = z.object({
  name: line(80).check(z.minLength(1)),
  description: z._default(line(400), ''),
  permissions: z.array(Permission),
})
export type RoleInput = z.infer<typeof RoleInput>

export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  /** The first characters, to tell keys apart. */
  start: z.string(),
  roles: z.array(z.string()),
  permissions: z.array(Permission),
  createdAt: z.string(),
  lastUsedAt: z.nullable(z.string()),
  expiresAt: z.nullable(z.string()),
})
export type ApiKey = z.infer<typeof ApiKey>
export const ApiKeys = z.object({ keys: z.array(ApiKey) })
/** `POST /v1/keys`: permissions directly, or those of a role. */
export const NewApiKey = z.object({
  name: line(80).check(z.minLength(1)),
  permissions: z.optional(z.array(Permission)),
  role: z.optional(z.string()),
  expiresAt: z.optional(z.string()),
})
export type NewApiKey = z.infer<typeof NewApiKey>
/** The only time the key itself is shown. */
export const CreatedApiKey = z.object({ key: z.string(), apiKey: ApiKey })
export type CreatedApiKey = z.infer<typeof CreatedApiKey>

/**
 * `POST /v1/exports`: a panel says what it exported, before it hands the file over; logged as an event. The same export
 * said again under the same `id` is logged once.
 */
export const ExportRecord = z.object({
  id: z.optional(line(64)),
  format: z.enum(['csv', 'json']),
  filter: z.string(),
  from: z.nullable(z.string()),
  to: z.nullable(z.string()),
  zone: z.string(),
  count: z.int(),
  files: z.int(),
  columns: z.array(z.string()),
})
export type ExportRecord = z.infer<typeof ExportRecord>
export const ExportLogged = z.object({ index: z.int() })
export type ExportLogged = z.infer<typeof ExportLogged>

/** What checkpoints are verified by, as C2SP verifier keys; `time` signs when one was current. */
export const LogKeys = z.object({ origin: z.string(), log: z.string(), time: z.string() })
export type LogKeys = z.infer<typeof LogKeys>

/**
 * `GET /v1/log/keys`: the keys in force, and the proof of every change of keys there was, oldest first: each the evidence
 * of the entry that tells of it, under a checkpoint that the old log key and the new one signed. Whoever trusts an
 * older key can follow them to the one in force, and need not believe this answer.
 */
export const LogKeyHistory = z.extend(LogKeys, { transitions: z._default(z.array(z.string()), []) })
export type LogKeyHistory = z.infer<typeof LogKeyHistory>

/**
 * `POST /v1/log/acceptances`: a person accepts the epoch that a restored log goes on as. `log` is its verifier key, `lost`
 * the entries their panel had seen that are not in it, `to` not included.
 */
export const EpochAcceptance = z.object({
  origin: z.string().check(z.maxLength(1000)),
  log: z.string().check(z.maxLength(1000)),
  lost: z.nullable(z.object({ from: z.int().check(z.nonnegative()), to: z.int().check(z.nonnegative()) })),
})
export type EpochAcceptance = z.infer<typeof EpochAcceptance>
/** `index` is the place of the event that tells of it. */
export const EpochAccepted = z.object({ index: z.int() })
export type EpochAccepted = z.infer<typeof EpochAccepted>

/** `POST /v1/log/keys` draws new keys. `index` is the place of the event that tells of it. */
export const KeyRotation = z.object({ index: z.int(), before: LogKeys, keys: LogKeys })
export type KeyRotation = z.infer<typeof KeyRotation>

/**
 * A witness of the server's policy: its verifier key, what it cosigned last and when by its own clock, and why the
 * latest attempt failed, if it did. `asked` is false where the policy has no address for it.
 */
export const WitnessState = z.object({
  name: z.string(),
  key: z.string(),
  asked: z.boolean(),
  size: z.nullable(z.int()),
  at: z.nullable(z.string()),
  error: z.nullable(z.object({ code: z.string(), detail: z.string(), at: z.string() })),
})
export type WitnessState = z.infer<typeof WitnessState>

/**
 * The latest checkpoint that somebody's panel cosigned, with the log's signature and its own; `by` is null for readers
 * who may not see who, and where the person was erased. `fits` is false where this log was never in the state that the
 * panel was shown.
 */
export const PanelWitness = z.object({
  key: z.string(),
  by: z.nullable(z.object({ id: z.string(), name: z.string() })),
  size: z.int(),
  at: z.string(),
  note: z.string(),
  fits: z.boolean(),
})
export type PanelWitness = z.infer<typeof PanelWitness>

/** `POST /v1/log/cosignatures`: a panel's verifier key (type 04), and the log's signed note with its cosignature. */
export const PanelCosignature = z.object({
  key: z.string().check(z.maxLength(1000)),
  note: z.string().check(z.maxLength(20_000)),
})
export type PanelCosignature = z.infer<typeof PanelCosignature>
export const PanelCosigned = z.object({ fits: z.boolean() })
export type PanelCosigned = z.infer<typeof PanelCosigned>

/** At most so many panels come in one answer: those that do not fit first, then the latest. */
export const maxPanelsShown = 50

/**
 * `GET /v1/log/witnesses?since=…`: of the panels those that cosigned after this moment (ISO time), see `maxPanelsShown`;
 * `panelsTotal` is how many there are. `quorumSize` is that of the newest checkpoint with a quorum of the server's policy.
 */
export const LogWitnesses = z.object({
  size: z.int(),
  quorumSize: z.nullable(z.int()),
  witnesses: z.array(WitnessState),
  panels: z.array(PanelWitness),
  panelsTotal: z.int(),
  /** What this server is a witness of: its verifier key, and each log with what it cosigned last. */
  witnessing: z.nullable(
    z.object({
      key: z.string(),
      logs: z.array(z.object({ origin: z.string(), size: z.nullable(z.int()), at: z.nullable(z.string()) })),
    }),
  ),
})
export type LogWitnesses = z.infer<typeof LogWitnesses>

/** `GET /v1/log/consistency?from=…&to=…`: hashes in base64. */
export const ConsistencyProof = z.object({ from: z.int(), to: z.int(), proof: z.array(z.string()) })

/** One value behind a commitment in a leaf: 16 random bytes as hex and the value they hide. */
export const Disclosure = z.object({ name: z.string(), salt: z.string(), value: Json })
export type Disclosure = z.infer<typeof Disclosure>

/**
 * `GET /v1/log/disclosures/{bundle}`: entry by entry, what this reader may see of it. `erased` names, where any entry
 * of the bundle has some, the fields whose values nobody is given any more: apart from these, what is missing is
 * withheld from this reader. Nothing proves `erased` by itself; the log's erasure events do.
 */
export const BundleDisclosures = z.object({
  start: z.int(),
  entries: z.array(z.array(Disclosure)),
  erased: z.optional(z.array(z.array(z.string()))),
})
export type BundleDisclosures = z.infer<typeof BundleDisclosures>

/**
 * `GET /v1/log/erasures?since=V`: bundles that lost disclosures after version V of the log's erasures, and the version
 * they are at now. Whoever keeps disclosures keeps the version beside them (0 at first) and asks at each sync, or
 * when the stream tells a higher one: the disclosures of these bundles are to be dropped and fetched again.
 */
export const ErasedBundles = z.object({
  version: z.int(),
  bundles: z.array(z.int()),
  /**
   * What retention removed from the log so far, where it did: ascending ranges of entries, `to` not included, in whole
   * bundles, and the place of the event of the log that tells of all of it.
   */
  removed: z.optional(z.object({ ranges: z.array(z.object({ from: z.int(), to: z.int() })), told: z.int() })),
})
export type ErasedBundles = z.infer<typeof ErasedBundles>

/**
 * `POST /v1/erasures`: forgets what the log says of one person. `actor` is their id, `basis` the legal ground as it
 * will stand in the log. `content` also takes the changes and metadata of their events, which may speak of them.
 */
export const ErasureRequest = z.object({
  actor: z.string().check(z.minLength(1), z.maxLength(256)),
  basis: z.string().check(z.minLength(1), z.maxLength(1000)),
  content: z._default(z.boolean(), false),
})
export type ErasureRequest = z.infer<typeof ErasureRequest>
/** `PUT /v1/settings/retention`: how many days events are kept; null keeps them for ever. */
export const RetentionSetting = z.object({
  days: z.nullable(z.int().check(z.gte(1), z.lte(36_500))),
})
export type RetentionSetting = z.infer<typeof RetentionSetting>
/** `GET /v1/settings/retention`. `removed` counts the entries whose content is gone; times are ISO 8601 in UTC. */
export const Retention = z.object({
  days: RetentionSetting.shape.days,
  /** Null where everything is kept. */
  nextRunAt: z.nullable(z.string()),
  lastRun: z.nullable(z.object({ at: z.string(), entries: z.int() })),
  removed: z.int(),
})
export type Retention = z.infer<typeof Retention>
/** `POST /v1/settings/retention/runs`: how many entries lost their content. */
export const RetentionRun = z.object({ entries: z.int() })
export type RetentionRun = z.infer<typeof RetentionRun>

const holdId = z.string().check(z.minLength(1), z.maxLength(256))
const holdMoment = z
  .string()
  .check(z.refine(text => parseMoment(text) !== null, 'is not a time with an offset (RFC 3339)'))
/**
 * What a legal hold covers: everything, or the entries that fit all that is named. `actor` is a person's id, wherever
 * an entry speaks of them; `target` any target's id; `from` (included) and `to` (not) are about `occurredAt`.
 */
export const HoldScope = z.object({
  actor: z.optional(holdId),
  target: z.optional(holdId),
  from: z.optional(holdMoment),
  to: z.optional(holdMoment),
})
export type HoldScope = z.infer<typeof HoldScope>
/** `POST /v1/holds` */
export const NewLegalHold = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(120)),
  reason: z.string().check(z.minLength(1), z.maxLength(1000)),
  scope: z._default(HoldScope, {}),
})
export type NewLegalHold = z.infer<typeof NewLegalHold>
export const LegalHold = z.object({
  id: z.string(),
  name: z.string(),
  reason: z.string(),
  scope: HoldScope,
  placedBy: z.object({ id: z.string(), name: z.string() }),
  placedAt: z.string(),
})
export type LegalHold = z.infer<typeof LegalHold>
/** `GET /v1/holds`: those in force, oldest first. */
export const LegalHolds = z.object({ holds: z.array(LegalHold) })

/** `index` is the place of the event that tells of it, `entries` how many entries lost a field. */
export const Erasure = z.object({ index: z.int(), entries: z.int(), fields: z.array(z.string()) })
export type Erasure = z.infer<typeof Erasure>

/**
 * `GET /v1/stream` (server-sent events): `size` events carry this; a `: ping` comment comes every 15 s.
 * `erasures` is the version of the log's erasures, see `ErasedBundles`.
 */
export const StreamSize = z.object({ size: z.int(), erasures: z.optional(z.int()) })
export type StreamSize = z.infer<typeof StreamSize>
