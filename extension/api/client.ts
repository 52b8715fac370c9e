/** The typed client for all of `/v1`. Every answer is parsed; every error is a `FailureError`. */
import type * as z from 'zod/mini'
import { Role } from '../../shared/access.ts'
import {
  ApiKeys,
  apiVersion,
  BundleDisclosures,
  ConsistencyProof,
  CreatedApiKey,
  CreatedUser,
  type EpochAcceptance,
  EpochAccepted,
  ErasedBundles,
  EventPage,
  ExportLogged,
  type ExportRecord,
  type FacetField,
  Facets,
  Health,
  Histogram,
  LegalHold,
  LegalHolds,
  LogKeyHistory,
  LogWitnesses,
  Me,
  type NewApiKey,
  type NewLegalHold,
  type NewUser,
  type PanelCosignature,
  PanelCosigned,
  type PasswordChange,
  Retention,
  type RetentionSetting,
  type RoleInput,
  Roles,
  SavedViews,
  Session,
  type SignIn,
  type StreamSize,
  User,
  type UserChange,
  Users,
} from '../../shared/api.ts'
import { AuditEvent } from '../../shared/audit-event.ts'
import { type Filter, formatFilter } from '../../shared/filter.ts'
import { ImportReport, type ImportRequest } from '../../shared/imports.ts'
import { formatBundlePath, formatTilePath, type TileId } from '../../shared/log/tiles.ts'
import {
  type NewSourceInput,
  Source,
  type SourceChange,
  type SourceStatus,
  SourceStatuses,
  Sources,
  SourceTest,
} from '../../shared/sources.ts'
import { misbehaved } from './failure.ts'
import { type Connection, request, requestJson, requestNothing } from './request.ts'
import { readStream } from './stream.ts'

type Signal = AbortSignal | undefined

export interface PageRequest {
  cursor?: string | undefined
  limit?: number
  /** Only entries below this log size. */
  size?: number
}

export interface FacetRequest {
  fields: readonly FacetField[]
  limit?: number
  search?: string | undefined
  size?: number
}

/** Bucket `i` begins at `starts[i]` (ms since 1970, ascending); the last one ends at `end`. */
export interface HistogramRequest {
  starts: readonly number[]
  end: number
  size?: number
}

export type Client = ReturnType<typeof createClient>

/**
 *     const client = createClient({ server: 'https://audit.example', token: () => token, fetch })
 *     const page = await client.events({ action: { include: ['scan.started'], exclude: [] } }, { limit: 50 })
 */
export function createClient(connection: Connection) {
  return {
    server: connection.server,
    ...session(connection),
    ...access(connection),
    ...retention(connection),
    ...records(connection),
    ...log(connection),
    ...sources(connection),
  }
}

function session(connection: Connection) {
  return {
    /** What answers at this address. @throws {FailureError} also `server_too_old`, `server_too_new`. */
    async health(signal?: Signal): Promise<Health> {
      const health = await requestJson(connection, { path: '/healthz', signal }, Health)
      requireVersion(health.apiVersion)
      return health
    },
    signIn: (body: SignIn, signal?: Signal): Promise<Session> =>
      requestJson(connection, { method: 'POST', path: '/v1/session', body, signal }, Session),
    signOut: (signal?: Signal): Promise<void> =>
      requestNothing(connection, { method: 'DELETE', path: '/v1/session', signal }),
    /** Who asks and what they may. @throws {FailureError} also `server_too_old`, `server_too_new`. */
    async me(signal?: Signal): Promise<Me> {
      const me = await requestJson(connection, { path: '/v1/me', signal }, Me)
      requireVersion(me.apiVersion)
      return me
    },
    savedViews: (signal?: Signal): Promise<SavedViews> =>
      requestJson(connection, { path: '/v1/me/views', signal }, SavedViews),
    /** @throws {FailureError} also `conflict`: another window was first. */
    replaceSavedViews: (body: SavedViews, signal?: Signal): Promise<SavedViews> =>
      requestJson(connection, { method: 'PUT', path: '/v1/me/views', body, signal }, SavedViews),
    changePassword: (body: PasswordChange, signal?: Signal): Promise<void> =>
      requestNothing(connection, { method: 'POST', path: '/v1/me/password', body, signal }),
  }
}

