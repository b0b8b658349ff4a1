import type { Line } from '../contracts/inventory.ts'
import { isOrdinaryWord } from '../inventory/ordinary-words.ts'
import { requiredRuns } from './literal.ts'

/** A single word of so many letters or fewer stands in pages of everybody. */
const shortWord = 5

/**
 * Sentences about regular expressions of which sources can only be asked for a word that everybody writes: every page
 * that has it is a result, which costs requests at each sweep and ends beyond what a source shows.
 */
export function warnOfHotTerms(lines: readonly Line[]): readonly string[] {
  return lines.flatMap(({ form, text, disclose, where }) => {
    if (form !== 'regex' || disclose === 'never') return []
    const longest = requiredRuns(text).reduce((best, run) => (run.length > best.length ? run : best), '')
    const [word = '', ...more] = longest.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '')
    if (word === '' || more.length > 0 || /\d/.test(word) || (word.length > shortWord && !isOrdinaryWord(word.toLowerCase()))) return []
    return [`${where}: all that the regular expression requires is "${word}", and that is what sources are asked for: it finds what everybody writes. Spell out more of it, or disclose: never, which matches it without asking`]
  })
}
