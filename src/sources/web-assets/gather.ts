/** Takes a large body piece by piece into one piece of memory that grows in place: it is never held twice. */
export interface Gatherer {
  write(piece: Uint8Array): void
  /** Everything that was written, in one piece. The gatherer is empty afterwards. */
  take(): Uint8Array
}

/** `most`: bytes that may come; the HTTP client's own cap is not larger. Address space is reserved, memory is not. */
export function createGatherer(most: number): Gatherer {
  let buffer = new ArrayBuffer(0, { maxByteLength: most })
  return {
    write(piece) {
      const at = buffer.byteLength
      buffer.resize(at + piece.byteLength)
      new Uint8Array(buffer).set(piece, at)
    },
    take() {
      const bytes = new Uint8Array(buffer.transferToFixedLength())
      buffer = new ArrayBuffer(0, { maxByteLength: most })
      return bytes
    },
  }
}
