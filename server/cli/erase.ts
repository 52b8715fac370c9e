/** `trailside erase`: forgets what the log says of a person, through the backend at work on the folder or without one. */
import { Erasure, type ErasureRequest } from '../../shared/api.ts'
import { runCommand, type SubCommand } from './access-command.ts'
import type { AdministrationParts } from './administration.ts'

export const eraseUsage = `trailside erase --data DIR --actor ID --basis TEXT [--content] [--json]

  --actor ID     whose names, e-mail, addresses, agents and locations are to go; the id itself, a pseudonym, stays
  --basis TEXT   the legal ground, as it will stand in the log
  --content      also the changes and metadata of every event that speaks of them

  Entries and every proof stay, and an event of the log tells of the erasure: its place there is on standard output.
  Backups made before still hold what was erased: let them expire, or make new ones.
`

const erase: SubCommand = {
  options: {
    actor: { type: 'string' },
    basis: { type: 'string' },
    content: { type: 'boolean' },
  },
  async run(flags, administration, { stdout, stderr }) {
    const request: ErasureRequest = {
      ...{ actor: flags.one('actor'), basis: flags.one('basis'), content: flags.has('content') },
    }
    const erasure = await administration.call(Erasure, 'POST', '/v1/erasures', request)
    const { index, entries, fields } = erasure
    stderr.write(
      `Erased ${fields.join(', ')} in ${entries} entries. Entry ${index} of the log tells of it.\n`,
    )
    stdout.write(flags.has('json') ? `${JSON.stringify(erasure, null, 2)}\n` : `${index}\n`)
  },
}

/** Answers the exit code. */
export function eraseCommand(args: string[], parts: AdministrationParts): Promise<number> {
  return runCommand(args, erase, eraseUsage, parts)
}
