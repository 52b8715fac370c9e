import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']

/** Throws with a readable list when the page violates WCAG 2.2 AA as far as axe can tell. */
export async function checkAccessibility(page: Page): Promise<void> {
  // Evaluated over the debugging protocol, which the extension's content security policy does not concern.
  await page.evaluate(source)
  const violations = await page.evaluate(async runOnly => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe }
    const { violations } = await checker.run(document, { runOnly, resultTypes: ['violations'] })
    return violations.map(({ id, help, nodes }) => ({
      rule: `${id}: ${help}`,
      nodes: nodes.map(({ html, failureSummary }) => `${html}\n    ${failureSummary ?? ''}`),
    }))
  }, standards)
  if (violations.length === 0) return
  const list = violations.map(({ rule, nodes }) => `${rule}\n  ${nodes.join('\n  ')}`)
  throw new Error(`${violations.length} accessibility violation(s):\n${list.join('\n')}`)
}
