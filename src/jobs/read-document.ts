import type { Document } from '../contracts/document.ts'
import type { Matcher } from '../contracts/match.ts'
import { recognise } from '../evidence/recognise.ts'
import type { Reading } from '../findings/record-document.ts'
import { readable } from '../matching/readable.ts'

/** Matches a document against the inventory and says what each mention is. Pure. */
export function readDocument(document: Document, matcher: Matcher): Reading {
  const text = readable(document.text)
  const matches = matcher.find(text)
  return { document, mentions: matches.length === 0 ? [] : recognise({ path: document.path, text }, matches) }
}
