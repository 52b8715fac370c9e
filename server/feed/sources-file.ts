/** `TRAILSIDE_SOURCES`: sources set up by a JSON file, for servers that are set up by files. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import * as z from 'zod/mini'
import { ProblemError } from '../../shared/problem.ts'
import { NewSource } from '../../shared/sources.ts'
import type { By } from '../access/access.ts'
import { ConfigError } from '../config.ts'
import type { Feed } from './feed.ts'

/** As `POST /v1/sources` takes it; a key may stand in a file of its own, named beside this one. */
const Listed = z.looseObject({ key: z.optional(z.string()), keyFile: z.optional(z.string()) })

/** Sets up what the file names, and removes what it names no more. @throws {ConfigError} */
export async function applySourcesFile(path: string, feed: Pick<Feed, 'applyFile'>, by: By): Promise<void> {
  const sources = readSourcesFile(path)
  try {
    await feed.applyFile(sources, by)
  } catch (error) {
    throw error instanceof ProblemError ? new ConfigError(`${path}: ${error.detail}`) : error
  }
}

/** @throws {ConfigError} naming what cannot be read; never with a key in it */
export function readSourcesFile(path: string): NewSource[] {
  const list = z.safeParse(z.array(Listed), parse(path))
  if (!list.success)
    throw new ConfigError(`${path} must hold a list of sources: [{"name": …, "baseUrl": …}, …]`)
  return list.data.map(({ keyFile, ...source }, i) => {
    const key = keyFile === undefined ? source.key : read(resolve(dirname(path), keyFile)).trim()
    const parsed = NewSource.safeParse({ ...source, key })
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw new ConfigError(`${path}: source ${i + 1}: ${issue!.path.join('.')} ${issue!.message}`)
  })
}

function parse(path: string): unknown {
  const text = read(path)
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words quote the text, and a key may be in it.
    throw new ConfigError(`${path} is no JSON`)
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
}
