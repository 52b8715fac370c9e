/** A run of bytes that may span chunks, kept by reference until it is wanted whole. */
export class BytePieces {
  private pieces: Buffer[] = []
  size = 0

  add(piece: Buffer): void {
    if (piece.length === 0) return
    this.pieces.push(piece)
    this.size += piece.length
  }

  /** The bytes so far; what follows begins anew. */
  take(): Buffer {
    const whole = this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces, this.size)
    this.pieces = []
    this.size = 0
    return whole
  }
}
