import type { Matcher } from '../contracts/match.ts'
import type { Database } from '../db/client.ts'
import { currentTerms, inventoryDigest } from '../identifiers/current-terms.ts'
import { compile, type CompileOptions } from '../matching/compile.ts'

/**
 * The matcher of the stored inventory, compiled again when another process has synchronised a new one. Asked before
 * every job; costs one small query.
 */
export function createMatcherCache(database: Database, options: CompileOptions): () => Promise<Matcher> {
  let held: { readonly digest: string | null; readonly matcher: Promise<Matcher> } | undefined
  return async () => {
    const digest = await inventoryDigest(database.db)
    if (held === undefined || held.digest !== digest) {
      held = { digest, matcher: currentTerms(database.db).then((terms) => compile(terms, options)) }
    }
    const { matcher } = held
    try {
      return await matcher
    } catch (error) {
      held = undefined
      throw error
    }
  }
}