/** Administration. */
function access(connection: Connection) {
  return {
    users: async (signal?: Signal): Promise<User[]> =>
      (await requestJson(connection, { path: '/v1/users', signal }, Users)).users,
    createUser: (body: NewUser, signal?: Signal): Promise<CreatedUser> =>
      requestJson(connection, { method: 'POST', path: '/v1/users', body, signal }, CreatedUser),
    changeUser: (id: string, body: UserChange, signal?: Signal): Promise<User> =>
      requestJson(connection, { method: 'PATCH', path: `/v1/users/${segment(id)}`, body, signal }, User),
    /** A new one-time password for someone who forgot theirs. */
    resetPassword: (id: string, signal?: Signal): Promise<CreatedUser> =>
      requestJson(
        connection,
        { method: 'POST', path: `/v1/users/${segment(id)}/password`, signal },
        CreatedUser,
      ),
    roles: async (signal?: Signal): Promise<Roles['roles']> =>
      (await requestJson(connection, { path: '/v1/roles', signal }, Roles)).roles,
    createRole: (body: RoleInput, signal?: Signal): Promise<Role> =>
      requestJson(connection, { method: 'POST', path: '/v1/roles', body, signal }, Role),
    changeRole: (id: string, body: RoleInput, signal?: Signal): Promise<Role> =>
      requestJson(connection, { method: 'PUT', path: `/v1/roles/${segment(id)}`, body, signal }, Role),
    deleteRole: (id: string, signal?: Signal): Promise<void> =>
      requestNothing(connection, { method: 'DELETE', path: `/v1/roles/${segment(id)}`, signal }),
    keys: async (signal?: Signal) =>
      (await requestJson(connection, { path: '/v1/keys', signal }, ApiKeys)).keys,
    createKey: (body: NewApiKey, signal?: Signal): Promise<CreatedApiKey> =>
      requestJson(connection, { method: 'POST', path: '/v1/keys', body, signal }, CreatedApiKey),
    revokeKey: (id: string, signal?: Signal): Promise<void> =>
      requestNothing(connection, { method: 'DELETE', path: `/v1/keys/${segment(id)}`, signal }),
  }
}

/** How long events are kept. */
function retention(connection: Connection) {
  const path = '/v1/settings/retention'
  return {
    retention: (signal?: Signal): Promise<Retention> => requestJson(connection, { path, signal }, Retention),
    changeRetention: (body: RetentionSetting, signal?: Signal): Promise<Retention> =>
      requestJson(connection, { method: 'PUT', path, body, signal }, Retention),
    holds: async (signal?: Signal): Promise<LegalHold[]> =>
      (await requestJson(connection, { path: '/v1/holds', signal }, LegalHolds)).holds,
    placeHold: (body: NewLegalHold, signal?: Signal): Promise<LegalHold> =>
      requestJson(connection, { method: 'POST', path: '/v1/holds', body, signal }, LegalHold),
    releaseHold: (id: string, signal?: Signal): Promise<void> =>
      requestNothing(connection, { method: 'DELETE', path: `/v1/holds/${segment(id)}`, signal }),
  }
}

/** Filtered reading. */
function records(connection: Connection) {
  return {
    events(filter: Filter, page: PageRequest = {}, signal?: Signal): Promise<EventPage> {
      const query = formatFilter(filter)
      setNumbers(query, { limit: page.limit, size: page.size })
      if (page.cursor !== undefined) query.set('cursor', page.cursor)
      return requestJson(connection, { path: '/v1/events', query, signal }, EventPage)
    },
    facets(filter: Filter, wanted: FacetRequest, signal?: Signal): Promise<Facets> {
      const query = formatFilter(filter)
      for (const field of wanted.fields) query.append('field', field)
      setNumbers(query, { limit: wanted.limit, size: wanted.size })
      if (wanted.search) query.set('search', wanted.search)
      return requestJson(connection, { path: '/v1/facets', query, signal }, Facets)
    },
    histogram(filter: Filter, buckets: HistogramRequest, signal?: Signal): Promise<Histogram> {
      const query = formatFilter(filter)
      query.set('starts', buckets.starts.join(','))
      setNumbers(query, { end: buckets.end, size: buckets.size })
      return requestJson(connection, { path: '/v1/histogram', query, signal }, Histogram)
    },
    /** One event by its place in the log. */
    event: (index: number, signal?: Signal): Promise<AuditEvent> =>
      requestJson(connection, { path: `/v1/events/${index}`, signal }, AuditEvent),
    /** The platform's own export files, into the log; with `dryRun` only what would become of them. */
    importFiles: (body: ImportRequest, signal?: Signal): Promise<ImportReport> =>
      requestJson(connection, { method: 'POST', path: '/v1/imports', body, signal }, ImportReport),
    /** Says what is about to be handed over as a file; logged as an event. */
    recordExport: (body: ExportRecord, signal?: Signal): Promise<z.infer<typeof ExportLogged>> =>
      requestJson(connection, { method: 'POST', path: '/v1/exports', body, signal }, ExportLogged),
  }
}

