/** The tables of access.db: the account library's own, and ours beside them. */
import type { Kysely, Migration } from 'kysely'
import { migrateWithKysely } from '../store/sqlite/kysely-migrations.ts'

/** Times are ISO 8601 text, truth is 0 or 1, lists are JSON: what SQLite has. */
export interface AccessTables {
  /** `user`, `session` and `account` belong to the account library; named here as far as we read them. */
  user: { id: string; name: string; email: string; createdAt: string; updatedAt: string }
  session: {
    id: string
    userId: string
    /** SHA-256 of the token. */
    token: string
    createdAt: string
    updatedAt: string
    expiresAt: string
    endedAt: string | null
  }
  account: { userId: string; providerId: string; accountId: string; password: string | null }
  member: {
    userId: string
    disabled: number
    mustChangePassword: number
    /** When an unused one-time password stops working. */
    passwordExpiresAt: string | null
    lastSignInAt: string | null
  }
  memberRole: { userId: string; roleId: string }
  customRole: { id: string; name: string; description: string; permissions: string; createdAt: string }
  apiKey: {
    id: string
    name: string
    start: string
    /** SHA-256 of the key. */
    hash: string
    roleId: string | null
    permissions: string
    createdAt: string
    createdBy: string
    lastUsedAt: string | null
    expiresAt: string | null
    revokedAt: string | null
  }
  signInAttempt: { id: string; subject: string; at: number }
  pendingEvent: { id: string; event: string }
  /** `ownerId` is `user:…` or `api_key:…`; `views` as JSON. */
  savedViews: { ownerId: string; revision: number; views: string }
}

export type AccessDatabase = Kysely<AccessTables>

const firstTables: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('member')
      .addColumn('userId', 'text', column => column.primaryKey().references('user.id').onDelete('cascade'))
      .addColumn('disabled', 'integer', column => column.notNull().defaultTo(0))
      .addColumn('mustChangePassword', 'integer', column => column.notNull().defaultTo(0))
      .addColumn('passwordExpiresAt', 'text')
      .addColumn('lastSignInAt', 'text')
      .execute()
    await db.schema
      .createTable('memberRole')
      .addColumn('userId', 'text', column => column.notNull().references('member.userId').onDelete('cascade'))
      .addColumn('roleId', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('memberRoleKey', ['userId', 'roleId'])
      .execute()
    await db.schema
      .createTable('customRole')
      .addColumn('id', 'text', column => column.primaryKey())
      .addColumn('name', 'text', column => column.notNull())
      .addColumn('description', 'text', column => column.notNull())
      .addColumn('permissions', 'text', column => column.notNull())
      .addColumn('createdAt', 'text', column => column.notNull())
      .execute()
    await db.schema
      .createTable('apiKey')
      .addColumn('id', 'text', column => column.primaryKey())
      .addColumn('name', 'text', column => column.notNull())
      .addColumn('start', 'text', column => column.notNull())
      .addColumn('hash', 'text', column => column.notNull().unique())
      .addColumn('roleId', 'text')
      .addColumn('permissions', 'text', column => column.notNull())
      .addColumn('createdAt', 'text', column => column.notNull())
      .addColumn('createdBy', 'text', column => column.notNull())
      .addColumn('lastUsedAt', 'text')
      .addColumn('expiresAt', 'text')
      .addColumn('revokedAt', 'text')
      .execute()
    await db.schema
      .createTable('signInAttempt')
      .addColumn('id', 'text', column => column.primaryKey())
      .addColumn('subject', 'text', column => column.notNull())
      .addColumn('at', 'integer', column => column.notNull())
      .execute()
    await db.schema
      .createIndex('signInAttemptBySubject')
      .on('signInAttempt')
      .columns(['subject', 'at'])
      .execute()
    await db.schema
      .createTable('pendingEvent')
      .addColumn('id', 'text', column => column.primaryKey())
      .addColumn('event', 'text', column => column.notNull())
      .execute()
  },
}

const savedViews: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('savedViews')
      .addColumn('ownerId', 'text', column => column.primaryKey())
      .addColumn('revision', 'integer', column => column.notNull())
      .addColumn('views', 'text', column => column.notNull())
      .execute()
  },
}

/** In the order of their names; what has been released is never changed, only followed. */
const migrations: Record<string, Migration> = {
  '001-first-tables': firstTables,
  '002-saved-views': savedViews,
}

/** Brings our tables up to date. The account library's must be there already. */
export function migrateTables(db: AccessDatabase): Promise<void> {
  return migrateWithKysely(db, migrations, {
    migrationTableName: 'accessMigration',
    migrationLockTableName: 'accessMigrationLock',
  })
}
