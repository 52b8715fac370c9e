/** Everything that works on one data folder, put together: what the server serves and the commands use. */
import { hkdfSync, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Logger } from 'pino'
import { type Access, openAccess } from './access/access.ts'
import type { AccessTables } from './access/tables.ts'
import type { Config } from './config.ts'
import { type Feed, openFeed } from './feed/feed.ts'
import type { FeedTables } from './feed/tables.ts'
import { openTransport } from './feed/transport.ts'
import { createLogSink } from './intake/log-sink.ts'
import { createNormalise, type Normalise } from './intake/normalise.ts'
import { dropRestoredMark, prepareEpoch, readRestoredMark } from './log/epoch-start.ts'
import { type Forgetting, openForgetting } from './log/forgetting.ts'
import { IndexKeeper } from './log/index-keeper.ts'
import { createKeyRotator, type KeyRotator } from './log/key-rotation.ts'
import { createLiveIndex, type LiveIndex } from './log/live-index.ts'
import { openLogKey, settleKeys } from './log/log-key.ts'
import { createLogReader, type LogReader } from './log/reader.ts'
import { createRecorder, type Recorder } from './log/recorder.ts'
import { type LogWriter, openLogWriter } from './log/writer.ts'
import { openSecret } from './secret.ts'
import { type DataFolder, openDataFolder } from './store/data-folder.ts'
import { openDatabase } from './store/sqlite/database.ts'
import { openIndexFile } from './store/sqlite/index-file.ts'
import { kyselyOver } from './store/sqlite/kysely-dialect.ts'
import { openSqliteLogStore } from './store/sqlite/log-store.ts'
import { createCosignedNotes } from './witness/cosigned-notes.ts'
import { forgettingPanels } from './witness/forgetting-panels.ts'
import { openWitnessStore } from './witness/witness-store.ts'
import { openWitnessing, type Witnessing } from './witness/witnessing.ts'
import { createWorkspace, readWorkspace, type Workspace } from './workspace.ts'

export interface Backend extends Forgetting {
  folder: DataFolder
  workspace: Workspace
  access: Access
  writer: LogWriter
  reader: LogReader
  recorder: Recorder
  /** Pulls nothing before it is started. */
  feed: Feed
  keyRotator: KeyRotator
  normalise: Normalise
  /** Begins to build the event index; commands that only write have no use for it. */
  startIndex(): LiveIndex
  /** Begins to ask witnesses and to be one, as configured. @throws {ConfigError | LogKeyError} */
  startWitnessing(): Promise<Witnessing>
  /** Keeps what is waiting, closes the files, frees the folder. */
  close(): Promise<void>
}

export interface BackendOptions {
  config: Pick<
    Config,
    | 'data'
    | 'workspaceName'
    | 'origin'
    | 'sessionHours'
    | 'idleMinutes'
    | 'policy'
    | 'witnessFor'
    | 'witnessName'
  >
  /** What a new workspace becomes; one that exists stays what it is. */
  demo: boolean
  logger: Logger
}

