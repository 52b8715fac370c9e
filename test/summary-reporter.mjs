// A vitest reporter that leaves the run's counts, and the reason of every skip, for `run.mjs` to print.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: unhandledErrors.length, skipped: [] }
    for (const module of modules) {
      // A file that does not load has no tests to fail.
      summary.failed += module.errors().length
      for (const test of module.children.allTests()) count(summary, module, test)
    }
    const path = process.env.TRAILSIDE_SUMMARY
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, JSON.stringify(summary))
  }
}

function count(summary, module, test) {
  const { state, note } = test.result()
  if (state === 'passed') summary.passed++
  else if (state === 'failed') summary.failed++
  else
    summary.skipped.push({
      name: `${module.relativeModuleId} > ${test.fullName}`,
      reason: note ?? '',
    })
}
