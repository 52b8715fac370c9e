/** `trailside backup --data DIR --to FILE` and `trailside restore --from FILE --data DIR` */
import { parseArgs } from 'node:util'
import { BackupError, backup, restore } from '../backup.ts'
import type { TextOutput } from './progress-line.ts'

export const backupUsage = `trailside backup --data DIR --to FILE     while the backend runs or not; never written over another file
trailside restore --from FILE --data DIR  into a folder that is new or empty

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
    const { from, data } = readFlags(args, ['from', 'data'])
    const { size } = await restore({ from: from!, dataFolder: data! })
    stderr.write(`${size} entries restored and checked.\n`)
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

function readFlags(args: string[], names: string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(names.map(name => [name, { type: 'string' as const }]))
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
