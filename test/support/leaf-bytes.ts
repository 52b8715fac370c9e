/** Leaves as readers meet them: bytes, and disclosures beside them. */
import { fromHex, fromUtf8, utf8 } from '../../shared/log/bytes.ts'
import { eventToLeaf } from '../../shared/log/event-leaf.ts'
import { buildLeaf, type Disclosure, disclosuresIn, type SealedLeaf } from '../../shared/log/leaf.ts'

export interface OpenedLeaf {
  leaf: Uint8Array
  disclosures: Disclosure[]
}

export function buildLeafBytes(...given: Parameters<typeof buildLeaf>): OpenedLeaf {
  return opened(buildLeaf(...given))
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
    values: disclosures.map(({ value }) => value),
    salts: fromHex(disclosures.map(({ salt }) => salt).join('')),
  }
}
