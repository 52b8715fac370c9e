/** A feed over a database in memory, whose sources lead to a stand-in whatever their address. */
import { type Feed, type FeedOptions, openFeed } from '../../../server/feed/feed.ts'
import type { FeedTables } from '../../../server/feed/tables.ts'
import { createLogSink } from '../../../server/intake/log-sink.ts'
import type { Normalise } from '../../../server/intake/normalise.ts'
import type { LogWriter } from '../../../server/log/writer.ts'
import { openDatabase } from '../../../server/store/sqlite/database.ts'
import { kyselyOver } from '../../../server/store/sqlite/kysely-dialect.ts'
import { inProcess } from './in-process.ts'
import type { StandIn } from './stand-in.ts'

export interface TestFeedParts extends Pick<FeedOptions, 'record' | 'clock'> {
  writer: Pick<LogWriter, 'append'>
  normalise: Normalise
  platform: StandIn
}

export async function openTestFeed(
  { writer, normalise, platform, record, clock }: TestFeedParts,
  changes: Partial<FeedOptions> = {},
): Promise<{ feed: Feed; close(): Promise<void> }> {
  const database = kyselyOver<FeedTables>(openDatabase(':memory:'))
  const feed = await openFeed({
    database,
    secret: 'the secret of the test',
    sink: createLogSink(events => writer.append(events), normalise),
    record,
    logger: { error() {} },
    openTransport: () => inProcess(platform),
    clock,
    random: () => 0.5,
    ...changes,
  })
  return {
    feed,
    async close() {
      await feed.close()
      await database.destroy()
    },
  }
}
