/** What single bytes are. Bytes of UTF-8 beyond ASCII are none of these: they separate, like punctuation. */

/** 1 for `[A-Za-z0-9]`. */
export const wordByte: Uint8Array = classOf(isWordByte)

/** 1 for `[A-Za-z0-9_-]`: what glues a name to its neighbour. */
export const runByte: Uint8Array = classOf((byte) => isWordByte(byte) || byte === 0x2d || byte === 0x5f)

/** 1 for `[0-9]`. */
export const digitByte: Uint8Array = classOf((byte) => byte >= 0x30 && byte <= 0x39)

/** 1 for `[0-9A-Fa-f]`. */
export const hexByte: Uint8Array = classOf((byte) => (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66))

/** 1 for space, tab, line feed, form feed, carriage return. */
export const spaceByte: Uint8Array = classOf((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))

/** Each byte with ASCII capitals made small. */
export const foldedByte: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte))

/** A table of 256 with 1 where the predicate holds. */
export function classOf(holds: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (holds(byte) ? 1 : 0))
}

/** Is there a byte of the class at the offset? Outside the bytes there is none. */
export function isAt(table: Uint8Array, bytes: Uint8Array, at: number): boolean {
  return at >= 0 && at < bytes.length && table[bytes[at]!] === 1
}

function isWordByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
}
