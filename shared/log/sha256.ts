/**
 * SHA-256 (FIPS 180-4) in plain TypeScript: synchronous, for places where WebCrypto's promise per hash costs more
 * than the hash. Where a faster synchronous one exists (node:crypto), pass that to `createHasher` instead.
 */

// biome-ignore format: eight constants a line, as in the standard
const K = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
])
// biome-ignore format: one line
const INITIAL = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]

// Shared between calls: nothing here yields, so no two hashes are ever under way at once.
const schedule = new Int32Array(64)
const state = new Int32Array(8)
const tail = new Uint8Array(128)

/** SHA-256 of `bytes`: a new array of 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  state.set(INITIAL)
  const whole = bytes.length - (bytes.length % 64)
  for (let at = 0; at < whole; at += 64) compress(bytes, at)
  const end = padTail(bytes, whole)
  for (let at = 0; at < end; at += 64) compress(tail, at)
  return digest()
}

/** Fills `tail` with what is left after the whole blocks, the mark and the bit length; returns its length. */
function padTail(bytes: Uint8Array, whole: number): number {
  const rest = bytes.length - whole
  const end = rest < 56 ? 64 : 128
  tail.fill(0)
  for (let i = 0; i < rest; i++) tail[i] = bytes[whole + i]!
  tail[rest] = 0x80
  // The length in bits as 64-bit big-endian; byte lengths above 2^29 overflow 32 bits of bits.
  putUint32(tail, end - 8, Math.floor(bytes.length / 0x20000000))
  putUint32(tail, end - 4, bytes.length << 3)
  return end
}

function digest(): Uint8Array {
  const out = new Uint8Array(32)
  for (let i = 0; i < 8; i++) putUint32(out, 4 * i, state[i]!)
  return out
}

function putUint32(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 24
  out[at + 1] = value >>> 16
  out[at + 2] = value >>> 8
  out[at + 3] = value
}

function expand(block: Uint8Array, at: number): void {
  const w = schedule
  for (let i = 0; i < 16; i++, at += 4) {
    w[i] = (block[at]! << 24) | (block[at + 1]! << 16) | (block[at + 2]! << 8) | block[at + 3]!
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!
    const y = w[i - 2]!
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
  }
}

function compress(block: Uint8Array, at: number): void {
  expand(block, at)
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  let f = state[5]!
  let g = state[6]!
  let h = state[7]!
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + K[i]! + schedule[i]!) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = state[0]! + a
  state[1] = state[1]! + b
  state[2] = state[2]! + c
  state[3] = state[3]! + d
  state[4] = state[4]! + e
  state[5] = state[5]! + f
  state[6] = state[6]! + g
  state[7] = state[7]! + h
}
