/** How tables that Kysely looks after are brought up to date: in the order of their names, each once. */
import { type Kysely, type Migration, Migrator, type MigratorProps } from 'kysely'

/** `tables` where another library keeps account of its own migrations in the same database. */
export async function migrateWithKysely<Tables>(
  db: Kysely<Tables>,
  migrations: Record<string, Migration>,
  tables: Pick<MigratorProps, 'migrationTableName' | 'migrationLockTableName'> = {},
): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations }, ...tables })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
