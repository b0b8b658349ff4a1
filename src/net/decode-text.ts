import { isUtf8 } from 'node:buffer'
import { getEncoding } from 'encoding-sniffer'

/**
 * The text of a document of the web: a byte order mark wins, then the charset of the Content-Type, then what the
 * document says about itself (`<meta charset>`, the XML declaration), else UTF-8 if it is that, else windows-1252.
 * Labels as browsers read them (`latin1`, `shift_jis`): https://encoding.spec.whatwg.org/#names-and-labels
 * Bytes that are wrong in the encoding become U+FFFD; nothing is refused.
 */
export function decodeText(bytes: Uint8Array, contentType: string | null): string {
  const label = getEncoding(bytes, { transportLayerEncodingLabel: labelIn(contentType), defaultEncoding: isUtf8(bytes) ? 'utf-8' : 'windows-1252' })
  return (decoderOf(label) ?? new TextDecoder()).decode(bytes)
}

/** The same text as UTF-8 bytes; what is UTF-8 already is not copied. */
export function asUtf8(bytes: Uint8Array, contentType: string | null): Uint8Array {
  const label = labelIn(contentType)?.toLowerCase() ?? 'utf-8'
  if (['utf-8', 'utf8'].includes(label) && !hasByteOrderMark(bytes)) return bytes
  return new TextEncoder().encode(decodeText(bytes, contentType))
}

function labelIn(contentType: string | null): string | undefined {
  const label = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(contentType ?? '')
  const found = label?.[1] ?? label?.[2]
  // A label that no browser knows says nothing.
  return found !== undefined && decoderOf(found.trim()) !== null ? found.trim() : undefined
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(label)
  } catch {
    return null
  }
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  return (first === 0xef && second === 0xbb) || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}
