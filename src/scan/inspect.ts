import type { Match, Mention } from '../contracts/match.ts'
import { recognise } from '../evidence/recognise.ts'
import { assess } from '../evidence/severity.ts'
import { compile } from '../matching/compile.ts'
import { normalise } from '../matching/normalise.ts'
import { readable } from '../matching/readable.ts'
import type { Recipe, ScanMention } from './contract.ts'

/** A mention before it is known under which path it is shown. */
export type Inspected = Omit<ScanMention, 'path' | 'place' | 'commit' | 'blob'>

/** Git's own rule: a NUL in the first bytes makes a file binary. */
const binaryHead = 8_000
/** Bytes of a line before a name that are decoded to count characters. */
const longestCount = 64 * 1024

/**
 * Builds what says which internal names stand in a document: the matcher and the evidence of every other command.
 * Names that may be public are left out. A binary file is matched as bytes; its mentions are `code`.
 * @returns `(path, bytes)`: path decides the format, relative to what is scanned
 */
export function createInspector({ terms, options }: Recipe): (path: string, bytes: Uint8Array) => readonly Inspected[] {
  const matcher = compile(terms, options)
  const mayBePublic = new Map<string, boolean>()
  for (const term of terms) if (term.form === 'name') mayBePublic.set(keyOf(term.text, term), term.publicOnPurpose)

  /** The line of the name itself decides; for a name that only a pattern covers, the pattern. */
  function isPublic(match: Match): boolean {
    return mayBePublic.get(keyOf(match.name, match)) ?? match.term.publicOnPurpose
  }

  return (path, bytes) => {
    const text = readable(bytes)
    const matches = matcher.find(text).filter((match) => !isPublic(match))
    if (matches.length === 0) return []
    const binary = text.subarray(0, binaryHead).includes(0)
    return recognise({ path, text }, matches).map((mention) => describe(binary ? asBinary(mention) : mention, text))
  }
}

function keyOf(name: string, { kind, ecosystem }: Pick<Match, 'kind' | 'ecosystem'>): string {
  return JSON.stringify([kind, ecosystem, normalise(name, kind, ecosystem)])
}

function asBinary(mention: Mention): Mention {
  return { ...mention, role: 'code', details: { note: 'stands in a binary file' } }
}

function describe(mention: Mention, text: Uint8Array): Inspected {
  const { name, kind, ecosystem, line, column, role, details, snippet, start } = mention
  // Every place is judged by itself: how many there are says nothing before they are public.
  const { severity, reasons } = assess({ kind, ecosystem, role, places: 1, isPublic: false })
  const before = column - 1 > longestCount ? null : Buffer.from(text.buffer, text.byteOffset + start - (column - 1), column - 1)
  const character = before === null ? null : before.toString('utf8').length + 1
  return { identifier: name, kind, ecosystem, team: mention.term.team, severity, reasons, line, column, character, role, details, snippet }
}
