/** `trailside backup --data DIR --to FILE` and `trailside restore --from FILE --data DIR` */
import { parseArgs } from 'node:util'
import { BackupError, backup, restore } from '../backup.ts'
import type { TextOutput } from './progress-line.ts'

export const backupUsage = `trailside backup --data DIR --to FILE     while the backend runs or not; never written over another file
trailside restore --from FILE --data DIR [--reason TEXT] [--epoch N]   into a folder that is new or empty

  Whatever the log took in since the backup is lost, and panels may have seen it. So a restored log goes on as a new
  epoch, under another origin and fresh keys, which each person accepts in their panel. To move a log to another machine
  and lose nothing, stop the backend and copy the folder instead: it stays the same log.

  --reason TEXT  why, as it will stand in the log and in the panels' question
  --epoch N      the epoch's number, where one was begun since the backup and is given up: one more than the last

  A backup holds the log's signing key and every account: keep it as safe as the data folder.
`

interface Output {
  stdout: TextOutput
  stderr: TextOutput
}

/** Answers the exit code. The file's path alone goes to standard output. */
export function backupCommand(args: string[], { stdout, stderr }: Output): Promise<number> {
  return answering(stderr, async () => {
    const { data, to } = readFlags(args, ['data', 'to'])
    const report = await backup({ dataFolder: data!, to: to! })
    stderr.write(`${report.size} entries, ${report.bytes} bytes, read back and checked.\n`)
    stdout.write(`${report.file}\n`)
  })
}

export function restoreCommand(args: string[], { stdout, stderr }: Output): Promise<number> {
  return answering(stderr, async () => {
    const { from, data, reason, epoch } = readFlags(args, ['from', 'data'], ['reason', 'epoch'])
    const number = epoch === undefined ? undefined : readEpochNumber(epoch)
    const { size, origin } = await restore({ from: from!, dataFolder: data!, reason, epoch: number })
    stderr.write(`${size} entries restored and checked. At its next start the log goes on as ${origin}.\n`)
    stdout.write(`${data}\n`)
  })
}

class UsageError extends Error {}

async function answering(stderr: TextOutput, work: () => Promise<void>): Promise<number> {
  try {
    await work()
    return 0
  } catch (error) {
    if (error instanceof UsageError) stderr.write(`${error.message}\n\n${backupUsage}`)
    else if (error instanceof BackupError) stderr.write(`${error.message}\n`)
    else throw error
    return error instanceof UsageError ? 2 : 1
  }
}

function readEpochNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError('--epoch is a number from 2 on.')
  return Number(text)
}

function readFlags(args: string[], names: string[], more: string[] = []): Record<string, string | undefined> {
  const options = Object.fromEntries([...names, ...more].map(name => [name, { type: 'string' as const }]))
  let values: Record<string, string | undefined>
  try {
    values = parseArgs({ args, options }).values as typeof values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
  const missing = names.find(name => !values[name])
  if (missing) throw new UsageError(`--${missing} is missing.`)
  return values
}
