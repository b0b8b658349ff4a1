/** Groups inside groups that are read; an expression that goes deeper is not read at all. */
const deepest = 20

interface Cursor {
  readonly source: string
  at: number
  /** Something was not understood: nothing is certain any more. */
  lost: boolean
}

/**
 * Runs of characters that stand in every text that a regular expression (RE2 syntax) matches, in the same case
 * unless the expression says `(?i)`. Only what is certain: alternatives, optional parts, classes, anchors and
 * everything not understood count for nothing. Linear in the source's length.
 */
export function requiredRuns(source: string): readonly string[] {
  const cursor = { source, at: 0, lost: false }
  const runs = readAlternatives(cursor, 0)
  const bracketTooMany = cursor.at < source.length
  return cursor.lost || bracketTooMany ? [] : runs
}

/** Reads up to the closing bracket or the end. With two alternatives or more nothing is certain. */
function readAlternatives(cursor: Cursor, depth: number): readonly string[] {
  let runs = readSequence(cursor, depth)
  while (cursor.source[cursor.at] === '|') {
    cursor.at += 1
    readSequence(cursor, depth)
    runs = []
  }
  return runs
}

function readSequence(cursor: Cursor, depth: number): readonly string[] {
  const runs: string[] = []
  let run = ''
  const endRun = (): void => {
    if (run !== '') runs.push(run)
    run = ''
  }
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== '|' && cursor.source[cursor.at] !== ')') {
    const atom = readAtom(cursor, depth)
    const repetition = readRepetition(cursor)
    if (typeof atom === 'string' && repetition !== 'optional') run += atom
    if (typeof atom !== 'string' || repetition !== 'once') endRun()
    if (typeof atom !== 'string' && repetition !== 'optional') runs.push(...atom)
  }
  endRun()
  return runs
}

/** One character that stands for itself; or the certain runs of a group; or nothing certain (an empty list). */
function readAtom(cursor: Cursor, depth: number): string | readonly string[] {
  const char = String.fromCodePoint(cursor.source.codePointAt(cursor.at) ?? 0)
  cursor.at += char.length
  if (char === '(') return readGroup(cursor, depth)
  if (char === '[') return skipClass(cursor)
  if (char === '\\') return readEscape(cursor)
  return char === '.' || char === '^' || char === '$' ? [] : char
}

function readGroup(cursor: Cursor, depth: number): readonly string[] {
  const opening = /^\?(?:P?<[A-Za-z_]\w{0,99}>|[a-zA-Z-]{0,9}[:)])/.exec(cursor.source.slice(cursor.at, cursor.at + 120))?.[0] ?? ''
  // Any other `(?` is a look-around: what it sees is not part of the match.
  const counts = opening !== '' || cursor.source[cursor.at] !== '?'
  cursor.at += opening.length
  if (opening.endsWith(')')) return []
  if (depth >= deepest) {
    cursor.lost = true
    cursor.at = cursor.source.length
    return []
  }
  const runs = readAlternatives(cursor, depth + 1)
  cursor.at += 1
  return counts ? runs : []
}

function skipClass(cursor: Cursor): readonly string[] {
  if (cursor.source[cursor.at] === '^') cursor.at += 1
  // A bracket in first place stands for itself.
  if (cursor.source[cursor.at] === ']') cursor.at += 1
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== ']') {
    const named = cursor.source.startsWith('[:', cursor.at) ? cursor.source.indexOf(':]', cursor.at) : -1
    if (named !== -1) cursor.at = named + 2
    else cursor.at += cursor.source[cursor.at] === '\\' ? 2 : 1
  }
  cursor.at += 1
  return []
}

/** An escaped mark stands for itself; an escaped letter or digit means something. */
function readEscape(cursor: Cursor): string | readonly string[] {
  const char = cursor.source[cursor.at] ?? ''
  cursor.at += 1
  if (/[^\w\s]/.test(char)) return char
  if (char === 'Q') {
    const end = cursor.source.indexOf('\\E', cursor.at)
    cursor.at = end === -1 ? cursor.source.length : end + 2
  }
  if ('pPx'.includes(char)) {
    const braced = cursor.source[cursor.at] === '{' ? cursor.source.indexOf('}', cursor.at) : -1
    if (braced !== -1) cursor.at = braced + 1
    else cursor.at += char === 'x' ? 2 : 1
  }
  // Octal.
  while (/\d/.test(char) && /\d/.test(cursor.source[cursor.at] ?? '')) cursor.at += 1
  return []
}

function readRepetition(cursor: Cursor): 'once' | 'optional' | 'repeated' {
  const text = cursor.source.slice(cursor.at, cursor.at + 24)
  const mark = /^(?:[*+?]|\{\d{1,9}(?:,\d{0,9})?\})/.exec(text)?.[0]
  if (mark === undefined) return 'once'
  cursor.at += mark.length
  if (cursor.source[cursor.at] === '?') cursor.at += 1
  return mark === '*' || mark === '?' || mark.startsWith('{0') ? 'optional' : 'repeated'
}
