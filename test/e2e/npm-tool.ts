import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './built.ts'

const exec = promisify(execFile)

/**
 * A program from the registry that only a test needs, kept out of the project's dependencies because of its
 * size. Answers the program's path; undefined when the registry cannot be reached.
 */
export async function provideNpmTool(name: string, version: string): Promise<string | undefined> {
  const tool = await installPackage(name, version)
  if (!tool) return undefined
  const { bin } = JSON.parse(readFileSync(join(tool, 'package.json'), 'utf8'))
  return join(tool, typeof bin === 'string' ? bin : bin[name])
}

/** The folder of such a package, installed when it is not there; undefined when the registry cannot be reached. */
export async function installPackage(name: string, version: string): Promise<string | undefined> {
  const folder = join(root, '.output', 'tools', `${name}-${version}`)
  // npm writes it last, so an install that was cut short is done again.
  const isInstalled = () => existsSync(join(folder, 'node_modules', '.package-lock.json'))
  if (!isInstalled()) {
    mkdirSync(folder, { recursive: true })
    const quick = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    const args = ['install', '--prefix', folder, ...quick, `${name}@${version}`]
    const shell = process.platform === 'win32'
    await exec('npm', args, { shell, timeout: 240_000 }).catch(() => undefined)
  }
  return isInstalled() ? join(folder, 'node_modules', name) : undefined
}
