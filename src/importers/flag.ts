import type { Ecosystem } from '../contracts/inventory.ts'
import { isOrdinaryWord } from '../inventory/ordinary-words.ts'
import { isWellKnown } from './well-known.ts'

/** Why a name will drown the reader; null: it will not, as far as we know. */
export function flag(name: string, key: string, ecosystem: Ecosystem): string | null {
  if (isWellKnown(key, ecosystem)) return 'a well-known public package has this name'
  // A scope, a group, a vendor or a path makes any word one's own.
  if (/[@/:]/.test(name)) return null
  if (name.length <= 3) return 'very short'
  return isOrdinaryWord(name) ? 'an ordinary word' : null
}
