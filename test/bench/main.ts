/** The bench, once built: runs the chosen cases, each in a process of its own, and prints what they found. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { root } from '../e2e/built.ts'
import { installPackage } from '../e2e/npm-tool.ts'
import { type BenchCase, verdictOf } from './bench.ts'
import { caseNames, loadCase } from './cases.ts'
import { type CaseResult, formatSummary, formatTable } from './table.ts'

const usage = `npm run bench -- [NAME...] [--size N] [--rounds N] [--json]

  NAME      a case, or a part of its name: ${caseNames.join(', ')}
  --size    how much each case works on, in its own unit
  --rounds  how often each contender is measured (default 7)
  --json    the figures as JSON on standard output

Exit code 1 when a target is missed.
`

const { values, positionals } = readArguments()
if (values.run !== undefined) await runCase(values.run)
else await runCases()

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        size: { type: 'string' },
        rounds: { type: 'string', default: '7' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        // Ours: the one case of this process.
        run: { type: 'string' },
      },
    })
  } catch (error) {
    return failWith((error as Error).message)
  }
}

async function runCases(): Promise<void> {
  if (values.help) return void process.stdout.write(usage)
  const chosen = caseNames.filter(
    name => positionals.length === 0 || positionals.some(part => name.includes(part)),
  )
  if (chosen.length === 0) failWith(`There is no case ${positionals.join(' ')}.`)
  const results: CaseResult[] = []
  for (const name of chosen) {
    process.stderr.write(`${name} ...\n`)
    results.push(await inOwnProcess(name))
  }
  process.stdout.write(values.json ? `${JSON.stringify(results, null, 2)}\n` : `\n${formatTable(results)}\n`)
  process.stderr.write(`${formatSummary(results)}\n`)
  const isMissed = results.some(({ figures }) => figures.some(figure => verdictOf(figure) === 'missed'))
  process.exitCode = isMissed ? 1 : 0
}

/** Its own heap and compiled code: no case pays for another. */
async function inOwnProcess(name: string): Promise<CaseResult> {
  const own = fileURLToPath(import.meta.url)
  const size = values.size === undefined ? [] : ['--size', values.size]
  const args = ['--expose-gc', own, '--run', name, '--rounds', values.rounds, ...size]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', piece => {
    text += piece
  })
  const code = await new Promise(resolve => child.once('close', resolve))
  if (code !== 0) throw new Error(`The case ${name} ended with ${code}.`)
  return JSON.parse(text)
}

async function runCase(name: string): Promise<void> {
  const { about, unit, size: usual, run }: BenchCase = await loadCase(name)
  const size = positiveNumber(values.size ?? String(usual), '--size')
  const rounds = positiveNumber(values.rounds, '--rounds')
  // Beside the build: a temporary folder may lie in memory, where nothing is ever flushed.
  const parent = join(root, '.output', 'bench-data')
  mkdirSync(parent, { recursive: true })
  const folders: string[] = []
  const createFolder = () => {
    folders.push(mkdtempSync(join(parent, `${name}-`)))
    return folders.at(-1)!
  }
  try {
    const chromium = process.env.CHROME_PATH || undefined
    const figures = await run({ size, rounds, createFolder, providePackage: installPackage, chromium })
    const result: CaseResult = { name, about, unit, size, figures }
    process.stdout.write(JSON.stringify(result))
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}

function positiveNumber(text: string, flag: string): number {
  const number = Number(text)
  return Number.isSafeInteger(number) && number > 0
    ? number
    : failWith(`${flag} takes a whole number above 0.`)
}

function failWith(words: string): never {
  process.stderr.write(`${words}\n\n${usage}`)
  process.exit(2)
}
