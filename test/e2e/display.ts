// A screen that nobody looks at (Xvfb), for what only a visible browser has: the panel docked beside a page,
// and the browser's own dialogs. Needs Xvfb, and ImageMagick's `import` or xdotool for what they do.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'

const exec = promisify(execFile)

export interface Display {
  /** Such as `:1`. */
  name: string
  photograph(path: string): Promise<void>
  /** xdotool's arguments, for example `press('key', 'Tab', 'Return')`. */
  press(...args: string[]): Promise<void>
  close(): void
}

/** What a display's users lack on this machine, or undefined: the reason for a skipped test. */
export function lacksDisplay(...also: ('xdotool' | 'import')[]): string | undefined {
  if (!process.env.XVFB_PATH) return 'Xvfb is not installed'
  if (also.includes('xdotool') && !process.env.XDOTOOL_PATH) return 'xdotool is not installed'
  if (also.includes('import') && !process.env.IMPORT_PATH) return "ImageMagick's import is not installed"
}

export async function openDisplay(width = 1280, height = 800): Promise<Display> {
  const program = process.env.XVFB_PATH
  if (!program) throw new Error('Xvfb is not installed')
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp']
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const kill = () => child.kill()
  process.once('exit', kill)
  const name = `:${await firstLine(child)}`
  const env = { ...process.env, DISPLAY: name }
  return {
    name,
    photograph: async path => {
      await exec(process.env.IMPORT_PATH || 'import', ['-window', 'root', path], { env })
    },
    press: async (...args) => {
      await exec(process.env.XDOTOOL_PATH || 'xdotool', args, { env })
    },
    close: () => {
      process.removeListener('exit', kill)
      kill()
    },
  }
}

/** Xvfb writes the number of the display it took to the descriptor it was given. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    child.once('error', failed)
    child.once('exit', code => failed(new Error(`Xvfb ended with ${code}`)))
    const numbers = child.stdio[3] as Readable
    numbers.once('data', data => done(String(data).trim()))
  })
}
