// `npm test`: everything, from a fresh clone. `npm run check` (`--check`): format, lint and types first.
// Further arguments are vitest's: `npm test -- shared/log` runs what lies there.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureExtension, ensureInstalled, ensureServerBundle, root, run, say } from '../server/setup.mjs'
import { provision } from './e2e/provision.mjs'

const given = process.argv.slice(2)
const filters = given.filter(argument => argument !== '--check')
const isWhole = filters.length === 0
const summaryFile = join(root, 'test-results', 'summary.json')
const bin = (...path) => join(root, 'node_modules', ...path)
const node = (...args) => run(process.execPath, args, { stdio: 'inherit' })

const total = { passed: 0, failed: 0, skipped: [] }
await step('install', ensureInstalled)
if (given.includes('--check')) await check()
await prepare()
await test()
report()

/** Counted like tests, so that the last line tells all. */
async function check() {
  await counted('format and lint', () =>
    node(bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'),
  )
  await counted('types', () => node(bin('typescript', 'bin', 'tsc'), '--noEmit'))
}

/** A filtered run asks for browsers only if a browser test is in it: vitest's global set-up does. */
async function prepare() {
  if (isWhole) await step('browsers', provision)
  await step('builds', async () => {
    await ensureServerBundle()
    await ensureExtension('chrome')
    await ensureExtension('firefox')
  })
}

async function test() {
  rmSync(summaryFile, { force: true })
  process.env.TRAILSIDE_SUMMARY = summaryFile
  const reporters = ['--reporter=default', `--reporter=${join(root, 'test', 'summary-reporter.mjs')}`]
  const config = ['--config', join(root, 'test', 'vitest.config.ts')]
  const ended = await node(bin('vitest', 'vitest.mjs'), 'run', ...config, ...reporters, ...filters).catch(
    error => error,
  )
  const summary = existsSync(summaryFile) ? JSON.parse(readFileSync(summaryFile, 'utf8')) : undefined
  total.passed += summary?.passed ?? 0
  total.failed += summary?.failed ?? 0
  total.skipped.push(...(summary?.skipped ?? []))
  // Whatever vitest was unhappy about counts, also when no single test failed.
  if ((ended instanceof Error || !summary?.passed) && !summary?.failed) total.failed++
}

async function counted(name, work) {
  try {
    await work()
    total.passed++
  } catch {
    say(`Failed: ${name}`)
    total.failed++
  }
}

/** Without these nothing else can be told. */
async function step(name, work) {
  try {
    await work()
  } catch (error) {
    say(`Failed: ${name}: ${error.message}`)
    total.failed++
    report()
    process.exit(1)
  }
}

function report() {
  if (total.skipped.length && isWhole) {
    console.log('\nSkipped:')
    for (const { name, reason } of total.skipped) console.log(reason ? `  ${name}: ${reason}` : `  ${name}`)
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`)
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
}
