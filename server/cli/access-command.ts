/** The frame of commands that call the API's routes: finds the sub-command, reads its flags, tells what went wrong. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { Roles } from '../../shared/api.ts'
import {
  type Administration,
  type AdministrationParts,
  openAdministration,
  RefusedError,
} from './administration.ts'

type Options = NonNullable<ParseArgsConfig['options']>

export interface Flags {
  /** The flag's value. @throws {UsageError} where it is missing */
  one(name: string): string
  maybe(name: string): string | undefined
  many(name: string): string[]
  has(name: string): boolean
}

export interface SubCommand {
  options: Options
  run(flags: Flags, administration: Administration, parts: AdministrationParts): Promise<void>
}

/** The call itself is wrong. */
export class UsageError extends Error {
  override name = 'UsageError'
}

const always: Options = { data: { type: 'string', default: './data' }, json: { type: 'boolean' } }

/** Answers the exit code: 0 where it was done, 1 where it was refused or failed, 2 where the call is wrong. */
export async function runSubCommand(
  args: string[],
  commands: Record<string, SubCommand>,
  usage: string,
  parts: AdministrationParts,
): Promise<number> {
  const command = Object.hasOwn(commands, args[0] ?? '') ? commands[args[0]!] : undefined
  if (command) return runCommand(args.slice(1), command, usage, parts)
  return tell(new UsageError(args[0] ? `There is no command ${args[0]}.` : 'Which command?'), usage, parts)
}

/** The same for a command that has no others below it. */
export async function runCommand(
  args: string[],
  command: SubCommand,
  usage: string,
  parts: AdministrationParts,
): Promise<number> {
  try {
    const flags = readFlags(args, { ...always, ...command.options })
    const administration = await openAdministration(flags.one('data'), parts)
    try {
      await command.run(flags, administration, parts)
    } finally {
      await administration.close()
    }
    return 0
  } catch (error) {
    return tell(error, usage, parts)
  }
}

function tell(error: unknown, usage: string, { stderr }: AdministrationParts): number {
  const wrongCall = error instanceof UsageError
  const message = error instanceof Error ? error.message : String(error)
  const words = error instanceof RefusedError || wrongCall ? message : `It failed: ${message}`
  stderr.write(wrongCall ? `${words}\n\n${usage}` : `${words}\n`)
  return wrongCall ? 2 : 1
}

function readFlags(args: string[], options: Options): Flags {
  const values = parseFlags(args, options)
  const many = (name: string) => [values[name] ?? []].flat().map(String)
  return {
    many,
    maybe: name => many(name)[0],
    has: name => values[name] === true,
    one(name) {
      const value = many(name)[0]
      if (value === undefined) throw new UsageError(`--${name} is missing.`)
      return value
    },
  }
}

function parseFlags(args: string[], options: Options): Record<string, unknown> {
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** A role's id from its id or name. @throws {RefusedError} naming those there are */
export async function findRoleId(wanted: string, administration: Administration): Promise<string> {
  const { roles } = await administration.call(Roles, 'GET', '/v1/roles')
  const role = roles.find(each => each.id === wanted || each.name.toLowerCase() === wanted.toLowerCase())
  if (role) return role.id
  throw new RefusedError(`There is no role ${wanted}. There are: ${roles.map(each => each.id).join(', ')}.`)
}

/** Rows as one JSON array, or tab-separated lines that `cut` and `awk` understand. */
export function writeRows<Row extends Record<string, string>>(
  rows: Row[],
  asJson: boolean,
  { stdout }: AdministrationParts,
): void {
  if (asJson) stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  else for (const row of rows) stdout.write(`${Object.values(row).map(oneLine).join('\t')}\n`)
}

/** Names are whatever somebody typed: none may pass for another line or steer a terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{C}/gu, ' ')
}
