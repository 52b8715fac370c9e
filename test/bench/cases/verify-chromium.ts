/** The same verification in the panel: built as the extension is, in a real Chromium. */
import { type Browser, chromium, type Page } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { root } from '../../e2e/built.ts'
import type { BenchCase } from '../bench.ts'
import type { VerifyPage } from '../browser/verify-page.ts'
import { type MadeExport, makeExport } from '../export.ts'

declare const verifyPage: VerifyPage

/** The browser counts CPU time in hundredths of a second. */
const repeats = 10
const figure = { name: 'Chromium, CSV', unit: 'rows a CPU second', target: { atLeast: 10_000 } }

export default {
  about: 'strict verification of an export in the browser',
  unit: 'rows',
  size: 1000,
  async run({ size, rounds, chromium: program }) {
    if (!program) return [{ ...figure, values: [], skipped: 'there is no Chromium; set CHROME_PATH' }]
    const made = await makeExport(size, 'csv')
    const browser = await chromium.launch({
      executablePath: program,
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    })
    try {
      return [{ ...figure, values: await measure(browser, made, rounds) }]
    } finally {
      await browser.close()
    }
  },
} satisfies BenchCase

async function measure(browser: Browser, { zip, keys }: MadeExport, rounds: number): Promise<number[]> {
  const page = await openPage(browser)
  await page.evaluate(text => verifyPage.load(text), Buffer.from(zip).toString('base64'))
  const values: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const before = await rendererSeconds(browser)
    const rows = await page.evaluate(([keys, times]) => verifyPage.verify(keys, times), [
      keys,
      repeats,
    ] as const)
    const seconds = (await rendererSeconds(browser)) - before
    // The first warms up.
    if (round > 0) values.push(rows / seconds)
  }
  return values
}

/** Signatures are checked only where the page's origin is trusted, as an extension's is. */
async function openPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage()
  await page.route('**', route => route.fulfill({ contentType: 'text/html', body: '<title>bench</title>' }))
  await page.goto('http://localhost/')
  await page.addScriptTag({ content: await buildScript() })
  return page
}

async function buildScript(): Promise<string> {
  const built = await build({
    ...{ root, configFile: false, publicDir: false, logLevel: 'warn' },
    build: {
      write: false,
      rolldownOptions: { input: 'test/bench/browser/verify-page.ts', output: { format: 'iife' } },
    },
  })
  const [output] = [built].flat() as Rolldown.RolldownOutput[]
  return output!.output[0].code
}

/** CPU seconds of all pages since the browser began. */
async function rendererSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}