/** @throws {DataFolderBusyError | LogKeyError | DamagedLogError} with words for whoever starts it. */
export async function openBackend({ config, demo, logger }: BackendOptions): Promise<Backend> {
  const folder = openDataFolder(config.data)
  const opened: (() => unknown)[] = [() => folder.close()]
  const close = async () => {
    for (const closeOne of opened.splice(0).reverse()) await closeOne()
  }
  try {
    return await openParts()
  } catch (error) {
    await close()
    throw error
  }

  async function openParts(): Promise<Backend> {
    const workspace = openWorkspace(config, demo)
    const secret = openSecret(folder.path)
    const normalise = createNormalise(
      new Uint8Array(hkdfSync('sha256', secret, workspace.id, 'actor pseudonyms', 32)),
    )
    const { store, writer } = await openLog(workspace, normalise)
    const recorder = createRecorder({ writer, normalise, clock: Date.now })
    const accessDatabase = kyselyOver<AccessTables>(openDatabase(folder.files.access))
    opened.push(() => accessDatabase.destroy())
    const access = await openAccess({
      database: accessDatabase,
      secret,
      clock: Date.now,
      record: async event => void (await recorder.record(event)),
      workspace,
      logger,
      localSecret: () => folder.secret,
      sessionLimits: { absoluteMs: config.sessionHours * 3_600_000, idleMs: config.idleMinutes * 60_000 },
    })
    const witnessStore = openWitnessTables()
    // What a removal was stopped at may still be in the kept index, and this finishes it.
    if ((await store.tasks(workspace.id)).length > 0) forgetKeptIndex()
    const opening = await openForgetting({ org: workspace.id, store, writer, recorder, clock: Date.now })
    const forgetting = { ...opening, eraser: forgettingPanels(opening.eraser, witnessStore) }
    const { removals } = forgetting
    // Without an index at work, nobody else takes out of the file what was removed.
    const stopForgetting = removals.onRemoval({ begin: forgetKeptIndex, end: () => {} })
    const startIndex = () => {
      stopForgetting()
      const onTrouble = (message: string, err: unknown) => logger.warn({ err }, message)
      const file = openIndexFile(folder.files.index)
      const erasures = () => removals.version
      const keeper = new IndexKeeper({ org: workspace.id, store, file, erasures, onTrouble })
      const live = createLiveIndex({ org: workspace.id, store, writer, removals, keeper })
      opened.push(() => live.close())
      return live
    }
    const cosigned = createCosignedNotes(witnessStore)
    const reader = createLogReader({ org: workspace.id, store, cosigned })
    const keyRotator = createKeyRotator({
      ...{ org: workspace.id, path: folder.files.logKey, store, writer, normalise },
      ...{ clock: Date.now, randomBytes: freshBytes },
    })
    const startWitnessing = async () => {
      const witnessing = await openWitnessing({
        ...{
          config,
          org: workspace.id,
          logStore: store,
          store: witnessStore,
          writer,
          reader,
          recorder,
          fetch,
        },
        ...{ keyPath: folder.files.witnessKey, clock: Date.now, randomBytes: freshBytes },
        onError: err => logger.error({ err }, 'asking the witnesses failed'),
      })
      opened.push(() => witnessing.close())
      return witnessing
    }
    const feed = await openFeedOf({ writer, normalise, recorder }, secret)
    return {
      ...{ folder, workspace, access, writer, reader, recorder, ...forgetting, feed, keyRotator, normalise },
      ...{ startIndex, startWitnessing, close },
    }
  }

  function forgetKeptIndex(): void {
    if (!existsSync(folder.files.index)) return
    const file = openIndexFile(folder.files.index)
    file.clear()
    file.close()
  }

  function openWitnessTables() {
    const database = openDatabase(folder.files.witness)
    opened.push(() => database.close())
    return openWitnessStore(database)
  }

  async function openFeedOf(
    { writer, normalise, recorder }: Pick<Backend, 'writer' | 'normalise' | 'recorder'>,
    secret: string,
  ): Promise<Feed> {
    const database = kyselyOver<FeedTables>(openDatabase(folder.files.feed))
    opened.push(() => database.destroy())
    const feed = await openFeed({
      database,
      secret,
      sink: createLogSink(events => writer.append(events), normalise),
      record: async event => void (await recorder.record(event)),
      logger,
      openTransport,
      clock: Date.now,
      random: Math.random,
    })
    opened.push(() => feed.close())
    return feed
  }

  async function openLog(workspace: Workspace, normalise: Normalise) {
    const database = openDatabase(folder.files.log)
    opened.push(() => database.close())
    const store = openSqliteLogStore(database)
    const { checkpoint } = await store.state(workspace.id)
    const key = await openLogKey({
      path: folder.files.logKey,
      origin: config.origin ?? `trailside.local/${workspace.id}`,
      mayCreate: checkpoint === null,
      checkpoint,
      clock: Date.now,
      randomBytes: freshBytes,
    })
    const mark = readRestoredMark(folder.path)
    const epoch =
      mark && checkpoint !== null
        ? await prepareEpoch({
            ...{ mark, path: folder.files.logKey, key, checkpoint, normalise },
            ...{ clock: Date.now, randomBytes: freshBytes },
          })
        : null
    const onError = (err: unknown) => logger.error({ err }, 'a commit failed; its events were refused')
    const writer = await openLogWriter({
      org: workspace.id,
      store,
      key,
      clock: Date.now,
      randomBytes: freshBytes,
      onError,
      epoch,
    })
    opened.push(() => writer.close())
    if (mark) {
      await settleKeys(folder.files.logKey, (await store.state(workspace.id)).checkpoint, Date.now)
      dropRestoredMark(folder.path)
    }
    return { store, writer }
  }
}

function freshBytes(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length))
}

function openWorkspace(config: BackendOptions['config'], demo: boolean): Workspace {
  const name = config.workspaceName ?? (demo ? 'Demo workspace' : 'Trailside')
  return readWorkspace(config.data) ?? createWorkspace(config.data, { name, demo, now: new Date() })
}
