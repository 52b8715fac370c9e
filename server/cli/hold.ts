/** `trailside hold`: what is kept whatever retention and erasure say. */
import { type HoldScope, LegalHold, LegalHolds, type NewLegalHold } from '../../shared/api.ts'
import { type Flags, runSubCommand, type SubCommand, writeRows } from './access-command.ts'
import { type AdministrationParts, Nothing } from './administration.ts'

export const holdUsage = `trailside hold add --data DIR --name NAME --reason TEXT
                  [--actor ID] [--target ID] [--from TIME] [--to TIME]
trailside hold list --data DIR [--json]
trailside hold release --data DIR --id ID

  --actor ID     what speaks of this person; with --target, --from and --to what fits all that is said
  --target ID    what was done to this target
  --from, --to   what happened in this time (RFC 3339), the end not included

  Without any of them everything is held. Nothing that is held is removed by retention or erased.
`

const path = '/v1/holds'
const scopes = ['actor', 'target', 'from', 'to'] as const

const commands: Record<string, SubCommand> = {
  add: {
    options: Object.fromEntries(
      ['name', 'reason', ...scopes].map(name => [name, { type: 'string' as const }]),
    ),
    async run(flags, administration, { stdout, stderr }) {
      const hold: NewLegalHold = {
        ...{ name: flags.one('name'), reason: flags.one('reason'), scope: scopeOf(flags) },
      }
      const placed = await administration.call(LegalHold, 'POST', path, hold)
      stderr.write(`Held: ${scopeWords(placed.scope)}.\n`)
      stdout.write(flags.has('json') ? `${JSON.stringify(placed, null, 2)}\n` : `${placed.id}\n`)
    },
  },
  list: {
    options: {},
    async run(flags, administration, parts) {
      const { holds } = await administration.call(LegalHolds, 'GET', path)
      const rows = holds.map(({ id, name, reason, scope, placedBy, placedAt }) => ({
        ...{ id, name, scope: scopeWords(scope), reason, placedBy: placedBy.name, placedAt },
      }))
      writeRows(rows, flags.has('json'), parts)
    },
  },
  release: {
    options: { id: { type: 'string' } },
    async run(flags, administration, { stderr }) {
      await administration.call(Nothing, 'DELETE', `${path}/${encodeURIComponent(flags.one('id'))}`)
      stderr.write('Released.\n')
    },
  },
}

function scopeOf(flags: Flags): HoldScope {
  const named = scopes.map(name => [name, flags.maybe(name)] as const)
  return Object.fromEntries(named.filter(([, value]) => value !== undefined))
}

function scopeWords(scope: HoldScope): string {
  const named = scopes.filter(name => scope[name] !== undefined).map(name => `${name} ${scope[name]}`)
  return named.join(', ') || 'everything'
}

/** Answers the exit code. */
export function holdCommand(args: string[], parts: AdministrationParts): Promise<number> {
  return runSubCommand(args, commands, holdUsage, parts)
}
