import type { components } from '@octokit/openapi-types'
import { findAll, foldCase, type Needle, type Span } from './find-words.ts'

type TextMatches = components['schemas']['search-result-text-matches']

/** What `indices` count. GitHub does not say, so a client must stand all three. */
export type IndexUnit = 'utf16' | 'bytes' | 'codepoints'

/** At most so many fragments are shown of one file; what matches beyond them is not mentioned. */
const fragmentsPerFile = 2
/** Bytes shown on each side of a match. */
const around = 100

function lengthIn(bytes: Buffer, unit: IndexUnit): number {
  if (unit === 'bytes') return bytes.length
  const text = bytes.toString('utf8')
  return unit === 'utf16' ? text.length : [...text].length
}

/** Moves an offset left to the beginning of a UTF-8 character. */
function characterStart(bytes: Buffer, offset: number): number {
  let start = Math.min(offset, bytes.length)
  while (start > 0 && start < bytes.length && (bytes[start]! & 0xc0) === 0x80) start -= 1
  return start
}

function fragmentAround(bytes: Buffer, span: Span): Span {
  const lineStart = bytes.lastIndexOf(10, Math.max(0, span.start - 1)) + 1
  const lineEnd = bytes.indexOf(10, span.end)
  return {
    start: characterStart(bytes, Math.max(span.start - around, Math.min(lineStart, span.start))),
    end: characterStart(bytes, Math.min(span.end + around, lineEnd === -1 ? bytes.length : lineEnd)),
  }
}

function matchesIn(bytes: Buffer, fragment: Span, spans: readonly Span[], unit: IndexUnit) {
  return spans
    .filter((span) => span.start >= fragment.start && span.end <= fragment.end)
    .map((span) => {
      const before = lengthIn(bytes.subarray(fragment.start, span.start), unit)
      const text = bytes.subarray(span.start, span.end)
      return { text: text.toString('utf8'), indices: [before, before + lengthIn(text, unit)] }
    })
}

function findSpans(bytes: Buffer, needles: readonly Needle[]): Span[] {
  const folded = foldCase(Buffer.from(bytes))
  return needles.flatMap((needle) => findAll(folded, needle, 50)).sort((a, b) => a.start - b.start)
}

/**
 * Text matches of one file: at most two fragments of its content, and one of its path when the path matches.
 * `bytes` is the file as it is; `emptyPath` shows a match on the path the other way that was seen: a content
 * fragment without matches.
 */
export function describeTextMatches(
  file: { readonly bytes: Buffer; readonly path: string; readonly url: string },
  needles: readonly Needle[],
  options: { readonly unit: IndexUnit; readonly emptyPath: boolean },
): TextMatches {
  const shown: TextMatches = []
  let lastEnd = -1
  const spans = findSpans(file.bytes, needles)
  for (const span of spans) {
    if (shown.length === fragmentsPerFile) break
    if (span.start < lastEnd) continue
    const fragment = fragmentAround(file.bytes, span)
    lastEnd = fragment.end
    shown.push({
      object_url: file.url,
      object_type: 'FileContent',
      property: 'content',
      fragment: file.bytes.toString('utf8', fragment.start, fragment.end),
      matches: matchesIn(file.bytes, fragment, spans, options.unit),
    })
  }
  const path = Buffer.from(file.path, 'utf8')
  const pathSpans = findSpans(path, needles)
  if (shown.length < fragmentsPerFile && pathSpans.length > 0) {
    const whole = { start: 0, end: path.length }
    shown.push({
      object_url: file.url,
      object_type: 'FileContent',
      ...(options.emptyPath
        ? { property: 'content', fragment: file.bytes.toString('utf8', 0, characterStart(file.bytes, around)), matches: [] }
        : { property: 'path', fragment: file.path, matches: matchesIn(path, whole, pathSpans, options.unit) }),
    })
  }
  return shown
}
