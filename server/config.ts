/** What the server is told by flags and environment, read and checked once. Flags win. */
import { parseArgs } from 'node:util'
import * as z from 'zod/mini'

const switchText = z.pipe(
  z.enum(['0', '1', 'true', 'false']),
  z.transform(text => text === '1' || text === 'true'),
)
const wholeNumber = (from: number, to: number) => z.coerce.number().check(z.int(), z.gte(from), z.lte(to))

export const Config = z.object({
  data: z._default(z.string(), './data'),
  host: z._default(z.string(), '127.0.0.1'),
  port: z._default(wholeNumber(0, 65_535), 8787),
  /** A PEM certificate chain and its key: the server then speaks HTTPS itself. */
  tlsCertificate: z.optional(z.string()),
  tlsKey: z.optional(z.string()),
  /** Believe `X-Forwarded-For` for the sender's address: only behind a proxy of your own. */
  trustProxy: z._default(switchText, false),
  logLevel: z._default(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']), 'info'),
  workspaceName: z.optional(z.string()),
  /** Who the first account of a new workspace belongs to. */
  ownerEmail: z._default(z.email(), 'owner@trailside.local'),
  /** The log's origin (C2SP tlog-checkpoint): a schema-less address that names it world-wide. */
  origin: z.optional(z.string()),
  /** A C2SP tlog-policy file with the witnesses that this log asks, by their addresses, and their quorum. */
  policy: z.optional(z.string()),
  /** A file with the verifier keys of the logs that this server witnesses. */
  witnessFor: z.optional(z.string()),
  /** The key name that it cosigns them under; fixed once the key exists. */
  witnessName: z.optional(z.string()),
  sessionHours: z._default(wholeNumber(1, 24 * 30), 12),
  idleMinutes: z._default(wholeNumber(1, 24 * 60), 120),
  requestsPerMinute: z._default(wholeNumber(1, 1_000_000), 6000),
  /** A JSON file with the sources to be fed from. */
  sources: z.optional(z.string()),
})
export type Config = z.infer<typeof Config>

const environmentNames: Record<keyof Config, string> = {
  data: 'TRAILSIDE_DATA',
  host: 'TRAILSIDE_HOST',
  port: 'TRAILSIDE_PORT',
  tlsCertificate: 'TRAILSIDE_TLS_CERTIFICATE',
  tlsKey: 'TRAILSIDE_TLS_KEY',
  trustProxy: 'TRAILSIDE_TRUST_PROXY',
  logLevel: 'TRAILSIDE_LOG_LEVEL',
  workspaceName: 'TRAILSIDE_WORKSPACE_NAME',
  ownerEmail: 'TRAILSIDE_OWNER_EMAIL',
  origin: 'TRAILSIDE_ORIGIN',
  policy: 'TRAILSIDE_POLICY',
  witnessFor: 'TRAILSIDE_WITNESS_FOR',
  witnessName: 'TRAILSIDE_WITNESS_NAME',
  sessionHours: 'TRAILSIDE_SESSION_HOURS',
  idleMinutes: 'TRAILSIDE_IDLE_MINUTES',
  requestsPerMinute: 'TRAILSIDE_REQUESTS_PER_MINUTE',
  sources: 'TRAILSIDE_SOURCES',
}

export class ConfigError extends Error {
  override name = 'ConfigError'
}

export type StartMode = 'keep' | 'demo' | 'empty'

/**
 * `serve --data DIR --port N [--host H] [--demo | --empty]` with the environment beneath.
 * @throws {ConfigError} naming the flag or variable that cannot be read.
 */
export function readServeConfig(
  args: string[],
  environment: NodeJS.ProcessEnv,
): { config: Config; mode: StartMode } {
  const flags = readFlags(args)
  const raw: Record<string, string> = {}
  for (const [name, variable] of Object.entries(environmentNames)) {
    const value = environment[variable]
    if (value) raw[name] = value
  }
  for (const name of ['data', 'host', 'port'] as const) if (flags[name] !== undefined) raw[name] = flags[name]
  const parsed = Config.safeParse(raw)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(describeIssue).join('\n'))
  if (Boolean(parsed.data.tlsCertificate) !== Boolean(parsed.data.tlsKey)) {
    throw new ConfigError(
      'TRAILSIDE_TLS_CERTIFICATE and TRAILSIDE_TLS_KEY belong together: set both or neither',
    )
  }
  return { config: parsed.data, mode: flags.demo ? 'demo' : flags.empty ? 'empty' : 'keep' }
}

function readFlags(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        data: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        demo: { type: 'boolean' },
        empty: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new ConfigError((error as Error).message)
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const name = issue.path[0] as keyof Config
  return `${environmentNames[name]} (or its flag) cannot be read: ${issue.message}`
}