/** The log itself, as C2SP tlog-tiles serves it, with the disclosures this reader may have. */
function log(connection: Connection) {
  return {
    /** The signed note, unverified. */
    checkpoint: (signal?: Signal): Promise<string> =>
      request(connection, { path: '/v1/log/checkpoint', signal }, response => response.text()),
    /** The newest note that enough witnesses of the server's policy cosigned, unverified. */
    cosignedCheckpoint: (signal?: Signal): Promise<string> =>
      request(
        connection,
        { path: '/v1/log/checkpoint', query: new URLSearchParams({ cosigned: '' }), signal },
        response => response.text(),
      ),
    /** Who cosigns the log, and what panels cosigned after that moment (ISO time, by the server's clock). */
    logWitnesses(since: string | undefined, signal?: Signal): Promise<LogWitnesses> {
      const query = new URLSearchParams(since === undefined ? {} : { since })
      return requestJson(connection, { path: '/v1/log/witnesses', query, signal }, LogWitnesses)
    },
    /** Hands in what this panel cosigned. */
    cosign: (body: PanelCosignature, signal?: Signal): Promise<PanelCosigned> =>
      requestJson(connection, { method: 'POST', path: '/v1/log/cosignatures', body, signal }, PanelCosigned),
    /** What the log says its keys are, to be believed at first sight only, and what proves how they changed. */
    logKeys: (signal?: Signal): Promise<LogKeyHistory> =>
      requestJson(connection, { path: '/v1/log/keys', signal }, LogKeyHistory),
    /** Says that this person goes on with a log that was restored; logged as an event. */
    acceptEpoch: (body: EpochAcceptance, signal?: Signal): Promise<EpochAccepted> =>
      requestJson(connection, { method: 'POST', path: '/v1/log/acceptances', body, signal }, EpochAccepted),
    /** The hashes, in base64, that should prove that the log only grew; unverified. */
    async consistency(from: number, to: number, signal?: Signal): Promise<string[]> {
      const query = new URLSearchParams({ from: String(from), to: String(to) })
      const call = { path: '/v1/log/consistency', query, signal }
      return (await requestJson(connection, call, ConsistencyProof)).proof
    },
    /** The bytes of a tile of hashes, unverified. */
    tile(tile: TileId, signal?: Signal): Promise<Uint8Array> {
      const call = { path: `/v1/log/${formatTilePath(tile)}`, signal, immutable: tile.width === 256 }
      return request(connection, call, async response => new Uint8Array(await response.arrayBuffer()))
    },
    /** The bytes of a bundle with `width` entries (256 when sealed), undecoded. */
    entryBundle(index: number, width: number, signal?: Signal): Promise<Uint8Array> {
      const path = `/v1/log/${formatBundlePath({ index, width })}`
      const call = { path, signal, immutable: width === 256 }
      return request(connection, call, async response => new Uint8Array(await response.arrayBuffer()))
    },
    disclosures: (bundle: number, signal?: Signal): Promise<BundleDisclosures> =>
      requestJson(connection, { path: `/v1/log/disclosures/${bundle}`, signal }, BundleDisclosures),
    /** Bundles that lost something since a version of the log's erasures, and the version they are at now. */
    erasures: (since: number, signal?: Signal): Promise<ErasedBundles> => {
      const query = new URLSearchParams({ since: String(since) })
      return requestJson(connection, { path: '/v1/log/erasures', query, signal }, ErasedBundles)
    },
    /** The log's size each time it grows, until the connection ends. */
    stream: (signal: AbortSignal): AsyncGenerator<StreamSize> => readStream(connection, signal),
  }
}

/** Where the log is fed from. */
function sources(connection: Connection) {
  const at = (id: string, rest = '') => `/v1/sources/${segment(id)}${rest}`
  return {
    sources: async (signal?: Signal): Promise<SourceStatus[]> =>
      (await requestJson(connection, { path: '/v1/sources', signal }, SourceStatuses)).sources,
    sourceSettings: async (signal?: Signal): Promise<Source[]> =>
      (await requestJson(connection, { path: '/v1/sources/settings', signal }, Sources)).sources,
    addSource: (body: NewSourceInput, signal?: Signal): Promise<Source> =>
      requestJson(connection, { method: 'POST', path: '/v1/sources', body, signal }, Source),
    changeSource: (id: string, body: SourceChange, signal?: Signal): Promise<Source> =>
      requestJson(connection, { method: 'PATCH', path: at(id), body, signal }, Source),
    removeSource: (id: string, signal?: Signal): Promise<void> =>
      requestNothing(connection, { method: 'DELETE', path: at(id), signal }),
    actOnSource: (id: string, verb: 'pause' | 'resume' | 'run', signal?: Signal): Promise<Source> =>
      requestJson(connection, { method: 'POST', path: at(id, `/${verb}`), signal }, Source),
    /** Asks the platform once, through the server. */
    testSource: (body: NewSourceInput, signal?: Signal): Promise<SourceTest> =>
      requestJson(connection, { method: 'POST', path: '/v1/sources/test', body, signal }, SourceTest),
    testChangedSource: (id: string, body: SourceChange, signal?: Signal): Promise<SourceTest> =>
      requestJson(connection, { method: 'POST', path: at(id, '/test'), body, signal }, SourceTest),
  }
}

function requireVersion(theirs: number): void {
  if (theirs === apiVersion) return
  const code = theirs < apiVersion ? 'server_too_old' : 'server_too_new'
  throw misbehaved(code, `The server speaks version ${theirs} of the API, this panel version ${apiVersion}`)
}

function setNumbers(query: URLSearchParams, numbers: Record<string, number | undefined>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== undefined) query.set(name, String(value))
  }
}

function segment(id: string): string {
  return encodeURIComponent(id)
}
