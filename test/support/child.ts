/** Our TypeScript in a process of its own, as a test needs it to be killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Bundles a script of this folder by its name (without `.ts`); answers the bundle's path. */
export async function bundleChild(name: string): Promise<string> {
  // Within the project, so that native modules are found.
  const outDir = `${root}/.output/test-children/${name}`
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, external: ['@photostructure/sqlite'] },
    build: {
      ssr: `test/support/${name}.ts`,
      target: 'node20',
      outDir,
      rolldownOptions: { output: { format: 'es', entryFileNames: 'child.mjs', codeSplitting: false } },
    },
  })
  return `${outDir}/child.mjs`
}

/** Standard error goes to the test's own. */
export function startChild(bundle: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [bundle, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
}

/** Waits for the end; answers all of standard output and how it ended. */
export async function endOf(child: ChildProcess): Promise<{ output: string; code: number | null }> {
  let output = ''
  child.stdout!.on('data', chunk => {
    output += chunk
  })
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  return { output, code }
}
