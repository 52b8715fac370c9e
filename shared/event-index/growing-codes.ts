/** A `Uint32Array` that grows at its end. */
export class GrowingCodes {
  array = new Uint32Array(64)
  length = 0

  push(code: number): void {
    if (this.length === this.array.length) {
      const wider = new Uint32Array(this.length * 2)
      wider.set(this.array)
      this.array = wider
    }
    this.array[this.length++] = code
  }
}
