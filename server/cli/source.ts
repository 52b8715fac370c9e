/** `trailside source add | list | test | pause | resume | run | remove` */
import { readFileSync } from 'node:fs'
import { Source, type SourceStatus, Sources, SourceTest, type Trouble } from '../../shared/sources.ts'
import { type Flags, runSubCommand, type SubCommand, UsageError, writeRows } from './access-command.ts'
import { type Administration, type AdministrationParts, Nothing, RefusedError } from './administration.ts'

export const sourceUsage = `trailside source add --data DIR --name NAME --url URL (--key-file FILE | --key-file -) [options]
trailside source test --data DIR (--id ID | --url URL --key-file FILE [options])
trailside source list --data DIR [--json]
trailside source pause | resume | run | remove --data DIR --id ID

  --url URL             where the platform answers, without a path: https://platform.invicti.com
  --key-file FILE       the API key; - reads it from standard input. It is kept encrypted and never shown again
  --kind KIND           invicti-platform (default) or invicti-enterprise
  --user-id ID          invicti-enterprise: the user id that belongs to the token
  --interval SECONDS    how often to ask (default 60)
  --from YYYY-MM-DD     nothing older (default: everything the platform still has)
  --ca FILE             certificates (PEM) of a private authority
  --proxy URL           http://user:password@host:port
  --users-path PATH     where the platform lists its users, for names: see its API documentation
  --targets-path PATH   where it lists its targets
  --id ID               a source's id or name
`

const settingOptions = {
  name: { type: 'string' },
  url: { type: 'string' },
  'key-file': { type: 'string' },
  kind: { type: 'string' },
  'user-id': { type: 'string' },
  interval: { type: 'string' },
  from: { type: 'string' },
  ca: { type: 'string' },
  proxy: { type: 'string' },
  'users-path': { type: 'string' },
  'targets-path': { type: 'string' },
} as const
const byId = { id: { type: 'string' } } as const

async function readSettings(flags: Flags, name: string, parts: AdministrationParts): Promise<unknown> {
  const interval = flags.maybe('interval')
  const ca = flags.maybe('ca')
  return {
    name,
    kind: flags.maybe('kind') ?? 'invicti-platform',
    baseUrl: flags.one('url'),
    key: await readKey(flags.one('key-file'), parts),
    userId: flags.maybe('user-id') ?? null,
    ...(interval !== undefined && { intervalSeconds: Number(interval) }),
    startDate: flags.maybe('from') ?? null,
    certificateAuthority: ca === undefined ? null : readFileSync(ca, 'utf8'),
    proxy: flags.maybe('proxy') ?? null,
    usersPath: flags.maybe('users-path') ?? null,
    targetsPath: flags.maybe('targets-path') ?? null,
  }
}

/** Never as a flag: other users of the machine see those. */
async function readKey(file: string, { stdin = process.stdin }: AdministrationParts): Promise<string> {
  if (file !== '-') return readFileSync(file, 'utf8').trim()
  const chunks: Uint8Array[] = []
  for await (const chunk of stdin) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks).toString('utf8').trim()
}

const add: SubCommand = {
  options: settingOptions,
  async run(flags, administration, parts) {
    const input = await readSettings(flags, flags.one('name'), parts)
    const source = await administration.call(Source, 'POST', '/v1/sources', input)
    parts.stderr.write(`Source ${source.name} is added. It is asked whenever the backend runs.\n`)
    parts.stdout.write(`${source.id}\n`)
  },
}

const test: SubCommand = {
  options: { ...settingOptions, ...byId },
  async run(flags, administration, parts) {
    const wanted = flags.maybe('id')
    const path = wanted === undefined ? '' : `/${encodeURIComponent((await find(wanted, administration)).id)}`
    const body = wanted === undefined ? await readSettings(flags, 'test', parts) : {}
    const result = await administration.call(SourceTest, 'POST', `/v1/sources${path}/test`, body)
    for (const warning of result.warnings) parts.stderr.write(`Beware: ${words(warning)}\n`)
    if (result.trouble) throw new RefusedError(words(result.trouble))
    const count = result.total === null ? 'an unknown number of' : String(result.total)
    parts.stderr.write(`It works: ${count} entries, the newest seen of ${result.newest ?? 'no time'}.\n`)
  },
}

const list: SubCommand = {
  options: {},
  async run(flags, administration, parts) {
    const { sources } = await administration.call(Sources, 'GET', '/v1/sources/settings')
    const rows = sources.map(source => ({
      id: source.id,
      name: source.name,
      kind: source.kind,
      url: source.settings.baseUrl,
      state: source.state,
      asOf: source.asOf ?? '-',
      taken: String(source.taken),
      total: source.total === null ? '-' : String(source.total),
      trouble: troubleWords(source),
    }))
    writeRows(rows, flags.has('json'), parts)
  },
}

function troubleWords({ trouble, gap, unreadable }: SourceStatus): string {
  const all = [
    trouble && words(trouble),
    gap && `${gap.missing} entries are counted by the platform and not listed`,
    unreadable.count > 0 && `${unreadable.count} entries could not be read (${unreadable.reason})`,
  ]
  return all.filter(Boolean).join('; ') || '-'
}

function words({ code, detail, advice }: Trouble): string {
  return `${code} (${detail}). ${advice}`
}

function acting(verb: 'pause' | 'resume' | 'run', done: string): SubCommand {
  return {
    options: byId,
    async run(flags, administration, { stderr }) {
      const { id, name } = await find(flags.one('id'), administration)
      await administration.call(Source, 'POST', `/v1/sources/${encodeURIComponent(id)}/${verb}`)
      stderr.write(`Source ${name} ${done}.\n`)
    },
  }
}

const remove: SubCommand = {
  options: byId,
  async run(flags, administration, { stderr }) {
    const { id, name } = await find(flags.one('id'), administration)
    await administration.call(Nothing, 'DELETE', `/v1/sources/${encodeURIComponent(id)}`)
    stderr.write(`Source ${name} is removed. Its entries stay in the log.\n`)
  },
}

async function find(wanted: string, administration: Administration): Promise<Source> {
  if (wanted === '') throw new UsageError('--id is empty.')
  const { sources } = await administration.call(Sources, 'GET', '/v1/sources/settings')
  const source = sources.find(({ id, name }) => id === wanted || name === wanted)
  if (source) return source
  throw new RefusedError(
    `There is no source ${wanted}. There are: ${sources.map(({ name }) => name).join(', ') || 'none'}.`,
  )
}

/** Answers the exit code. */
export function sourceCommand(args: string[], parts: AdministrationParts): Promise<number> {
  const commands = {
    ...{ add, test, list, remove },
    pause: acting('pause', 'is paused'),
    resume: acting('resume', 'goes on'),
    run: acting('run', 'is asked as soon as the backend runs'),
  }
  return runSubCommand(args, commands, sourceUsage, parts)
}
