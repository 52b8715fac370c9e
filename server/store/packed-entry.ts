/**
 * An entry in as few bytes as will do. The commitments of a leaf follow from its disclosures, so while those are kept
 * the commitments are not: nine times 60 bytes an event. An erased field keeps its commitment instead.
 *
 * Rebuilding hashes the stored values: a changed value or salt gives a leaf that no longer fits its tile.
 */
import type { Disclosure } from '../../shared/api.ts'
import type { Json } from '../../shared/json.ts'
import { fromHex, toBase64Url, utf8 } from '../../shared/log/bytes.ts'
import { commitment, disclosuresIn, SALT_BYTES, type SealedLeaf } from '../../shared/log/leaf.ts'
import { nodeHasher } from '../node-hasher.ts'
import type { StoredEntry } from './log-store.ts'

/** What the columns beside it mean; few different ones exist, so stores keep each once. */
export interface EntryShape {
  /** Names of the disclosed fields, in the order of their values and salts. */
  kept: readonly string[]
  /** Names of the erased fields, whose digests follow the salts. */
  erased: readonly string[]
  /** What was taken out of the leaf: its commitments, its tenant, both or neither. */
  cut: { commitments: boolean; tenant: boolean }
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
const commitmentLength = 43
const commitmentsStart = '"c":{'
const tenantStart = '"tenant":'

/** `tenant` is what the leaf says there, when it says so: left out too, since every entry of a log says the same. */
export function packEntry(tenant: string, { text, names, values, salts }: SealedLeaf): PackedEntry {
  const form = formOf(names)
  const lessTenant = cutTenant(text, tenant)
  const open = cutCommitments(lessTenant ?? text, form)
  return {
    open: open ?? lessTenant ?? text,
    shape: form.shapes[(open === null ? 0 : 1) + (lessTenant === null ? 0 : 2)]!,
    salts,
    values,
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

export function unpackEntry(tenant: string, index: number, packed: PackedEntry): StoredEntry {
  return {
    index,
    get leaf() {
      return utf8(restoreCommitments(packed, restoreTenant(packed, tenant)))
    },
    get disclosures() {
      return readDisclosures(packed)
    },
    get open() {
      return JSON.parse(restoreTenant(packed, tenant))
    },
    get values() {
      const values: Json[] = JSON.parse(packed.values)
      return new Map(packed.shape.kept.map((name, i) => [name, values[i]!]))
    },
    erased: packed.shape.erased,
  }
}

/*
 * What is cut is found as text: within a JSON string the quotes would be escaped, so that these find names of fields
 * and never values. Of several such names the first `c` and the last `tenant` are the leaf's own.
 */

/** The leaf with empty commitments; null unless it commits to exactly the fields of the form. */
function cutCommitments(leaf: string, { commitments, length }: Form): string | null {
  const start = leaf.indexOf(commitmentsStart) + commitmentsStart.length
  const end = start + length
  if (start < commitmentsStart.length || leaf[end] !== '}') return null
  if (!commitments.every(({ at, before }) => leaf.startsWith(before, start + at))) return null
  return leaf.slice(0, start) + leaf.slice(end)
}

/** The leaf with an empty tenant; null unless it is of this tenant. */
function cutTenant(leaf: string, tenant: string): string | null {
  const at = leaf.lastIndexOf(tenantStart) + tenantStart.length
  const written = JSON.stringify(tenant)
  if (at < tenantStart.length || !leaf.startsWith(written, at)) return null
  return `${leaf.slice(0, at)}""${leaf.slice(at + written.length)}`
}

function restoreTenant({ open, shape }: PackedEntry, tenant: string): string {
  if (!shape.cut.tenant) return open
  const at = open.lastIndexOf(tenantStart) + tenantStart.length
  return open.slice(0, at) + JSON.stringify(tenant) + open.slice(at + 2)
}

/** What follows from the names of the disclosed fields; worked out once, for few different ones occur. */
interface Form {
  /** What stands before each commitment and after the one before, and where, as canonical JSON writes them. */
  commitments: readonly { at: number; before: string }[]
  /** Of all of them together, in characters. */
  length: number
  /** By what was cut: 1 for the commitments, 2 for the tenant. */
  shapes: readonly EntryShape[]
}

const forms = new Map<string, Form>()

function formOf(names: readonly string[]): Form {
  const key = names.join('\n')
  let form = forms.get(key)
  if (!form) {
    form = createForm(names)
    if (forms.size >= 100) forms.clear()
    forms.set(key, form)
  }
  return form
}

function createForm(names: readonly string[]): Form {
  const commitments: { at: number; before: string }[] = []
  let length = 0
  for (const [i, name] of [...names].sort().entries()) {
    const before = `${i > 0 ? '",' : ''}${JSON.stringify(name)}:"`
    commitments.push({ at: length, before })
    length += before.length + commitmentLength
  }
  if (names.length > 0) {
    commitments.push({ at: length, before: '"' })
    length++
  }
  const shapes = [0, 1, 2, 3].map(bits => ({
    kept: names,
    erased: [],
    cut: { commitments: (bits & 1) > 0, tenant: (bits & 2) > 0 },
  }))
  return { commitments, length, shapes }
}

function restoreCommitments(packed: PackedEntry, leaf: string): string {
  if (!packed.shape.cut.commitments) return leaf
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
  const at = leaf.indexOf(commitmentsStart) + commitmentsStart.length
  return leaf.slice(0, at) + fields.join(',') + leaf.slice(at)
}

function readDisclosures({ shape, salts, values }: PackedEntry): Disclosure[] {
  return disclosuresIn({ names: shape.kept, values, salts })
}

function digestOf({ name, value, salt }: Disclosure): Uint8Array {
  return Buffer.from(commitment(nodeHasher, name, value, fromHex(salt)), 'base64url')
}
