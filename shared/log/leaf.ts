/**
 * Leaf v1: canonical JSON of open fields plus `c`, a map from field name to salted commitment. The value and salt of
 * a committed field (its disclosure) live elsewhere: deleting them erases the value and leaves every proof intact.
 */

import type { Json, JsonObject } from '../json.ts'
import { requireEntrySize } from './bundle.ts'
import { concatBytes, hexInto, toHex, utf8, utf8Into } from './bytes.ts'
import { canonicalJson, parseCanonical } from './canonical-json.ts'
import { LogError } from './errors.ts'
import type { Hasher } from './hasher.ts'

export const SALT_BYTES = 16

/** What opens one commitment: the field's name, its value, and the salt as 32 lower-case hex digits. */
export interface Disclosure {
  readonly name: string
  readonly salt: string
  readonly value: Json
}

/** The commitments of a leaf, by field name. */
export type Commitments = Readonly<Record<string, string>>

/** A parsed leaf: open fields, and commitments by field name (43 characters of base64url each). */
export interface Leaf {
  readonly v: 1
  readonly c: Commitments
  readonly [field: string]: Json
}

/** Answers `length` fresh random bytes; never reused, never derived from anything guessable. */
export type RandomBytes = (length: number) => Uint8Array

const FIELD_TAG = utf8('vlog-field/v1\n')
const HEAD_BYTES = FIELD_TAG.length + SALT_BYTES

// Most fields are short: they are encoded into this one buffer, which costs a third of making one for each.
const scratch = new Uint8Array(1024)
scratch.set(FIELD_TAG)
const scratchContent = scratch.subarray(HEAD_BYTES)
/** By length: a view costs as much as what is hashed through it. */
const scratchViews = Array.from({ length: scratch.length + 1 }, (_, length) => scratch.subarray(0, length))

/** base64url(SHA-256("vlog-field/v1\n" || salt || JCS([name, value]))), with a salt of 16 bytes. */
export function commitment(hasher: Hasher, name: string, value: Json, salt: Uint8Array): string {
  if (salt.length !== SALT_BYTES) throw new LogError('disclosure_malformed', 'a salt has 16 bytes')
  return commit(hasher, name, committedText(value), salt, 0)
}

/** The value's canonical JSON, as it will stand in a list beside its name. */
function committedText(value: Json): string {
  return canonicalJson(value, 1)
}

/** The same of a value that is written already, with the salt that begins at `at`. */
function commit(hasher: Hasher, name: string, value: string, salts: Uint8Array, at: number): string {
  const input = withHead(`${beginningsOf(name).list}${value}]`)
  for (let i = 0; i < SALT_BYTES; i++) input[FIELD_TAG.length + i] = salts[at + i]!
  return hasher.hashText(input)
}

/** How what is written of a field begins: `["name",` to be hashed, `"name":"` among the commitments. */
interface Beginnings {
  list: string
  member: string
}

const beginnings = new Map<string, Beginnings>()

/** Few names occur, each in every leaf. */
function beginningsOf(name: string): Beginnings {
  let known = beginnings.get(name)
  if (!known) {
    const written = canonicalJson(name)
    known = { list: `[${written},`, member: `${written}:"` }
    if (beginnings.size >= 100) beginnings.clear()
    beginnings.set(name, known)
  }
  return known
}

/** The tag, room for a salt, and the content; the next call may use the same bytes again. */
function withHead(content: string): Uint8Array {
  // A UTF-16 code unit takes at most three bytes of UTF-8.
  if (HEAD_BYTES + content.length * 3 <= scratch.length) {
    return scratchViews[HEAD_BYTES + utf8Into(content, scratchContent)]!
  }
  return concatBytes(FIELD_TAG, new Uint8Array(SALT_BYTES), utf8(content))
}

/** What opens the commitments of a leaf, as whoever made it holds it: all in the order of the names. */
export interface Openings {
  /** Of the committed fields. */
  readonly names: readonly string[]
  /** A JSON array of their values. */
  readonly values: string
  /** 16 bytes each; what may follow is none of them. */
  readonly salts: Uint8Array
}

/** A leaf and all that opens it. */
export interface SealedLeaf extends Openings {
  /** Its UTF-8 is what is hashed. */
  readonly text: string
}

