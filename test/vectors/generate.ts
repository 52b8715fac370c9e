/**
 * Makes the log's test vectors: plain JSON, bytes as hex, mostly cases that must be refused. Deterministic: keys,
 * salts and times are fixed. `vectors.test.ts` compares the files with this and checks every verdict; run it with
 * `-u` to write the files anew.
 */
import { toHex, utf8 } from '../../shared/log/bytes.ts'
import { encodeBundle } from '../../shared/log/bundle.ts'
import { formatCheckpoint } from '../../shared/log/checkpoint.ts'
import { proveConsistency } from '../../shared/log/consistency.ts'
import { timeKeyName } from '../../shared/log/cosignature.ts'
import { signingKeyFromSeed } from '../../shared/log/ed25519.ts'
import { proveInclusion } from '../../shared/log/inclusion.ts'
import { createVerifierKey, formatVerifierKey } from '../../shared/log/key.ts'
import { signNote } from '../../shared/log/note.ts'
import { formatReceipt } from '../../shared/log/proof.ts'
import { proveRange } from '../../shared/log/range.ts'
import { createCosigner, createNoteSigner } from '../../shared/log/signature.ts'
import { formatTilePath, growTiles, touchedTiles } from '../../shared/log/tiles.ts'
import { CompactRange } from '../../shared/log/tree.ts'
import { eventToLeafBytes } from '../support/leaf-bytes.ts'
import { byteLeaves, flipBit, hasher, nodesOf, referenceTree } from '../support/reference-tree.ts'

import { countedSalts, sampleEvent, type TextCase } from './samples.ts'
import { epoch, keyTransition } from './transitions.ts'

export interface TreeCase {
  about: string
  holds: boolean
  numbers: Record<string, number>
  hashes: Record<string, string[]>
}

const SIZE = 21
const leaves = byteLeaves(SIZE)
const tree = referenceTree(leaves)
const getNode = nodesOf(leaves)

/** A case that holds, and from it the ones that must not: each hash with a bit flipped, dropped, doubled. */
function variants(
  about: string,
  numbers: TreeCase['numbers'],
  hashes: Record<string, Uint8Array[]>,
): TreeCase[] {
  const make = (what: string, holds: boolean, changed: Record<string, Uint8Array[]>): TreeCase => ({
    about: `${about}: ${what}`,
    holds,
    numbers,
    hashes: Object.fromEntries(
      Object.entries({ ...hashes, ...changed }).map(([name, list]) => [name, list.map(toHex)]),
    ),
  })
  const wrong = Object.entries(hashes).flatMap(([name, list]) =>
    list.flatMap((hash, i) => [
      make(`${name} ${i} with a bit flipped`, false, { [name]: list.with(i, flipBit(hash, (i * 37) % 256)) }),
      make(`${name} ${i} missing`, false, { [name]: list.toSpliced(i, 1) }),
      make(`${name} ${i} twice`, false, { [name]: list.toSpliced(i, 0, hash) }),
      make(`${name} ${i} cut to 31 bytes`, false, { [name]: list.with(i, hash.subarray(1)) }),
    ]),
  )
  return [make('as it is', true, {}), ...wrong]
}

function inclusionCases(): TreeCase[] {
  return [
    [0, 1],
    [0, 2],
    [5, 8],
    [6, 7],
    [20, 21],
  ].flatMap(([index, size]) => {
    const hashes = {
      leaf: [leaves[index!]!],
      proof: proveInclusion(hasher, index!, size!, getNode),
      root: [tree.root(size!)],
    }
    const cases = variants(`leaf ${index} of ${size}`, { index: index!, size: size! }, hashes)
    const outside = { ...cases[0]!, about: `leaf ${index} of ${size}: at an index outside`, holds: false }
    return [...cases, { ...outside, numbers: { index: size!, size: size! } }]
  })
}

function consistencyCases(): TreeCase[] {
  return [
    [1, 2],
    [4, 8],
    [6, 8],
    [7, 21],
    [16, 21],
    [21, 21],
  ].flatMap(([oldSize, newSize]) => {
    const hashes = {
      oldRoot: [tree.root(oldSize!)],
      newRoot: [tree.root(newSize!)],
      proof: proveConsistency(hasher, oldSize!, newSize!, getNode),
    }
    const cases = variants(`${oldSize} to ${newSize}`, { oldSize: oldSize!, newSize: newSize! }, hashes)
    const empty = { ...cases[0]!, about: `0 to ${newSize}: proves nothing`, holds: false }
    return [...cases, { ...empty, numbers: { oldSize: 0, newSize: newSize! } }]
  })
}

function rangeCases(): TreeCase[] {
  return [
    [0, 5, 5],
    [3, 7, 13],
  ].flatMap(([start, end, size]) => {
    const { left, right } = proveRange(start!, end!, size!, getNode)
    const hashes = {
      left: [...left],
      right: [...right],
      leaves: leaves.slice(start, end),
      root: [tree.root(size!)],
    }
    return variants(`[${start}, ${end}) of ${size}`, { start: start!, end: end!, size: size! }, hashes)
  })
}

