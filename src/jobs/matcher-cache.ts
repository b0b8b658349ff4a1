import type { Matcher, Term } from '../contracts/match.ts'
import type { Database } from '../db/client.ts'
import { currentTerms, inventoryDigest } from '../identifiers/current-terms.ts'
import { compile, type CompileOptions } from '../matching/compile.ts'

/** The matcher of the stored inventory, see {@link cacheByInventory}. */
export function createMatcherCache(database: Database, options: CompileOptions): () => Promise<Matcher> {
  return cacheByInventory(database, (terms) => compile(terms, options))
}

/**
 * What is built from the stored inventory, built again when another process has synchronised a new one. Asked before
 * every job; costs one small query.
 */
export function cacheByInventory<Built>(database: Database, build: (terms: Term[]) => Built): () => Promise<Built> {
  let held: { readonly digest: string | null; readonly built: Promise<Built> } | undefined
  return async () => {
    const digest = await inventoryDigest(database.db)
    if (held === undefined || held.digest !== digest) held = { digest, built: currentTerms(database.db).then(build) }
    const { built } = held
    try {
      return await built
    } catch (error) {
      held = undefined
      throw error
    }
  }
}
