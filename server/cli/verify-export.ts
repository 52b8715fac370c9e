/** `trailside verify FILE`: checks an exported file against the signed log, with the network off. */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { LogKeyHistory } from '../../shared/api.ts'
import { placeWords } from '../../shared/export/finding.ts'
import { manifestName } from '../../shared/export/parts.ts'
import type { ExportFiles } from '../../shared/export/read-zip.ts'
import type { ExportReport } from '../../shared/export/verify.ts'
import type { Trust } from '../../shared/export/verify-checkpoint.ts'
import { verifyFile } from '../../shared/export/verify-file.ts'
import { parsePolicy } from '../../shared/log/policy.ts'
import { formatMoment } from '../../shared/time.ts'
import { nodeHasher } from '../node-hasher.ts'
import { createCountLine } from './progress-line.ts'
import { CannotVerify, exitCodes, readPolicy, type VerifyOutput } from './verify.ts'

export const verifyExportUsage = `trailside verify FILE.zip [--policy FILE | --key KEY] [--keys FILE] [--json]   an export, offline
trailside verify FILE.csv --manifest manifest.json [...]   one file of it, with manifest and evidence in one folder

  --policy FILE  whose signatures count (C2SP tlog-policy)
  --key KEY      the log's verifier key, where no witnesses are asked for; without either, the file is checked against
                 itself only, and the exit code is at best 3
  --keys FILE    the answer of GET /v1/log/keys: where the log changed its key, it proves which keys came before and
                 after the one you trust, and for which sizes of the log each of them counts
  --json         the report on standard output

  exit codes as above; 4: verified, with fields that were withheld or erased
`

/** Whether the command is about a file and not about a data folder. */
export function namesFile(args: string[]): boolean {
  const { values, positionals } = parseArgs({ args, options, strict: false, allowPositionals: true })
  return (
    positionals.length > 0 || [values.manifest, values.key, values.keys].some(given => given !== undefined)
  )
}

const options = {
  data: { type: 'string' },
  policy: { type: 'string' },
  key: { type: 'string' },
  keys: { type: 'string' },
  manifest: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** Answers the exit code. */
export async function verifyExportCommand(args: string[], output: VerifyOutput): Promise<number> {
  const { stdout, stderr, now = Date.now } = output
  try {
    const { file, manifest, trust, json } = readFlags(args)
    const line = createCountLine(stderr, now, (done, total) => `verified ${done} of ${total} rows`)
    const beside = manifest === undefined ? null : filesBeside(manifest)
    const given = { name: basename(file), bytes: readFile(file) }
    const report = await verifyFile(given, beside, { hasher: nodeHasher, trust, onProgress: line.update })
    line.end()
    stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : wordsOf(given.name, report))
    return exitCodes[report.outcome]
  } catch (error) {
    if (!(error instanceof CannotVerify)) throw error
    stderr.write(`${error.message}\n`)
    return error.exitCode
  }
}

function readFlags(args: string[]) {
  const { values, positionals } = parse(args)
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0 || values.data !== undefined) {
    throw new CannotVerify(`Name one file to verify.\n\n${verifyExportUsage}`)
  }
  if (values.policy !== undefined && values.key !== undefined) {
    throw new CannotVerify('Say --policy or --key: a policy names its keys itself.')
  }
  return { file, manifest: values.manifest, json: values.json, trust: readTrust(values) }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw new CannotVerify(`${(error as Error).message}\n\n${verifyExportUsage}`)
  }
}

type TrustFlags = Record<'policy' | 'key' | 'keys', string | undefined>

function readTrust({ policy, key, keys }: Partial<TrustFlags>): Trust | null {
  const transitions = keys === undefined ? [] : readTransitions(keys)
  if (policy !== undefined) return { policy: readPolicy(policy), by: 'policy', transitions }
  if (key === undefined && keys === undefined) return null
  if (key === undefined)
    throw new CannotVerify('--keys needs the key that you trust: say --key or --policy too.')
  try {
    return { policy: parsePolicy(`log ${key}\nquorum none\n`), by: 'key', transitions }
  } catch (error) {
    throw new CannotVerify(`--key: ${(error as Error).message}`)
  }
}

