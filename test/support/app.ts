/** The whole app over databases in memory, called as a function. */
import pino from 'pino'
import type { AccessOptions } from '../../server/access/access.ts'
import type { RecordEvent } from '../../server/access/journal.ts'
import { createApp } from '../../server/app.ts'
import { createNormalise } from '../../server/intake/normalise.ts'
import { openForgetting } from '../../server/log/forgetting.ts'
import { createKeyRotator } from '../../server/log/key-rotation.ts'
import { createLiveIndex } from '../../server/log/live-index.ts'
import { createRecorder } from '../../server/log/recorder.ts'
import { createMetrics } from '../../server/metrics.ts'
import { createStreams } from '../../server/routes/stream.ts'
import type { Policy } from '../../shared/log/policy.ts'
import { openTestAccess } from './access.ts'
import { createStandIn } from './platform/stand-in.ts'
import { openTestFeed } from './platform/test-feed.ts'
import { openTestLog, testOrg } from './test-log.ts'
import { openTestWitnessing } from './test-witness.ts'

/** `policy` names the witnesses that are asked when a test says so. */
export async function openTestApp(options: Partial<AccessOptions> = {}, policy: Policy | null = null) {
  const log = await openTestLog({ keepKeyFile: true })
  const { store, writer } = log
  const normalise = createNormalise(new Uint8Array(32))
  const recorder = createRecorder({ writer, normalise, clock: () => log.clock.now })
  const record: RecordEvent = async event => void (await recorder.record(event))
  const opened = await openTestAccess({ record, ...options })
  const platform = createStandIn({ clock: () => log.clock.now, history: 40 })
  const clock = () => log.clock.now
  const fed = await openTestFeed({ writer, normalise, platform, record, clock })
  const { feed } = fed
  const forgetting = await openForgetting({ org: testOrg, store, writer, recorder, clock })
  const live = createLiveIndex({ org: testOrg, store, writer, removals: forgetting.removals })
  const keyRotator = createKeyRotator({
    ...{ org: testOrg, path: log.keyPath!, store, writer, normalise },
    ...{ clock: () => log.clock.now, randomBytes: length => crypto.getRandomValues(new Uint8Array(length)) },
  })
  const { witnessing, reader, witnessStore } = await openTestWitnessing(log, recorder, policy)
  const streams = createStreams()
  const size = () => live.size
  const app = createApp({
    access: opened.access,
    writer,
    reader,
    witnessing,
    live,
    ...forgetting,
    keyRotator,
    recorder,
    feed,
    normalise,
    metrics: createMetrics({ size, indexed: size, streams: streams.count, sources: () => feed.status() }),
    streams,
    logger: pino({ level: 'silent' }),
    serverVersion: '0.0.0-test',
    requestsPerMinute: 1_000_000,
    trustProxy: false,
  })
  return {
    ...opened,
    app,
    log,
    live,
    witnessing,
    witnessStore,
    feed,
    /** Where sources of this app lead to, whatever their address. */
    platform,
    ...forgetting,
    keyRotator,
    reader,
    recorder,
    streams,
    async close() {
      await fed.close()
      await streams.closeAll()
      await live.close()
      await log.close()
    },
  }
}