/**
 * A leaf that commits to these values, each salted anew. `writeLeaf` puts it together: it is given `c`, a JSON object
 * with the names in the order given, and answers canonical JSON.
 * Throws `entry_too_large` above 65,535 bytes, `json_unsupported` for values JSON cannot carry.
 */
export function buildLeaf(
  hasher: Hasher,
  committed: { readonly names: readonly string[]; readonly values: readonly Json[] },
  randomBytes: RandomBytes,
  writeLeaf: (c: string) => string,
): SealedLeaf {
  const { names } = committed
  const salts = randomBytes(names.length * SALT_BYTES)
  const values = committed.values.map(committedText)
  // Objects as they were given: the order of their members means nothing, and is theirs.
  const kept = committed.values.map((value, i) => (isPlain(value) ? values[i] : JSON.stringify(value)))
  let c = ''
  for (const [i, name] of names.entries()) {
    const digest = commit(hasher, name, values[i]!, salts, i * SALT_BYTES)
    c += `${i > 0 ? '",' : ''}${beginningsOf(name).member}${digest}`
  }
  const text = writeLeaf(c === '' ? '{}' : `{${c}"}`)
  requireEntrySize(text)
  return { text, names, values: `[${kept.join(',')}]`, salts }
}

function isPlain(value: Json): boolean {
  return typeof value !== 'object' || value === null
}

export function disclosuresIn({ names, values, salts }: Openings): Disclosure[] {
  const parsed: Json[] = JSON.parse(values)
  const digits = toHex(salts)
  const width = 2 * SALT_BYTES
  return names.map((name, i) => ({ name, salt: digits.slice(i * width, (i + 1) * width), value: parsed[i]! }))
}

/** The fields of a leaf, given as bytes or as their text. Throws `json_not_canonical`, or `leaf_malformed` when `v` or `c` is not as it must be. */
export function parseLeaf(leaf: Uint8Array | string): Leaf {
  requireEntrySize(leaf)
  const value = parseCanonical(leaf)
  if (!isObject(value) || value.v !== 1 || !isObject(value.c)) {
    throw new LogError('leaf_malformed', 'not a leaf v1')
  }
  for (const digest of Object.values(value.c)) {
    if (typeof digest !== 'string' || !/^[\w-]{43}$/.test(digest)) {
      throw new LogError('leaf_malformed', 'a commitment is not 43 characters of base64url')
    }
  }
  return value as unknown as Leaf
}

/**
 * Returns when the disclosure opens a commitment of the leaf. Throws `disclosure_unknown` for a name the leaf does
 * not commit to, `disclosure_mismatch` for another value or salt, `disclosure_malformed` for a salt of wrong shape.
 */
export function verifyDisclosure(
  hasher: Hasher,
  leaf: { readonly c: Commitments },
  { name, salt, value }: Disclosure,
): void {
  if (!Object.hasOwn(leaf.c, name)) {
    throw new LogError('disclosure_unknown', 'the leaf does not commit to this field')
  }
  if (salt.length !== 2 * SALT_BYTES || !hexInto(salt, oneSalt)) {
    throw new LogError('disclosure_malformed', 'a salt is 32 lower-case hex digits')
  }
  if (commitment(hasher, name, value, oneSalt) !== leaf.c[name]) {
    throw new LogError('disclosure_mismatch', `the disclosure of ${name} is not what the leaf commits to`)
  }
}

/** Reused for every disclosure. */
const oneSalt = new Uint8Array(SALT_BYTES)

/**
 * The disclosed values by name, each verified, and the names withheld, in the leaf's order. Throws as
 * `verifyDisclosure`, and `disclosure_duplicate` for a name given twice.
 */
export function openDisclosures(
  hasher: Hasher,
  leaf: { readonly c: Commitments },
  disclosures: readonly Disclosure[],
): { values: Map<string, Json>; withheld: string[] } {
  const values = new Map<string, Json>()
  for (const disclosure of disclosures) {
    if (values.has(disclosure.name)) throw new LogError('disclosure_duplicate', 'a field is disclosed twice')
    verifyDisclosure(hasher, leaf, disclosure)
    values.set(disclosure.name, disclosure.value)
  }
  const names = Object.keys(leaf.c)
  // Each disclosure opened another of them: as many means all.
  return { values, withheld: values.size === names.length ? [] : names.filter(name => !values.has(name)) }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
