/** The keys a log has had, as one that is trusted vouches for them: those after it, and those before. */
import type { LogKeys } from '../api.ts'
import { type OpenedCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { LogError } from './errors.ts'
import type { Hasher } from './hasher.ts'
import { formatVerifierKey, parseVerifierKey } from './key.ts'
import { claimedRotation, followRotations, type KeyTransition } from './key-transition.ts'
import { isSignedBy, parseNote } from './note.ts'
import { openWithPolicy, type Policy } from './policy.ts'
import { createVerifier } from './signature.ts'

/** Keys, and the sizes of the tree that they signed: `until` is that of the checkpoint which handed over. */
export interface KeyPeriod {
  readonly keys: LogKeys
  readonly since: number
  readonly until: number | null
}

/** A checkpoint, and the keys of the log that signed it where the policy does not name them itself. */
export interface OpenedThrough extends OpenedCheckpoint {
  readonly period: KeyPeriod | null
}

/**
 * As `openWithPolicy`, where the log may have changed its key: `transitions` prove which keys came after the one that
 * the policy names, and which before. Each is believed for the sizes only in which it was in force: of a key that gave
 * way, somebody may have kept a copy. Throws as `openWithPolicy`, and `transition_unproven`.
 */
export async function openThroughTransitions(
  hasher: Hasher,
  note: string,
  policy: Policy,
  transitions: readonly string[],
): Promise<OpenedThrough> {
  const { origin, size } = parseCheckpoint(parseNote(note).text)
  const { signatures } = parseNote(note)
  const named = policy.logs.filter(({ key }) => key.name === origin)
  const isNamedSigner = named.some(({ key }) =>
    signatures.some(line => isSignedBy({ name: key.name, keyId: key.id }, line)),
  )
  if (isNamedSigner || named.length === 0) return { ...(await openWithPolicy(note, policy)), period: null }
  for (const { key } of named) {
    for (const period of await keyPeriods(hasher, transitions, formatVerifierKey(key))) {
      const verifier = createVerifier(period.keys.log)
      if (!signatures.some(line => isSignedBy(verifier, line))) continue
      const log = { key: parseVerifierKey(period.keys.log), url: null }
      const opened = await openWithPolicy(note, { ...policy, logs: [log] })
      requireInForce(period, size)
      return { ...opened, period }
    }
  }
  throw new LogError('note_unverified', 'the log itself did not sign this checkpoint')
}

/** The keys of the log whose key `log` is or was, oldest first; none where the transitions do not speak of it. */
export async function keyPeriods(
  hasher: Hasher,
  transitions: readonly string[],
  log: string,
): Promise<KeyPeriod[]> {
  const steps = await followRotations(hasher, transitions, { log: oldestBefore(hasher, transitions, log) })
  const isOurs = steps.some(({ before, after }) => before.log === log || after.log === log)
  return isOurs ? periodsOf(steps) : []
}

/** The periods that these changes divide the log's life into. */
export function periodsOf(steps: readonly Pick<KeyTransition, 'before' | 'after' | 'size'>[]): KeyPeriod[] {
  return steps.flatMap(({ before, after, size }, i) => {
    const own = { keys: after, since: size, until: steps[i + 1]?.size ?? null }
    return i === 0 ? [{ keys: before, since: 0, until: size }, own] : [own]
  })
}

/** The key that the transitions say came first of those that lead to this one. */
function oldestBefore(hasher: Hasher, transitions: readonly string[], log: string): string {
  const claims = transitions.map(text => claimedRotation(hasher, text))
  let oldest = log
  // As many steps as there are claims: a circle is not followed for ever.
  for (let step = 0; step < claims.length; step++) {
    oldest = claims.find(claim => claim?.after.log === oldest)?.before.log ?? oldest
  }
  return oldest
}

function requireInForce({ since, until }: KeyPeriod, size: number): void {
  if (size >= since && (until === null || size <= until)) return
  const words = `the key was in force from ${since} to ${until ?? 'now'} entries, and signed for ${size}`
  throw new LogError('transition_unproven', words)
}
