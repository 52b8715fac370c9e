/** `trailside log rotate-key`: new signing keys for the log, through the backend at work on the folder or without one. */
import { KeyRotation } from '../../shared/api.ts'
import { runSubCommand, type SubCommand } from './access-command.ts'
import type { AdministrationParts } from './administration.ts'

export const logUsage = `trailside log rotate-key --data DIR [--json]   while the backend runs or not

  New keys sign the log from now on. An entry names the old and the new ones, under a checkpoint that both sign, so that
  whoever follows the log proves the change by themselves; the old private keys are destroyed. The new verifier key
  stands on standard output: give it to those who pin it by policy or verify files with it.
`

const rotateKey: SubCommand = {
  options: {},
  async run(flags, administration, { stdout, stderr }) {
    const rotation = await administration.call(KeyRotation, 'POST', '/v1/log/keys')
    const { index, before, keys } = rotation
    stderr.write(`The log's key was ${before.log}. Entry ${index} of the log tells of the new one.\n`)
    stdout.write(flags.has('json') ? `${JSON.stringify(rotation, null, 2)}\n` : `${keys.log}\n`)
  },
}

/** Answers the exit code. */
export function logCommand(args: string[], parts: AdministrationParts): Promise<number> {
  return runSubCommand(args, { 'rotate-key': rotateKey }, logUsage, parts)
}
