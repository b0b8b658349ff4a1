import type { Document } from '../contracts/document.ts'
import { proveEdges } from '../planning/prove.ts'
import type { Edge } from '../planning/words.ts'
import type { LoadedStep } from '../runs/pending-steps.ts'

/** What documents that a search on trial brought prove of it; nothing for any other search. */
export function proofsOf({ term, trial }: Pick<LoadedStep, 'term' | 'trial'>, documents: readonly Document[]): readonly Edge[] {
  if (term === null || trial.length === 0) return []
  // Only the ASCII words and marks matter; in Latin-1 every other byte is a letter of one unit.
  return documents.flatMap(({ text, path }) => proveEdges({ text: Buffer.from(text).toString('latin1'), path }, term))
}
