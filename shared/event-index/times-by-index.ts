/** The time of each event held, by log index: where to look for it in the timeline. */
const chunkSize = 4096

export class TimesByIndex {
  readonly #chunks = new Map<number, Float64Array>()

  set(index: number, time: number): void {
    const number = Math.floor(index / chunkSize)
    let chunk = this.#chunks.get(number)
    if (!chunk) {
      chunk = new Float64Array(chunkSize)
      this.#chunks.set(number, chunk)
    }
    chunk[index % chunkSize] = time
  }

  /** Of an index that was set. */
  get(index: number): number {
    return this.#chunks.get(Math.floor(index / chunkSize))![index % chunkSize]!
  }
}
