/** `trailside retention`: how long events are kept, through the backend at work on the folder or without one. */
import { Retention, RetentionRun } from '../../shared/api.ts'
import { type Flags, runCommand, type SubCommand, UsageError } from './access-command.ts'
import type { Administration, AdministrationParts } from './administration.ts'

export const retentionUsage = `trailside retention --data DIR [--days N | --forever] [--apply] [--json]

  --days N     events older than N days lose their content, in whole bundles of 256 entries; hashes and proofs stay
  --forever    everything is kept
  --apply      removes now what is old enough; a backend does so by itself once a day, and an hour after a change

  What a legal hold covers stays. Each change and each removal is an event of the log.
  Backups made before still hold what was removed: let them expire, or make new ones.
`

const path = '/v1/settings/retention'

const retention: SubCommand = {
  options: { days: { type: 'string' }, forever: { type: 'boolean' }, apply: { type: 'boolean' } },
  async run(flags, administration, { stdout, stderr }) {
    await change(flags, administration)
    if (flags.has('apply')) {
      const { entries } = await administration.call(RetentionRun, 'POST', `${path}/runs`)
      stderr.write(`The content of ${entries} entries was removed.\n`)
    }
    const state = await administration.call(Retention, 'GET', path)
    stdout.write(flags.has('json') ? `${JSON.stringify(state, null, 2)}\n` : wordsOf(state))
  },
}

async function change(flags: Flags, administration: Administration): Promise<void> {
  const days = flags.maybe('days')
  if (days !== undefined && flags.has('forever')) throw new UsageError('Say --days or --forever, not both.')
  if (days === undefined && !flags.has('forever')) return
  if (days !== undefined && !/^[1-9]\d*$/.test(days))
    throw new UsageError('--days must be a whole number from 1.')
  await administration.call(Retention, 'PUT', path, { days: days === undefined ? null : Number(days) })
}

function wordsOf({ days, nextRunAt, lastRun, removed }: Retention): string {
  const facts = [
    ['kept', days === null ? 'for ever' : `${days} days`],
    ['next run', nextRunAt ?? 'none'],
    ['last run', lastRun ? `${lastRun.at}, ${lastRun.entries} entries` : 'none'],
    ['removed', `${removed} entries`],
  ]
  return facts.map(([name, value]) => `${name}\t${value}\n`).join('')
}

/** Answers the exit code. */
export function retentionCommand(args: string[], parts: AdministrationParts): Promise<number> {
  return runCommand(args, retention, retentionUsage, parts)
}
