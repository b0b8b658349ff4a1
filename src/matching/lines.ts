const lineFeed = 10
const carriageReturn = 13

/** A place as a person counts: both 1-based, the column in bytes of the line. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Lines of one document. Built once, on the first question; LF, CRLF and a lone CR each end a line. */
export interface Lines {
  /** Place of a byte offset; an offset on a line's end belongs to that line. Offsets outside are clamped. */
  locate(offset: number): Place
  /** Byte offsets of the line around an offset, without its end of line; `end` exclusive. */
  lineAround(offset: number): { readonly start: number; readonly end: number }
  /**
   * The text of the line around a span of bytes, at most `limit` UTF-16 units of it, chosen so that the beginning of
   * the span is in it. Decoded as UTF-8; what is not UTF-8 becomes U+FFFD; a character is never cut in two.
   */
  textAround(start: number, end: number, limit: number): string
}

/** The line index of a document's readable bytes. Costs nothing until it is asked, then one pass over the bytes. */
export function indexLines(bytes: Uint8Array): Lines {
  let held: Uint32Array | undefined
  function starts(): Uint32Array {
    held ??= lineStarts(bytes)
    return held
  }

  function locate(offset: number): Place {
    const at = clamp(offset, bytes.length)
    const index = lastNotAfter(starts(), at)
    return { line: index + 1, column: at - startOf(starts(), index) + 1 }
  }

  function lineAround(offset: number): { start: number; end: number } {
    const index = lastNotAfter(starts(), clamp(offset, bytes.length))
    const start = startOf(starts(), index)
    let end = index + 1 < starts().length ? startOf(starts(), index + 1) : bytes.length
    if (end > start && bytes[end - 1] === lineFeed) end -= 1
    if (end > start && bytes[end - 1] === carriageReturn) end -= 1
    return { start, end }
  }

  function textAround(start: number, end: number, limit: number): string {
    const line = lineAround(start)
    return decodeAround(bytes, line, { start: clamp(start, line.end), end: clamp(end, line.end) }, limit)
  }

  return { locate, lineAround, textAround }
}

function lineStarts(bytes: Uint8Array): Uint32Array {
  let starts = new Uint32Array(1024)
  let count = 1
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!
    if (byte > carriageReturn || (byte !== lineFeed && byte !== carriageReturn)) continue
    if (byte === carriageReturn && bytes[at + 1] === lineFeed) continue
    if (count === starts.length) {
      const grown = new Uint32Array(starts.length * 2)
      grown.set(starts)
      starts = grown
    }
    starts[count] = at + 1
    count += 1
  }
  return starts.slice(0, count)
}

/** Index of the last start that is not after the offset. */
function lastNotAfter(starts: Uint32Array, offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (startOf(starts, middle) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

const startOf = (starts: Uint32Array, index: number): number => starts[index] ?? 0

function clamp(offset: number, length: number): number {
  return Math.max(0, Math.min(offset, length))
}

/** A UTF-16 unit comes from at most three bytes of UTF-8. */
const bytesPerUnit = 3
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

interface Span {
  readonly start: number
  readonly end: number
}

function decodeAround(bytes: Uint8Array, line: Span, span: Span, limit: number): string {
  // A line of any length costs only what is shown of it.
  const reach = limit * bytesPerUnit
  const from = characterStart(bytes, Math.max(line.start, span.start - reach), line.end)
  const to = characterStart(bytes, Math.min(line.end, span.start + reach), line.end)
  const before = utf8.decode(bytes.subarray(from, span.start))
  const after = utf8.decode(bytes.subarray(span.start, to))
  if (before.length + after.length <= limit) return before + after
  const name = Math.min(utf8.decode(bytes.subarray(span.start, Math.min(span.end, to))).length, limit)
  const lead = Math.min(before.length, Math.max((limit - name) >>> 1, limit - after.length))
  return whole(before.slice(before.length - lead) + after.slice(0, limit - lead))
}

/** Moves an offset forward to the beginning of a character, at most the three bytes that a character can have left. */
function characterStart(bytes: Uint8Array, offset: number, end: number): number {
  let at = offset
  while (at < end && at < offset + bytesPerUnit && (bytes[at]! & 0xc0) === 0x80) at += 1
  return at
}

/** Without half a surrogate pair at either end. */
function whole(text: string): string {
  const from = isLowSurrogate(text.charCodeAt(0)) ? 1 : 0
  const to = isHighSurrogate(text.charCodeAt(text.length - 1)) ? text.length - 1 : text.length
  return text.slice(from, to)
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff
