/** The two files that say who witnesses whom, in the form of C2SP tlog-policy. */
import { readFileSync } from 'node:fs'
import type { VerifierKey } from '../../shared/log/key.ts'
import { type Policy, parsePolicy } from '../../shared/log/policy.ts'
import { ConfigError } from '../config.ts'

/** The logs that this server witnesses: `log <vkey>` lines; a quorum line may be there and means nothing. */
export function readPeerLogs(path: string): VerifierKey[] {
  return readFileAs('TRAILSIDE_WITNESS_FOR', path, text => {
    const hasQuorum = /^[ \t]*quorum[ \t]/m.test(text)
    const { logs } = parsePolicy(hasQuorum ? text : `${text}\nquorum none\n`)
    if (logs.length === 0) throw new Error('it names no log')
    return logs.map(({ key }) => key)
  })
}

/** Whom this server asks to cosign its own log, and how many of them make a quorum. */
export function readWitnessPolicy(path: string): Policy {
  return readFileAs('TRAILSIDE_POLICY', path, text => {
    const policy = parsePolicy(text)
    if (policy.witnesses.size === 0) throw new Error('it names no witness')
    for (const { url } of policy.witnesses.values()) if (url !== null) requireWebAddress(url)
    return policy
  })
}

function requireWebAddress(url: string): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Error(`${url} is no web address`)
}

/** @throws {ConfigError} naming the variable and what is wrong with its file. */
function readFileAs<T>(variable: string, path: string, parse: (text: string) => T): T {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new ConfigError(`${variable}: ${path} cannot be used: ${(error as Error).message}`)
  }
}
