/** The tables of feed.db: sources, where each has got to, and what of the platform's list is in the log. */
import type { Kysely, Migration } from 'kysely'
import { migrateWithKysely } from '../store/sqlite/kysely-migrations.ts'

/** Times are ISO 8601 text or milliseconds, truth is 0 or 1: what SQLite has. */
export interface FeedTables {
  source: {
    id: string
    name: string
    kind: string
    baseUrl: string
    /** See `credentials.ts`. */
    sealedKey: string
    userId: string | null
    intervalSeconds: number
    startDate: string | null
    certificateAuthority: string | null
    proxy: string | null
    usersPath: string | null
    targetsPath: string | null
    /** Under which source its events stand in the log. */
    eventSource: string
    fromFile: number
    paused: number
    createdAt: string
  }
  place: { sourceId: string; place: string }
  /** Bits of the places in the log whose entries the platform listed, 2048 a row. */
  listed: { sourceId: string; number: number; block: number; bits: Uint8Array }
  /** Entries that could not be read: by digest, without their content. */
  unreadable: { sourceId: string; digest: string; reason: string; path: string; firstAt: string }
  name: {
    sourceId: string
    kind: string
    id: string
    name: string | null
    email: string | null
    seenAt: number
    /** Entries without this name are in the log, and the log has not been told it yet. */
    owed: number
  }
  /** How it went with the lists of names: one row a source and kind. */
  nameList: { sourceId: string; kind: string; readAt: number; trouble: string | null }
  pendingEvent: { id: string; event: string }
}

export type FeedDatabase = Kysely<FeedTables>

const firstTables: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('source')
      .addColumn('id', 'text', column => column.primaryKey())
      .addColumn('name', 'text', column => column.notNull())
      .addColumn('kind', 'text', column => column.notNull())
      .addColumn('baseUrl', 'text', column => column.notNull())
      .addColumn('sealedKey', 'text', column => column.notNull())
      .addColumn('userId', 'text')
      .addColumn('intervalSeconds', 'integer', column => column.notNull())
      .addColumn('startDate', 'text')
      .addColumn('certificateAuthority', 'text')
      .addColumn('proxy', 'text')
      .addColumn('usersPath', 'text')
      .addColumn('targetsPath', 'text')
      .addColumn('eventSource', 'text', column => column.notNull())
      .addColumn('fromFile', 'integer', column => column.notNull())
      .addColumn('paused', 'integer', column => column.notNull())
      .addColumn('createdAt', 'text', column => column.notNull())
      .execute()
    await db.schema
      .createTable('place')
      .addColumn('sourceId', 'text', column =>
        column.primaryKey().references('source.id').onDelete('cascade'),
      )
      .addColumn('place', 'text', column => column.notNull())
      .execute()
    await db.schema
      .createTable('listed')
      .addColumn('sourceId', 'text', column => column.notNull().references('source.id').onDelete('cascade'))
      .addColumn('number', 'integer', column => column.notNull())
      .addColumn('block', 'integer', column => column.notNull())
      .addColumn('bits', 'blob', column => column.notNull())
      .addPrimaryKeyConstraint('listedKey', ['sourceId', 'number', 'block'])
      .execute()
    await db.schema
      .createTable('unreadable')
      .addColumn('sourceId', 'text', column => column.notNull().references('source.id').onDelete('cascade'))
      .addColumn('digest', 'text', column => column.notNull())
      .addColumn('reason', 'text', column => column.notNull())
      .addColumn('path', 'text', column => column.notNull())
      .addColumn('firstAt', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('unreadableKey', ['sourceId', 'digest'])
      .execute()
    await db.schema
      .createTable('name')
      .addColumn('sourceId', 'text', column => column.notNull().references('source.id').onDelete('cascade'))
      .addColumn('kind', 'text', column => column.notNull())
      .addColumn('id', 'text', column => column.notNull())
      .addColumn('name', 'text')
      .addColumn('email', 'text')
      .addColumn('seenAt', 'integer', column => column.notNull())
      .addColumn('owed', 'integer', column => column.notNull())
      .addPrimaryKeyConstraint('nameKey', ['sourceId', 'kind', 'id'])
      .execute()
    await db.schema
      .createTable('nameList')
      .addColumn('sourceId', 'text', column => column.notNull().references('source.id').onDelete('cascade'))
      .addColumn('kind', 'text', column => column.notNull())
      .addColumn('readAt', 'integer', column => column.notNull())
      .addColumn('trouble', 'text')
      .addPrimaryKeyConstraint('nameListKey', ['sourceId', 'kind'])
      .execute()
    await db.schema
      .createTable('pendingEvent')
      .addColumn('id', 'text', column => column.primaryKey())
      .addColumn('event', 'text', column => column.notNull())
      .execute()
  },
}

/** In the order of their names; what has been released is never changed, only followed. */
const migrations: Record<string, Migration> = { '001-first-tables': firstTables }

export function migrateFeed(db: FeedDatabase): Promise<void> {
  return migrateWithKysely(db, migrations)
}
