/** Trust policies (C2SP tlog-policy): which logs are believed, and whose cosignatures they need. */
import { toHex } from './bytes.ts'
import { type OpenedCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { LogError } from './errors.ts'
import { ALGORITHM, parseVerifierKey, type VerifierKey } from './key.ts'
import { isSignedBy, openNote, parseNote, type Verifier } from './note.ts'
import { createVerifier } from './signature.ts'

/** `quorum` names a witness or group; null asks for no cosignature. */
export interface Policy {
  readonly logs: readonly { readonly key: VerifierKey; readonly url: string | null }[]
  readonly witnesses: ReadonlyMap<string, { readonly key: VerifierKey; readonly url: string | null }>
  readonly groups: ReadonlyMap<string, { readonly threshold: number; readonly members: readonly string[] }>
  readonly quorum: string | null
}

/** A policy while its lines are read; what is still missing or already used. */
interface Draft {
  readonly logs: Policy['logs'][number][]
  readonly witnesses: Map<string, Policy['logs'][number]>
  readonly groups: Map<string, { threshold: number; members: string[] }>
  readonly keys: Set<string>
  readonly grouped: Set<string>
  quorum?: string | null
}

/**
 * The policy of a text: a line each for `log <vkey> [url]`, `witness <name> <vkey> [url]`,
 * `group <name> all|any|<k> <name>...`, and once `quorum <name>|none`; `#` starts a comment line.
 * Throws `policy_malformed`, `key_malformed`.
 */
export function parsePolicy(text: string): Policy {
  const draft: Draft = {
    logs: [],
    witnesses: new Map(),
    groups: new Map(),
    keys: new Set(),
    grouped: new Set(),
  }
  for (const line of text.split('\n')) {
    const words = line.trim().split(/[ \t]+/)
    if (words[0] === '' || words[0]!.startsWith('#')) continue
    readLine(draft, words)
  }
  const { logs, witnesses, groups, quorum } = draft
  if (quorum === undefined) throw malformed('it has no quorum')
  return { logs, witnesses, groups, quorum }
}

/** Whether the witnesses of these names satisfy the quorum. */
export function isQuorumMet({ groups, quorum }: Policy, cosigned: ReadonlySet<string>): boolean {
  const isMet = (name: string): boolean => {
    const group = groups.get(name)
    return group ? group.members.filter(isMet).length >= group.threshold : cosigned.has(name)
  }
  return quorum === null || isMet(quorum)
}

/**
 * The checkpoint of a note that a log of the policy signed and enough witnesses cosigned. A log's origin is its key's
 * name. Throws `origin_unknown`, `note_unverified`, `quorum_not_met`, or as `openNote`.
 */
export async function openWithPolicy(note: string, policy: Policy): Promise<OpenedCheckpoint> {
  const checkpoint = parseCheckpoint(parseNote(note).text)
  const logs = policy.logs
    .filter(({ key }) => key.name === checkpoint.origin)
    .map(({ key }) => createVerifier(key))
  if (logs.length === 0) throw new LogError('origin_unknown', 'the policy does not know this log')
  const witnesses = [...policy.witnesses].map(([name, { key }]) => [name, createVerifier(key)] as const)
  const opened = await openNote(note, [...logs, ...witnesses.map(([, verifier]) => verifier)])
  const signed = (verifier: Verifier) => opened.verified.some(signature => isSignedBy(verifier, signature))
  if (!logs.some(signed)) throw new LogError('note_unverified', 'the log itself did not sign this checkpoint')
  const cosigned = new Set(witnesses.filter(([, verifier]) => signed(verifier)).map(([name]) => name))
  if (!isQuorumMet(policy, cosigned)) throw new LogError('quorum_not_met', 'too few witnesses cosigned')
  return { ...opened, checkpoint }
}

function readLine(draft: Draft, [keyword, ...words]: readonly string[]): void {
  if (keyword === 'log') readLog(draft, words)
  else if (keyword === 'witness') readWitness(draft, words)
  else if (keyword === 'group') readGroup(draft, words)
  else if (keyword === 'quorum') readQuorum(draft, words)
  else throw malformed('a line is of no known kind')
}

function readLog(draft: Draft, [text, url, ...rest]: readonly string[]): void {
  if (text === undefined || rest.length > 0) throw malformed('a log line reads: log <vkey> [url]')
  draft.logs.push({ key: readKey(draft, text), url: url ?? null })
}

function readWitness(draft: Draft, [name, text, url, ...rest]: readonly string[]): void {
  if (name === undefined || text === undefined || rest.length > 0) {
    throw malformed('a witness line reads: witness <name> <vkey> [url]')
  }
  requireNewName(draft, name)
  const key = readKey(draft, text)
  if (key.algorithm !== ALGORITHM.cosignature) throw malformed('a witness key is of type 04')
  draft.witnesses.set(name, { key, url: url ?? null })
}

function readGroup(draft: Draft, [name, count, ...members]: readonly string[]): void {
  if (name === undefined || count === undefined || members.length === 0) {
    throw malformed('a group line reads: group <name> all|any|<k> <name>...')
  }
  requireNewName(draft, name)
  for (const member of members) {
    if (!isDefined(draft, member)) throw malformed('a group has a member not defined before it')
    if (draft.grouped.has(member)) throw malformed('a name is in two groups, or twice in one')
    draft.grouped.add(member)
  }
  draft.groups.set(name, { threshold: readThreshold(count, members.length), members })
}

function readThreshold(text: string, members: number): number {
  if (text === 'any') return 1
  if (text === 'all') return members
  const threshold = /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : 0
  if (threshold < 1 || threshold > members) {
    throw malformed('a threshold is any, all or 1 to the number of members')
  }
  return threshold
}

function readQuorum(draft: Draft, [name, ...rest]: readonly string[]): void {
  if (name === undefined || rest.length > 0) throw malformed('a quorum line reads: quorum <name>|none')
  if (draft.quorum !== undefined) throw malformed('it has two quorums')
  if (name !== 'none' && !isDefined(draft, name)) throw malformed('its quorum is not defined before it')
  draft.quorum = name === 'none' ? null : name
}

function readKey(draft: Draft, text: string): VerifierKey {
  const key = parseVerifierKey(text)
  // One key under two names would count twice.
  const bytes = toHex(key.publicKey)
  if (draft.keys.has(bytes)) throw malformed('two lines have one key')
  draft.keys.add(bytes)
  return key
}

function requireNewName(draft: Draft, name: string): void {
  if (name === 'none' || isDefined(draft, name)) throw malformed('a name is defined twice, or reserved')
}

function isDefined({ witnesses, groups }: Draft, name: string): boolean {
  return witnesses.has(name) || groups.has(name)
}

function malformed(what: string): LogError {
  return new LogError('policy_malformed', `not a policy: ${what}`)
}
