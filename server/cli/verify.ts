/** `trailside verify --data DIR`: recomputes a stored log and says what is wrong first, while the backend runs or not. */
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { LogError } from '../../shared/log/errors.ts'
import { type Policy, parsePolicy } from '../../shared/log/policy.ts'
import { formatMoment } from '../../shared/time.ts'
import { keyInForce, type LogKey, LogKeyError, readLogKeys } from '../log/log-key.ts'
import type { Trust } from '../log/stored-checkpoint.ts'
import { type VerifyReport, verifyLog } from '../log/verify-log.ts'
import { dataFiles } from '../store/data-folder.ts'
import { type Database, openDatabase } from '../store/sqlite/database.ts'
import { viewSqliteLogStore } from '../store/sqlite/log-store.ts'
import { createCosignedNotes } from '../witness/cosigned-notes.ts'
import { viewWitnessStore } from '../witness/witness-store.ts'
import { createCountLine, type TextOutput } from './progress-line.ts'

export const verifyUsage = `trailside verify --data DIR [--policy FILE] [--json]   while the backend runs or not; changes nothing

  --policy FILE  whose signatures count (C2SP tlog-policy), from somewhere else than this folder: without one, the
                 key file beside the log is believed, which whoever could replace the log could replace too
  --json         one report a log on standard output

  exit code  0 verified · 1 tampered · 2 cannot be read, or the call is wrong · 3 key not trusted, or quorum not met ·
             4 verified, with erased fields or entries removed by retention
`

export const exitCodes: Record<VerifyReport['outcome'], number> = {
  verified: 0,
  tampered: 1,
  malformed: 2,
  untrusted: 3,
  redacted: 4,
}

export interface VerifyOutput {
  stdout: TextOutput
  stderr: TextOutput
  now?: () => number
}

/** The command cannot begin: `exitCode` says why. */
export class CannotVerify extends Error {
  constructor(
    message: string,
    readonly exitCode: 2 | 3 = 2,
  ) {
    super(message)
  }
}

/** Answers the exit code: of several logs, that of the first that is not verified, else 4 where one has lost something. */
export async function verifyCommand(args: string[], output: VerifyOutput): Promise<number> {
  try {
    const { data, policy, json } = readFlags(args)
    const reports = await verifyFolder(data, policy === undefined ? null : readPolicy(policy), output)
    output.stdout.write(json ? `${JSON.stringify(reports, null, 2)}\n` : reports.map(wordsOf).join('\n'))
    const failed = reports.find(({ outcome }) => outcome !== 'verified' && outcome !== 'redacted')
    return exitCodes[(failed ?? reports.find(({ outcome }) => outcome === 'redacted') ?? reports[0]!).outcome]
  } catch (error) {
    if (!(error instanceof CannotVerify)) throw error
    output.stderr.write(`${error.message}\n`)
    return error.exitCode
  }
}

function readFlags(args: string[]): { data: string; policy: string | undefined; json: boolean } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        data: { type: 'string', default: './data' },
        policy: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    return { ...values, policy: values.policy }
  } catch (error) {
    throw new CannotVerify(`${(error as Error).message}\n\n${verifyUsage}`)
  }
}