function canonicalCases(): TextCase[] {
  const holding = [
    'null',
    '{}',
    '[]',
    '0',
    '-1.5',
    '1e+21',
    '5e-324',
    '"é"',
    '"\\u001f"',
    '{"a":[1,"x"],"b":null}',
  ]
  const refused = [
    '',
    ' {}',
    '{} ',
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    '[1.0]',
    '[-0]',
    '[1e2]',
    '"\\u0061"',
    '"\\/"',
  ]
  const more = [
    '"\\u001F"',
    '"\\ud800"',
    '[1,]',
    'NaN',
    '\ufeff{}',
    '[9007199254740993]',
    `${'['.repeat(129)}${']'.repeat(129)}`,
  ]
  return [
    ...holding.map(text => ({ about: 'canonical', holds: true, text })),
    ...[...refused, ...more].map(text => ({ about: 'not canonical', holds: false, text })),
  ]
}


function eventLeaf() {
  const event = sampleEvent
  const { leaf, disclosures } = eventToLeafBytes(hasher, event, { tenant: 'acme' }, countedSalts)
  const [first, ...rest] = disclosures
  const refused = [
    { code: 'disclosure_mismatch', disclosures: [{ ...first!, value: 'mallory@example.com' }] },
    { code: 'disclosure_mismatch', disclosures: [{ ...first!, salt: 'f'.repeat(32) }] },
    { code: 'disclosure_mismatch', disclosures: [{ ...first!, name: rest[0]!.name }] },
    { code: 'disclosure_unknown', disclosures: [{ ...first!, name: 'actor.phone' }] },
    { code: 'disclosure_malformed', disclosures: [{ ...first!, salt: first!.salt.slice(2) }] },
    { code: 'disclosure_malformed', disclosures: [{ ...first!, salt: first!.salt.toUpperCase() }] },
    { code: 'disclosure_duplicate', disclosures: [first!, first!] },
  ]
  const text = new TextDecoder().decode(leaf)
  return { tenant: 'acme', event, leaf: text, leafHash: toHex(hasher.leafHash(leaf)), disclosures, refused }
}

function tiles() {
  const { tiles, range } = growTiles(new CompactRange(hasher), byteLeaves(256), () => new Uint8Array())
  const growths = [
    [0, 1],
    [0, 256],
    [255, 257],
    [70_000, 70_001],
    [65_535, 65_536],
  ].map(([from, to]) => ({
    from,
    to,
    tiles: touchedTiles(from!, to!).map(formatTilePath).slice(0, 8),
  }))
  const bundle = toHex(encodeBundle([utf8('one'), utf8(''), utf8('three')]))
  const hashes = tiles.map(tile => ({ path: formatTilePath(tile), sha256: toHex(hasher.hash(tile.bytes)) }))
  return {
    leaves: 'leaf i is the byte i, i = 0 to 255',
    root: toHex(range.root()),
    tiles: hashes,
    growths,
    bundle,
  }
}

async function signed() {
  const origin = 'example.com/trailside'
  const logKey = await signingKeyFromSeed(new Uint8Array(32).fill(1))
  const timeKey = await signingKeyFromSeed(new Uint8Array(32).fill(2))
  const log = createNoteSigner(origin, logKey)
  const clock = createCosigner(timeKeyName(origin), timeKey, () => 1_767_225_600)
  const body = formatCheckpoint({ origin, size: SIZE, root: tree.root(SIZE), extensions: [] })
  const checkpoint = await signNote(body, [log, clock])
  const receipt = formatReceipt({
    extra: null,
    index: 7,
    proof: proveInclusion(hasher, 7, SIZE, getNode),
    checkpoint,
  })
  const bad = (about: string, text: string) => ({ about, holds: false, text })
  const lines = checkpoint.split('\n')
  const cases: TextCase[] = [
    { about: 'as it is', holds: true, text: checkpoint },
    { about: 'without the time', holds: true, text: lines.toSpliced(5, 1).join('\n') },
    bad('without the signature of the log', lines.toSpliced(4, 1).join('\n')),
    bad('of another size', checkpoint.replace(`\n${SIZE}\n`, `\n${SIZE + 1}\n`)),
    bad('of another origin', checkpoint.replace('trailside\n21', 'other\n21')),
    bad('with an extension added', checkpoint.replace('\n\n', '\nextension\n\n')),
    bad(
      'with the time key signing as the log',
      checkpoint.replace(lines[4]!, lines[5]!.replace('/time', '')),
    ),
    bad('without signatures', body),
    bad('with a hyphen for the dash', checkpoint.replaceAll('—', '-')),
    bad('with carriage returns', checkpoint.replaceAll('\n', '\r\n')),
    bad('without its last newline', checkpoint.slice(0, -1)),
  ]
  return {
    origin,
    logKey: formatVerifierKey(createVerifierKey(origin, 1, logKey.publicKey)),
    timeKey: formatVerifierKey(createVerifierKey(timeKeyName(origin), 4, timeKey.publicKey)),
    seeds: { log: '01'.repeat(32), time: '02'.repeat(32) },
    time: 1_767_225_600,
    cases,
    receipt: { leaf: '07', text: receipt },
  }
}

/** Every file of vectors by its name. */
export async function generateVectors() {
  return {
    'inclusion.json': { rule: 'I2', cases: inclusionCases() },
    'consistency.json': { rule: 'C2, C3, C4', cases: consistencyCases() },
    'range.json': { rule: 'R3', cases: rangeCases() },
    'canonical-json.json': { rule: 'J6', cases: canonicalCases() },
    'event-leaf.json': { rule: 'L, E', ...eventLeaf() },
    'tiles.json': { rule: 'T, B', ...tiles() },
    'key-transition.json': { rule: 'K5, K6, K7', ...(await keyTransition()) },
    'epoch.json': { rule: 'O1, O2, O3', ...(await epoch()) },
    'checkpoint.json': { rule: 'N, P, S, V', ...(await signed()) },
  }
}
