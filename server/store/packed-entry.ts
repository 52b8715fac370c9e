/**
 * An entry in as few bytes as will do. The commitments of a leaf follow from its disclosures, so while those are kept
 * the commitments are not: nine times 60 bytes an event. An erased field keeps its commitment instead.
 *
 * Rebuilding hashes the stored values: a changed value or salt gives a leaf that no longer fits its tile.
 */
import type { Disclosure } from '../../shared/api.ts'
import type { Json } from '../../shared/json.ts'
import { fromHex, fromUtf8, toBase64Url, toHex, utf8 } from '../../shared/log/bytes.ts'
import { commitment, SALT_BYTES } from '../../shared/log/leaf.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { StoredEntry } from './log-store.ts'

/** What the columns beside it mean; few different ones exist, so stores keep each once. */
export interface EntryShape {
  /** Names of the disclosed fields, in the order of their values and salts. */
  kept: readonly string[]
  /** Names of the erased fields, whose digests follow the salts. */
  erased: readonly string[]
  /** Whether the commitments were taken out of the leaf. */
  cut: boolean
}

export interface PackedEntry {
  /** The leaf as text, its commitments `{}` where they were taken out. */
  open: string
  shape: EntryShape
  /** 16 bytes of salt for each kept field, then 32 of digest for each erased one. */
  salts: Uint8Array
  /** A JSON array of the kept fields' values. */
  values: string
}

const digestBytes = 32
const commitmentsStart = '"c":{'

export function packEntry(leaf: Uint8Array, disclosures: readonly Disclosure[]): PackedEntry {
  const text = fromUtf8(leaf)
  const kept = disclosures.map(disclosure => disclosure.name)
  const open = cutCommitments(text, kept)
  return {
    open: open ?? text,
    shape: { kept, erased: [], cut: open !== null },
    salts: Buffer.from(disclosures.map(disclosure => disclosure.salt).join(''), 'hex'),
    values: JSON.stringify(disclosures.map(disclosure => disclosure.value)),
  }
}

/** The entry without the values and salts of the named fields; null when none of them was there. */
export function eraseFields(packed: PackedEntry, fields: readonly string[]): PackedEntry | null {
  const { kept, erased } = packed.shape
  const gone = kept.filter(name => fields.includes(name))
  if (gone.length === 0) return null
  const disclosures = readDisclosures(packed)
  const remaining = disclosures.filter(({ name }) => !gone.includes(name))
  const digests = disclosures.filter(({ name }) => gone.includes(name)).map(digestOf)
  const before = packed.salts.subarray(kept.length * SALT_BYTES)
  return {
    open: packed.open,
    shape: { kept: remaining.map(({ name }) => name), erased: [...erased, ...gone], cut: packed.shape.cut },
    salts: Buffer.concat([...remaining.map(({ salt }) => fromHex(salt)), before, ...digests]),
    values: JSON.stringify(remaining.map(({ value }) => value)),
  }
}

export function unpackEntry(index: number, packed: PackedEntry): StoredEntry {
  return {
    index,
    get leaf() {
      return utf8(packed.shape.cut ? restoreCommitments(packed) : packed.open)
    },
    get disclosures() {
      return readDisclosures(packed)
    },
    get open() {
      return JSON.parse(packed.open)
    },
    get values() {
      const values: Json[] = JSON.parse(packed.values)
      return new Map(packed.shape.kept.map((name, i) => [name, values[i]!]))
    },
    erased: packed.shape.erased,
  }
}

/** The leaf with empty commitments; null unless it commits to exactly the named fields. */
function cutCommitments(leaf: string, names: readonly string[]): string | null {
  // Within a JSON string the quotes would be escaped, so that this finds a key and never a value.
  const start = leaf.indexOf(commitmentsStart)
  const pattern = commitmentsPattern(names)
  pattern.lastIndex = start + commitmentsStart.length
  if (start < 0 || !pattern.test(leaf)) return null
  return leaf.slice(0, start + commitmentsStart.length) + leaf.slice(pattern.lastIndex)
}

const patterns = new Map<string, RegExp>()

function commitmentsPattern(names: readonly string[]): RegExp {
  const key = JSON.stringify(names)
  let pattern = patterns.get(key)
  if (!pattern) {
    const fields = [...names].sort().map(name => `${escapePattern(JSON.stringify(name))}:"[\\w-]{43}"`)
    pattern = new RegExp(`${fields.join(',')}(?=\\})`, 'y')
    if (patterns.size >= 100) patterns.clear()
    patterns.set(key, pattern)
  }
  return pattern
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

function restoreCommitments(packed: PackedEntry): string {
  const commitments = new Map(
    readDisclosures(packed).map(({ name, salt, value }) => {
      return [name, commitment(nodeHasher, name, value, fromHex(salt))]
    }),
  )
  const { kept, erased } = packed.shape
  erased.forEach((name, i) => {
    const at = kept.length * SALT_BYTES + i * digestBytes
    commitments.set(name, toBase64Url(packed.salts.subarray(at, at + digestBytes)))
  })
  const fields = [...commitments.keys()]
    .sort()
    .map(name => `${JSON.stringify(name)}:"${commitments.get(name)}"`)
  const at = packed.open.indexOf(commitmentsStart) + commitmentsStart.length
  return packed.open.slice(0, at) + fields.join(',') + packed.open.slice(at)
}

function readDisclosures({ shape, salts, values }: PackedEntry): Disclosure[] {
  const parsed: Json[] = JSON.parse(values)
  return shape.kept.map((name, i) => ({
    name,
    salt: toHex(salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES)),
    value: parsed[i]!,
  }))
}

function digestOf({ name, value, salt }: Disclosure): Uint8Array {
  return Buffer.from(commitment(nodeHasher, name, value, fromHex(salt)), 'base64url')
}
