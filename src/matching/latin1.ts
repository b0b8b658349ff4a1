/** The bytes as a text of one character a byte, ASCII letters small. For searches in which an index is a byte offset. */
export function lowerLatin1(bytes: Uint8Array): string {
  // Other letters of Latin-1 are made small too; whoever searches must do the same with what is searched for.
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').toLowerCase()
}

/** A text in the same form: its UTF-8 bytes, one character a byte, small. */
export function lowerLatin1Of(text: string): string {
  return lowerLatin1(Buffer.from(text, 'utf8'))
}
