/** `trailside COMMAND`: the process itself. Data goes to standard output, words to standard error. */
import pino from 'pino'
import * as z from 'zod/mini'
import { openBackend } from './backend.ts'
import { backupCommand, backupUsage, restoreCommand } from './cli/backup.ts'
import { eraseCommand, eraseUsage } from './cli/erase.ts'
import { holdCommand, holdUsage } from './cli/hold.ts'
import { importCommand, importUsage } from './cli/import.ts'
import { keyCommand, keyUsage } from './cli/key.ts'
import { logCommand, logUsage } from './cli/log.ts'
import { openImportSink } from './cli/open-sink.ts'
import { retentionCommand, retentionUsage } from './cli/retention.ts'
import { roleCommand, roleUsage } from './cli/role.ts'
import { serveCommand } from './cli/serve.ts'
import { sourceCommand, sourceUsage } from './cli/source.ts'
import { userCommand, userUsage } from './cli/user.ts'
import { verifyCommand, verifyUsage } from './cli/verify.ts'
import { namesFile, verifyExportCommand, verifyExportUsage } from './cli/verify-export.ts'
import { readServeConfig } from './config.ts'
import { runningBackend } from './store/data-folder.ts'
import { serverVersion } from './version.ts'
import { readWorkspace } from './workspace.ts'

// The small validator brings no wording of its own.
z.config(z.locales.en())

const { stdout, stderr } = process
const quiet = pino({ level: 'silent' })

/** Opens the folder for one command, under the same environment as the server. */
async function openFolder(data: string) {
  const { config } = readServeConfig(['--data', data], process.env)
  if (!readWorkspace(config.data))
    stderr.write(`${config.data} held no workspace: a new one is made there.\n`)
  return openBackend({ config, demo: false, logger: quiet })
}
const administration = {
  ...{ findBackend: runningBackend, stdout, stderr },
  async openAccess(data: string) {
    const backend = await openFolder(data)
    return { access: backend.access, forgetting: backend, close: backend.close }
  },
}

const commands: Record<string, (args: string[]) => Promise<number>> = {
  serve: args =>
    serveCommand(args, { environment: process.env, createLogger, stderr, stopped: stopSignal() }),
  import: args =>
    importCommand(args, { openSink: options => openImportSink(options, openFolder), stdout, stderr }),
  user: args => userCommand(args, administration),
  role: args => roleCommand(args, administration),
  key: args => keyCommand(args, administration),
  source: args => sourceCommand(args, administration),
  erase: args => eraseCommand(args, administration),
  log: args => logCommand(args, administration),
  retention: args => retentionCommand(args, administration),
  hold: args => holdCommand(args, administration),
  verify: args => (namesFile(args) ? verifyExportCommand : verifyCommand)(args, { stdout, stderr }),
  backup: args => backupCommand(args, { stdout, stderr }),
  restore: args => restoreCommand(args, { stdout, stderr }),
}

const usage = `trailside ${serverVersion}

trailside serve --data DIR --port N [--host H] [--empty | --demo]
${importUsage}
${userUsage}
${roleUsage}
${keyUsage}
${sourceUsage}
${verifyUsage}
${verifyExportUsage}
${eraseUsage}
${logUsage}
${retentionUsage}
${holdUsage}
${backupUsage}`

/** Structured lines on standard error; tokens and passwords never reach them, and what looks like one is cut out. */
function createLogger(level: string) {
  const secrets = ['authorization', '*.authorization', '*.password', '*.token', '*.key', '*.secret']
  return pino({ level, base: null, redact: secrets }, pino.destination({ dest: 2, sync: true }))
}

function stopSignal(): Promise<unknown> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined) return say(stderr, usage, 2)
  if (name === 'help' || name === '--help') return say(stdout, usage, 0)
  if (name === '--version') return say(stdout, `${serverVersion}\n`, 0)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  return command ? command(args) : say(stderr, `There is no command ${name}.\n\n${usage}`, 2)
}

function say(stream: { write(text: string): unknown }, text: string, exitCode: number): number {
  stream.write(text)
  return exitCode
}

main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code
  },
  (error: Error) => {
    const expected = [
      'ConfigError',
      'DataFolderBusyError',
      'LogKeyError',
      'DamagedLogError',
      'NewerDatabaseError',
    ]
    stderr.write(`${expected.includes(error.name) ? error.message : error.stack}\n`)
    process.exitCode = 1
  },
)
