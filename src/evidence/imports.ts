import { verdict, type Place, type Verdict } from './format.ts'
import { guesses, type Language } from './languages.ts'
import type { SourceText } from './source-text.ts'

const maxBefore = 300
const maxAfter = 100

/**
 * What an import, a package declaration or a script's own dependency says about a mention; null where its line is none.
 * Without a language the common ones are tried.
 */
export function readImport(file: SourceText, place: Place, language: Language | null): Verdict | null {
  const line = file.lineAt(place.start)
  const from = Math.max(line.start, place.start - maxBefore)
  const before = file.text.slice(from, place.start)
  const after = file.text.slice(place.end, Math.min(line.end, place.end + maxAfter))
  for (const { name, imports } of language === null ? guesses : [language]) {
    for (const rule of imports) {
      // What begins with the line cannot be told from its middle.
      if (from > line.start && rule.before.source.startsWith('^')) continue
      if (language === null && rule.onlyWhenKnown === true) continue
      if (!rule.before.test(before) || rule.after?.test(after) === false) continue
      if (rule.own === true) return verdict('own-name', { language: name })
      if (rule.dependency === true) return verdict(place.kind === 'host' ? 'resolved-url' : 'dependency', { section: 'runtime', language: name })
      return verdict('import', { language: name })
    }
  }
  return null
}
