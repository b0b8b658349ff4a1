/** A search term: what must (or must not) occur. */
export interface Term {
  readonly text: string
  readonly negated: boolean
}

export interface Qualifier {
  readonly name: string
  readonly value: string
  readonly negated: boolean
}

/** A code query in the legacy language. */
export interface CodeQuery {
  /** Alternatives (OR) of terms that must all hold. Empty: no terms at all. */
  readonly alternatives: readonly (readonly Term[])[]
  readonly qualifiers: readonly Qualifier[]
  /** The new engine's language (regex, `symbol:`, globs): accepted, and finds nothing. */
  readonly foreign: boolean
}

/**
 * - `unparseable`: 422 with ERROR_TYPE_QUERY_PARSING_FATAL
 * - `too-long`: more than 256 characters besides operators and qualifiers
 * - `too-many-operators`: more than five AND, OR, NOT
 */
export type QueryFault = 'unparseable' | 'too-long' | 'too-many-operators'

export type ParsedQuery = { readonly query: CodeQuery } | { readonly fault: QueryFault }

const known = new Set(['in', 'user', 'org', 'repo', 'path', 'filename', 'extension', 'language', 'size', 'fork', 'is', 'symbol'])
const operators = new Set(['AND', 'OR', 'NOT'])

export interface Piece {
  readonly text: string
  readonly quoted: boolean
}

/** Cuts at white space outside quotes. A quote that is never closed runs to the end. */
export function cut(query: string): Piece[] {
  const pieces: Piece[] = []
  let text = ''
  let inQuotes = false
  let quoted = false
  for (let index = 0; index < query.length; index += 1) {
    const character = query[index]!
    if (character === '\\' && inQuotes && query[index + 1] === '"') {
      text += '"'
      index += 1
    } else if (character === '"') {
      inQuotes = !inQuotes
      quoted ||= text === ''
    } else if (!inQuotes && /\s/.test(character)) {
      if (text !== '' || quoted) pieces.push({ text, quoted })
      text = ''
      quoted = false
    } else {
      text += character
    }
  }
  if (text !== '' || quoted) pieces.push({ text, quoted })
  return pieces
}

function asQualifier({ text, quoted }: Piece): Qualifier | null {
  if (quoted) return null
  const negated = text.startsWith('-')
  const colon = text.indexOf(':')
  const name = text.slice(negated ? 1 : 0, colon).toLowerCase()
  if (colon === -1 || !known.has(name)) return null
  return { name, value: text.slice(colon + 1), negated }
}

/** Parentheses outside quotes, an escaped pipe, or a leading `--`: what was seen to fail. */
function isUnparseable(query: string): boolean {
  if (query.trimStart().startsWith('--') || query.includes('\\|')) return true
  return /[()]/.test(query.replace(/"[^"]*"?/g, ''))
}

function isForeign(pieces: readonly Piece[], qualifiers: readonly Qualifier[]): boolean {
  const regex = pieces.some(({ text, quoted }) => !quoted && text.length > 2 && text.startsWith('/') && text.endsWith('/'))
  const foreign = qualifiers.some(({ name, value }) => name === 'symbol' || ((name === 'path' || name === 'filename') && value.includes('*')))
  return regex || foreign
}

/** Reads a query as `/search/code` does. It never throws: what the service refuses comes back as a fault. */
export function parseQuery(text: string): ParsedQuery {
  if (isUnparseable(text)) return { fault: 'unparseable' }
  const pieces = cut(text)
  const qualifiers: Qualifier[] = []
  const alternatives: Term[][] = [[]]
  let operatorCount = 0
  let termLength = 0
  let negateNext = false
  const withOr = pieces.some((piece) => !piece.quoted && piece.text === 'OR')
  for (const piece of pieces) {
    if (!piece.quoted && operators.has(piece.text)) {
      operatorCount += 1
      if (piece.text === 'OR') alternatives.push([])
      negateNext = piece.text === 'NOT'
      continue
    }
    const qualifier = asQualifier(piece)
    if (qualifier === null) {
      termLength += piece.text.length
      alternatives.at(-1)?.push({ text: piece.text, negated: negateNext })
    } else {
      if (withOr && qualifier.name === 'filename') return { fault: 'unparseable' }
      qualifiers.push({ ...qualifier, negated: qualifier.negated || negateNext })
    }
    negateNext = false
  }
  if (operatorCount > 5) return { fault: 'too-many-operators' }
  if (termLength > 256) return { fault: 'too-long' }
  return {
    query: {
      alternatives: alternatives.filter((terms) => terms.length > 0),
      qualifiers,
      foreign: isForeign(pieces, qualifiers),
    },
  }
}

/** `n`, `>n`, `>=n`, `<n`, `<=n`, `a..b`, `a..*`, `*..b`: inclusive bounds in bytes; null when it is none of these. */
export function parseSize(value: string): { readonly min: number; readonly max: number } | null {
  const { low, high, sign, one } = /^(?:(?<low>\d+|\*)\.\.(?<high>\d+|\*)|(?<sign>[<>]=?)?(?<one>\d+))$/.exec(value)?.groups ?? {}
  if (low !== undefined && high !== undefined) {
    return { min: low === '*' ? 0 : Number(low), max: high === '*' ? Infinity : Number(high) }
  }
  if (one === undefined) return null
  const number = Number(one)
  if (sign === '>') return { min: number + 1, max: Infinity }
  if (sign === '>=') return { min: number, max: Infinity }
  if (sign === '<') return { min: 0, max: number - 1 }
  if (sign === '<=') return { min: 0, max: number }
  return { min: number, max: number }
}
