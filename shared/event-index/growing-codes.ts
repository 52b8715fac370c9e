/** A `Uint32Array` that grows at its end, with little to spare. */
export class GrowingCodes {
  array: Uint32Array<ArrayBuffer>
  length: number

  constructor(codes: Uint32Array<ArrayBuffer> = new Uint32Array(0)) {
    this.array = codes
    this.length = codes.length
  }

  /** What there is by now; later growth leaves it as it is. */
  get column(): Uint32Array<ArrayBuffer> {
    return this.array.subarray(0, this.length)
  }

  push(code: number): void {
    this.set(this.length, code)
  }

  /** Also beyond the end: what lies between is 0. */
  set(place: number, code: number): void {
    if (place >= this.array.length) {
      const wider = new Uint32Array(Math.max(64, place + 1, Math.ceil(this.array.length * 1.25)))
      wider.set(this.array)
      this.array = wider
    }
    if (place >= this.length) this.length = place + 1
    this.array[place] = code
  }
}
