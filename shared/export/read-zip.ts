/** Reads the files of a zip out of memory, each when it is asked for, and none that unpacks beyond its limit. */
import { unzipSync } from 'fflate'
import { ExportFinding } from './finding.ts'

/** What verification reads from: a zip, a folder, or files that were chosen one by one. */
export interface ExportFiles {
  /** All there are, where that is known: then none may be there that the manifest does not name. */
  readonly names: readonly string[] | null
  /** Null where there is no such file. */
  read(name: string): Promise<Uint8Array | null>
}

/** One file, unpacked; and how many a zip may have. */
const maxFileBytes = 256 * 1024 * 1024
const maxFiles = 10_000

/** Throws `ExportFinding` malformed for what is no zip, and for one that would unpack to more than it should. */
export function readZip(zip: Uint8Array, file = 'the zip'): ExportFiles {
  const malformed = (message: string) => new ExportFinding('malformed', { file }, message)
  const sizes = new Map<string, number>()
  attempt(() =>
    unzipSync(zip, {
      filter({ name, originalSize }) {
        if (name.endsWith('/')) return false
        if (sizes.has(name)) throw malformed(`The zip holds ${name} twice`)
        if (originalSize > maxFileBytes) throw malformed(`${name} would unpack to ${originalSize} bytes`)
        if (sizes.set(name, originalSize).size > maxFiles) throw malformed('The zip holds too many files')
        return false
      },
    }),
  )
  return {
    names: [...sizes.keys()],
    async read(name) {
      const size = sizes.get(name)
      if (size === undefined) return null
      const found = attempt(() => unzipSync(zip, { filter: entry => entry.name === name }))[name]
      // A compressed entry is unpacked into as many bytes as the directory announces, never more.
      if (found?.length === size) return found
      throw malformed(`${name} does not unpack to the ${size} bytes it should have`)
    },
  }

  function attempt<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof ExportFinding) throw error
      throw malformed(`This is no zip that can be read: ${(error as Error).message}`)
    }
  }
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b
}
