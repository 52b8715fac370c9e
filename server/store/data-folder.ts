/** The folder that holds a workspace: databases, keys, and the mark of the one process that works on it. */

export interface DataFolder {
  readonly path: string
  readonly files: { log: string; access: string; logKey: string }
  /** Tells commands on this machine where to reach us; taken back by `close`. */
  announce(url: string): { secret: string }
  /** Lets another process have the folder. */
  close(): void
}

export interface RunningBackend {
  url: string
  /** Known only to those who may read the folder: proves that a command comes from this machine's owner. */
  secret: string
}

/** Another process works on the folder. */
export class DataFolderBusyError extends Error {
  override name = 'DataFolderBusyError'
}

/** Makes the folder where absent (0700) and takes it for this process alone. @throws {DataFolderBusyError} */
export function openDataFolder(_path: string): DataFolder {
  throw new Error('not yet')
}

/** The backend at work on the folder; null when none is. */
export function runningBackend(_path: string): RunningBackend | null {
  throw new Error('not yet')
}
