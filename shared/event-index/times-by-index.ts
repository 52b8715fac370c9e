/** The time of each event held, by log index: where to look for it in the timeline. */
const chunkSize = 4096
/** Milliseconds that fit four bytes: times next to each other in the log mostly lie closer together. */
const span = 2 ** 32

interface Chunk {
  /** `base + offsets[i]` is a time. */
  base: number
  offsets: Uint32Array | Float64Array
}

export class TimesByIndex {
  readonly #chunks = new Map<number, Chunk>()

  set(index: number, time: number): void {
    const number = Math.floor(index / chunkSize)
    let chunk = this.#chunks.get(number)
    if (!chunk) {
      // The first one seen lies in the middle, since later ones may be older.
      chunk = { base: time - span / 2, offsets: new Uint32Array(chunkSize) }
      this.#chunks.set(number, chunk)
    }
    const offset = time - chunk.base
    if (chunk.offsets instanceof Uint32Array && !(offset >= 0 && offset < span)) {
      chunk.offsets = Float64Array.from(chunk.offsets)
    }
    chunk.offsets[index % chunkSize] = offset
  }

  /** Of an index that was set. */
  get(index: number): number {
    const { base, offsets } = this.#chunks.get(Math.floor(index / chunkSize))!
    return base + offsets[index % chunkSize]!
  }
}
