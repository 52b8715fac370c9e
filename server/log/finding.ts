/** What a check of a stored log can find, and the words of it. */
import type { LogError } from '../../shared/log/errors.ts'

/**
 * - `tampered`: what is stored is not what was signed.
 * - `malformed`: it cannot be read as a log at all.
 * - `untrusted`: the signature is nobody's that is trusted here, or too few cosigned.
 */
export type FindingKind = 'tampered' | 'malformed' | 'untrusted'

/** The first thing that is wrong: `place` names it (`entry 7`, `tile 1/0`, `checkpoint`, `log`), `message` says how. */
export class Finding extends Error {
  override name = 'Finding'
  constructor(
    readonly kind: FindingKind,
    readonly place: string,
    message: string,
  ) {
    super(message)
  }
}

export function wrongEntry(index: number, how: string): Finding {
  return new Finding('tampered', `entry ${index}`, `Entry ${index} ${how}`)
}

export function wrongTile({ level, index }: { level: number; index: number }, how: string): Finding {
  return new Finding('tampered', `tile ${level}/${index}`, `Tile ${level}/${index} ${how}`)
}

/** What an error of the log core means for a stored checkpoint. */
export function wrongCheckpoint(error: LogError): Finding {
  // Whose key it is was known; so the text or the signature was changed.
  const kind = error.code === 'signature_invalid' ? 'tampered' : kindOf(error)
  return new Finding(kind, 'checkpoint', `The signed checkpoint is not to be believed: ${error.message}.`)
}

export function kindOf({ kind }: LogError): FindingKind {
  return kind === 'misbehaved' ? 'tampered' : kind
}
