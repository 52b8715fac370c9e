/** What tells one product's audit API from another's: how a page is asked for, and how it is read. */
import type { NewEventInput } from '../../shared/audit-event.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { SourceKind } from '../../shared/sources.ts'
import { invictiEnterprise } from './invicti-enterprise.ts'
import { invictiPlatform } from './invicti-platform.ts'

export interface Credentials {
  key: string
  userId: string | null
}

export interface PageRequest {
  /** From 1. */
  page: number
  size: number
  /** Nothing older is wanted; milliseconds since 1970. */
  sinceMs: number | null
}

export interface ListedPage {
  items: JsonObject[]
  /** Null where the platform does not say. */
  total: number | null
  /** The size the page was cut by, where it is said. */
  size: number | null
}

export interface Connector {
  headers(credentials: Credentials): Record<string, string>
  /** Path and query below the base URL. */
  path(request: PageRequest): string
  /** Null where the answer holds no list. */
  read(answer: JsonObject): ListedPage | null
  /** @throws {RowError} for an item that is no entry */
  event(item: JsonObject, source: string): NewEventInput
  /** Whether the platform itself leaves out what is older than asked for, and counts so. */
  countsSince: boolean
  needsUserId: boolean
}

export const connectors: Record<SourceKind, Connector> = {
  'invicti-platform': invictiPlatform,
  'invicti-enterprise': invictiEnterprise,
}
