/** Where a line stands; the terminator (LF, CRLF, lone CR) is not part of it. */
export interface LineSpan {
  /** 0-based. */
  readonly index: number
  readonly start: number
  readonly end: number
}

/** A text ready to be read: one character per byte, so that offsets are byte offsets. */
export interface SourceText {
  /** `/`-separated, '' where there is none. */
  readonly path: string
  /** Last segment of the path, lower-cased. */
  readonly base: string
  /** After the last dot of `base`, without it; '' where there is none. */
  readonly extension: string
  readonly text: string
  lineAt(offset: number): LineSpan
  line(index: number): LineSpan | null
}

/** Characters of a path, counted from its end: file systems allow no more. */
const maxPath = 1_024

/** Wraps a text whose characters are bytes. The line index is built once, on first use. */
export function createSourceText(longPath: string, text: string): SourceText {
  const path = longPath.slice(-maxPath)
  const base = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const dot = base.lastIndexOf('.')
  let starts: readonly number[] | null = null
  function spanOf(index: number): LineSpan | null {
    starts ??= indexLines(text)
    const start = starts[index]
    if (start === undefined) return null
    let end = starts[index + 1] ?? text.length
    if (end > start && text.charCodeAt(end - 1) === 10) end -= 1
    if (end > start && text.charCodeAt(end - 1) === 13) end -= 1
    return { index, start, end }
  }
  return {
    path,
    base,
    extension: dot < 0 ? '' : base.slice(dot + 1),
    text,
    line: spanOf,
    lineAt(offset) {
      starts ??= indexLines(text)
      return spanOf(lastAtOrBelow(starts, offset)) ?? { index: 0, start: 0, end: text.length }
    },
  }
}

function indexLines(text: string): readonly number[] {
  const starts = [0]
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const loneReturn = code === 13 && text.charCodeAt(index + 1) !== 10
    if (code === 10 || loneReturn) starts.push(index + 1)
  }
  return starts
}

/** Index of the last element that is not above the value, 0 where all are; `sorted` ascends. */
export function lastAtOrBelow(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((sorted[middle] ?? 0) <= value) low = middle
    else high = middle - 1
  }
  return low
}
