/** `trailside import --data DIR --format FORMAT FILE…`: reads files into the log and says exactly what became of them. */
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { type FormatName, formats, isFormatName } from '../intake/formats.ts'
import { type ImportCounts, type ImportSink, importFiles, type RejectedRow } from '../intake/import.ts'
import { type InputFile, inputFile } from '../intake/input-file.ts'
import { createProgressLine, type TextOutput } from './progress-line.ts'

export interface OpenSinkOptions {
  data: string
  /** An API key for the backend that runs on the same folder, where one was given. */
  key: string | undefined
}

export interface ImportCommandParts {
  /** Opens the log in the folder, or the way to the backend that holds it. Always closed again. */
  openSink(options: OpenSinkOptions): Promise<ImportSink & { close(): Promise<void> }>
  stdout: TextOutput
  stderr: TextOutput
  stdin?: AsyncIterable<Uint8Array>
  now?: () => number
}

export const importUsage = `trailside import --data DIR --format FORMAT [options] FILE…

  FILE              a file, plain or gzip; - for standard input
  --format FORMAT   ${Object.keys(formats).join(', ')}
  --data DIR        the data folder (default ./data)
  --json            one summary object on standard output
  --rejects FILE    every rejected row goes there, not only the first ${20} to standard error
  --shift-to-now    demonstrations only: moves all times so that the newest is now, and marks the events so;
                    ids stay, so what is already in the log stays as it is
  --key KEY         API key for a backend that runs on the data folder
`

const shownRejects = 20

/** Answers the exit code: 0 where everything was taken, 1 where a row or file was not, 2 where the call is wrong. */
export async function importCommand(args: string[], parts: ImportCommandParts): Promise<number> {
  const call = readCall(args)
  if ('usage' in call) {
    parts.stderr.write(`${call.usage}\n\n${importUsage}`)
    return 2
  }
  const files: InputFile[] = []
  for (const name of call.files) {
    try {
      files.push(await inputFile(name, parts.stdin ?? process.stdin))
    } catch (error) {
      parts.stderr.write(`${name}: cannot be read: ${(error as Error).message}\n`)
      return 1
    }
  }
  return runImport(call, files, parts)
}

interface Call {
  format: FormatName
  files: string[]
  data: string
  key: string | undefined
  json: boolean
  shiftToNow: boolean
  rejects: string | undefined
}

function readCall(args: string[]): Call | { usage: string } {
  let parsed: ReturnType<typeof parseImportArgs>
  try {
    parsed = parseImportArgs(args)
  } catch (error) {
    return { usage: (error as Error).message }
  }
  const { values, positionals } = parsed
  if (values.format === undefined) return { usage: 'Which format are the files in? Say --format FORMAT.' }
  if (!isFormatName(values.format)) return { usage: `${values.format} is not a format that can be imported.` }
  if (positionals.length === 0) return { usage: 'Which files are to be imported?' }
  return {
    format: values.format,
    files: positionals,
    data: values.data,
    key: values.key,
    json: values.json,
    shiftToNow: values['shift-to-now'],
    rejects: values.rejects,
  }
}

function parseImportArgs(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: './data' },
      format: { type: 'string' },
      json: { type: 'boolean', default: false },
      'shift-to-now': { type: 'boolean', default: false },
      rejects: { type: 'string' },
      key: { type: 'string' },
    },
  })
}

async function runImport(
  call: Call,
  files: readonly InputFile[],
  parts: ImportCommandParts,
): Promise<number> {
  const { stdout, stderr, now = Date.now } = parts
  const progress = createProgressLine(stderr, now)
  const rejects = createRejectList(call.rejects, line => progress.writeAbove(line))
  let counts: ImportCounts
  try {
    const sink = await parts.openSink({ data: call.data, key: call.key })
    try {
      counts = await importFiles({
        files,
        format: formats[call.format],
        sink,
        ...(call.shiftToNow && { shiftTo: now() }),
        onProgress: progress.update,
        onRejected: rejects.add,
      })
    } finally {
      await sink.close()
    }
    progress.end()
    await rejects.end()
  } catch (error) {
    progress.end()
    stderr.write(
      `The import stopped: ${(error as Error).message}\nWhat was accepted is kept; run it again to go on.\n`,
    )
    return 1
  }
  stdout.write(call.json ? `${JSON.stringify(counts)}\n` : summary(counts))
  return counts.rejected > 0 ? 1 : 0
}

function summary({ read, accepted, duplicates, rejected }: ImportCounts): string {
  const lines = [
    ['read', read],
    ['accepted', accepted],
    ['duplicates', duplicates],
    ['rejected', rejected],
  ] as const
  return lines.map(([word, count]) => `${String(count).padStart(12)} ${word}\n`).join('')
}

/** The first rejected rows in full and how many more there were; or all of them in a file. */
function createRejectList(path: string | undefined, write: (line: string) => void) {
  let count = 0
  const file: WriteStream | null = path === undefined ? null : createWriteStream(path)
  let failure: Error | null = null
  file?.on('error', error => {
    failure = error
  })
  return {
    add(row: RejectedRow): void {
      count++
      const line = formatRejected(row)
      file?.write(`${line}\n`)
      if (count <= shownRejects) write(line)
    },
    async end(): Promise<void> {
      if (count > shownRejects)
        write(`… and ${count - shownRejects} more rejected rows${path ? ` in ${path}` : ''}`)
      if (failure) throw failure
      if (!file) return
      file.end()
      await finished(file)
    },
  }
}

/** One line, whatever the file held: control characters of its names must not reach a terminal. */
function formatRejected({ file, line, path, reason }: RejectedRow): string {
  const where = path ? `${path}: ` : ''
  return `${file}:${line}: ${where}${reason}`.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
}