export function readPolicy(path: string): Policy {
  try {
    return parsePolicy(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new CannotVerify(`${path}: ${(error as Error).message}`)
  }
}

async function verifyFolder(
  folder: string,
  policy: Policy | null,
  output: VerifyOutput,
): Promise<VerifyReport[]> {
  const files = dataFiles(folder)
  if (!existsSync(files.log)) throw new CannotVerify(`${folder} holds no log.`)
  const keys = await readOwnKeys(files.logKey, policy)
  let database: Database | undefined
  let witness: Database | undefined
  try {
    // Looked at first, so that what was cosigned there is of a state that the log has reached.
    witness = existsSync(files.witness) ? openDatabase(files.witness, { readOnly: true }) : undefined
    witness?.exec('BEGIN')
    const kept = witness && viewWitnessStore(witness)
    const beside = kept ? { cosigned: createCosignedNotes(kept) } : {}
    database = openDatabase(files.log, { readOnly: true })
    // One moment of the log, whatever a backend adds meanwhile.
    database.exec('BEGIN')
    return await verifyAll(database, keys, { policy, ...beside }, output)
  } catch (error) {
    if (error instanceof CannotVerify) throw error
    throw new CannotVerify(`The log in ${folder} cannot be read: ${(error as Error).message}`)
  } finally {
    database?.close()
    witness?.close()
  }
}

async function verifyAll(
  database: Database,
  keys: LogKey[] | null,
  trusted: Omit<Trust, 'own'>,
  { stderr, now = Date.now }: VerifyOutput,
) {
  const store = viewSqliteLogStore(database)
  const organizations = await store.organizations()
  if (organizations.length === 0) throw new CannotVerify('There is no log yet.')
  const reports: VerifyReport[] = []
  for (const org of organizations) {
    const line = createCountLine(stderr, now, (done, total) => `verified ${done} of ${total} entries`)
    const key = keys && (await keyInForce(keys, (await store.state(org)).checkpoint))
    const trust = { ...trusted, own: key?.verifierKeys ?? null }
    reports.push(await verifyLog({ org, store, trust, onProgress: line.update }))
    line.end()
  }
  return reports
}

/** With a policy the key beside the log is not needed: an auditor's copy of the log need not hold it. */
async function readOwnKeys(path: string, policy: Policy | null): Promise<LogKey[] | null> {
  if (!existsSync(path)) {
    if (policy) return null
    throw new CannotVerify(`${path} is missing. Say --policy FILE, with the key that you trust.`, 3)
  }
  try {
    return await readLogKeys(path, Date.now)
  } catch (error) {
    if (policy) return null
    if (error instanceof LogKeyError || error instanceof LogError) throw new CannotVerify(error.message, 3)
    throw error
  }
}

function wordsOf(report: VerifyReport): string {
  const { outcome, origin, org, size, root, signedAtMs, witnesses, keyChanges, redacted, removed } = report
  const facts = [
    `log         ${origin ?? org}`,
    `entries     ${size}${outcome === 'verified' || outcome === 'redacted' ? '' : `, of which ${report.entriesChecked} were found right`}`,
    ...(root ? [`root        ${root}`] : []),
    ...(signedAtMs === null ? [] : [`signed      ${formatMoment(signedAtMs)}`]),
    ...(witnesses.length > 0 ? [`cosigned    ${witnesses.join(', ')}${coveredWords(report)}`] : []),
    ...keyChanges.map(
      ({ index, signedAtMs, before, after }) =>
        `new key     ${after}, by entry ${index} at ${formatMoment(signedAtMs)}, announced by ${before}`,
    ),
    ...Object.entries(redacted.fields).map(([name, count]) => `erased      ${name} in ${count} entries`),
    ...(removed > 0 ? [`removed     ${removed} entries, by retention: their hashes are right`] : []),
  ]
  return `${facts.join('\n')}\n${conclusionOf(report)}\n`
}

function coveredWords({ size, witnessedSize }: VerifyReport): string {
  if (witnessedSize === null) return ''
  return `: entries below ${witnessedSize}; the ${size - witnessedSize} newest are signed by the log alone`
}

function conclusionOf({ outcome, words, redacted, removed }: VerifyReport): string {
  if (outcome === 'verified') return 'Verified: every entry, tile and disclosure is what was signed.'
  if (outcome === 'redacted') {
    const lost = [
      ...(redacted.entries > 0 ? [`${redacted.entries} entries have erased fields.`] : []),
      ...(removed > 0 ? [`${removed} entries were removed by retention, as the log tells.`] : []),
    ]
    return `Verified: every entry and tile is what was signed. ${lost.join(' ')}`
  }
  const verdicts = { tampered: 'TAMPERED', malformed: 'MALFORMED', untrusted: 'NOT TRUSTED' }
  return `${verdicts[outcome]}: ${words}`
}
