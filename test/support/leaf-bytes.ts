/** Leaves as readers meet them: bytes, and disclosures beside them. */
import type { Json } from '../../shared/json.ts'
import { fromHex, fromUtf8, utf8 } from '../../shared/log/bytes.ts'
import { canonicalJson } from '../../shared/log/canonical-json.ts'
import { eventToLeaf } from '../../shared/log/event-leaf.ts'
import type { Hasher } from '../../shared/log/hasher.ts'
import {
  buildLeaf,
  type Disclosure,
  disclosuresIn,
  type RandomBytes,
  type SealedLeaf,
} from '../../shared/log/leaf.ts'

export interface OpenedLeaf {
  leaf: Uint8Array
  disclosures: Disclosure[]
}

/** A leaf of any open fields that commits to any others. */
export function buildLeafBytes(
  hasher: Hasher,
  open: Readonly<Record<string, Json>>,
  committed: Readonly<Record<string, Json>>,
  randomBytes: RandomBytes,
): OpenedLeaf {
  const fields = { names: Object.keys(committed), values: Object.values(committed) }
  return opened(
    buildLeaf(hasher, fields, randomBytes, c => canonicalJson({ ...open, v: 1, c: JSON.parse(c) })),
  )
}

export function eventToLeafBytes(...given: Parameters<typeof eventToLeaf>): OpenedLeaf {
  return opened(eventToLeaf(...given))
}

function opened(sealed: SealedLeaf): OpenedLeaf {
  return { leaf: utf8(sealed.text), disclosures: disclosuresIn(sealed) }
}

/** As a writer would have made it. */
export function sealedLeaf({ leaf, disclosures }: OpenedLeaf): SealedLeaf {
  return {
    text: fromUtf8(leaf),
    names: disclosures.map(({ name }) => name),
    values: JSON.stringify(disclosures.map(({ value }) => value)),
    salts: fromHex(disclosures.map(({ salt }) => salt).join('')),
  }
}
