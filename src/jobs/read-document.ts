import type { Document } from '../contracts/document.ts'
import type { Match, Matcher } from '../contracts/match.ts'
import { declare } from '../evidence/declare.ts'
import { infer, leadsFurther } from '../evidence/infer.ts'
import { recognise } from '../evidence/recognise.ts'
import type { Reading } from '../findings/record-document.ts'
import { indexLines } from '../matching/lines.ts'
import { readable } from '../matching/readable.ts'

/** Matches a document against the inventory, says what each mention is, and which other names are probably ours. Pure. */
export function readDocument(document: Document, matcher: Matcher): Reading {
  const text = readable(document.text)
  const matches = matcher.find(text, { own: document.own === true })
  if (matches.length === 0) return { document, mentions: [], inferred: [] }
  const source = { path: document.path, text }
  return { document, mentions: recognise(source, matches), inferred: readInferred(source, matches) }
}

function readInferred(source: Parameters<typeof declare>[0], matches: readonly Match[]): Reading['inferred'] {
  // Most files have none of our hosts, scopes and groups, and need not be read a second time.
  if (!matches.some(leadsFurther)) return []
  const inferred = infer(declare(source), matches)
  if (inferred.length === 0) return []
  const lines = indexLines(source.text)
  return inferred.map((name) => ({ ...name, line: lines.locate(name.start).line }))
}