function readTransitions(path: string): string[] {
  const text = Buffer.from(readFile(path)).toString('utf8')
  try {
    return LogKeyHistory.parse(JSON.parse(text)).transitions
  } catch {
    throw new CannotVerify(`${path} is no answer of GET /v1/log/keys.`)
  }
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new CannotVerify((error as Error).message)
  }
}

/** The manifest by whatever name it was saved, and the other files by theirs in its folder. */
function filesBeside(manifest: string): ExportFiles {
  const pathOf = (name: string) => (name === manifestName ? manifest : join(dirname(manifest), name))
  return {
    names: null,
    async read(name) {
      if (basename(name) !== name) return null
      try {
        return readFileSync(pathOf(name))
      } catch {
        return null
      }
    },
  }
}

function wordsOf(name: string, report: ExportReport): string {
  const facts = [['file', name], ...factsOf(report)]
  const lines = facts.map(([fact, words]) => `${fact!.padEnd(12)}${printed(words!)}`)
  return `${lines.join('\n')}\n${printed(conclusionOf(report))}\n`
}

function factsOf(report: ExportReport) {
  const { manifest, checkpoint, rowsChecked, proofHashes, witnesses, redacted } = report
  const facts: [string, string][] = []
  if (manifest && checkpoint) {
    facts.push(['log', checkpoint.origin])
    facts.push([
      'checkpoint',
      `${checkpoint.size} entries, signed ${formatMoment(checkpoint.signedAtMs)}, root ${checkpoint.root}`,
    ])
  }
  if (manifest && checkpoint) facts.push(['signed by', `${manifest.log.keys.log}${periodWords(report)}`])
  if (witnesses.length > 0) facts.push(['cosigned', witnesses.join(', ')])
  if (manifest) facts.push(...manifestFacts(manifest, rowsChecked, proofHashes))
  for (const [field, count] of Object.entries(redacted.fields)) {
    const erased = redacted.erased[field] ?? 0
    facts.push(['withheld', `${field} in ${count} rows${erased > 0 ? `, ${erased} of them erased` : ''}`])
  }
  return facts
}

/** Whose key it is, where it is another one than the key that is trusted. */
function periodWords({ keyPeriod }: ExportReport): string {
  if (!keyPeriod) return ''
  const { since, until } = keyPeriod
  return until === null
    ? `, the log's key since entry ${since - 1}, which the trusted key leads to`
    : `, the log's key until entry ${until - 1} handed over, as the trusted key proves`
}

function manifestFacts(
  { rows, parts, log, createdBy, createdAt, filter }: NonNullable<ExportReport['manifest']>,
  rowsChecked: number,
  proofHashes: number,
): [string, string][] {
  const left = log.leftOut === 0 ? 'none left out' : `${log.leftOut} entries left out`
  return [
    ['rows', `${rows} in ${parts.length} part(s), ${rowsChecked} checked`],
    ['range', rows === 0 ? 'none' : `entries ${log.start} to ${log.end - 1}, ${left}; ${proofHashes} hashes`],
    ['says', `exported by ${createdBy.name} at ${createdAt}; filter ${filter.parameters || 'none'}`],
  ]
}

function conclusionOf({ outcome, words, place, manifest, redacted }: ExportReport): string {
  const range =
    manifest?.log.leftOut === 0
      ? 'the rows are all that the log holds in their range'
      : 'none was dropped from the range or added; that the entries left out do not match the filter is not proven'
  switch (outcome) {
    case 'verified':
      return `Verified: every row is what was signed, and ${range}.`
    case 'redacted':
      return `Verified with redactions: every row is what was signed, and ${range}. ${redacted.rows} rows have fields that were withheld or erased.`
    default: {
      const verdicts = { tampered: 'TAMPERED', malformed: 'MALFORMED', untrusted: 'NOT TRUSTED' }
      return `${verdicts[outcome]}: ${place ? `${placeWords(place)}: ` : ''}${words}`
    }
  }
}

/** Names in a file that somebody may have made up do not command the terminal. */
function printed(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD')
}
