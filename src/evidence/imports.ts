import { verdict, type Place, type Verdict } from './format.ts'
import { guesses, languages, type ImportRule, type Language } from './languages.ts'
import type { SourceText } from './source-text.ts'

const maxBefore = 300
/** Rules about a line's beginning say nothing about the middle of a long one. */
const anchored: ReadonlySet<ImportRule> = new Set(languages.flatMap(({ imports }) => imports.filter(({ before }) => before.source.startsWith('^'))))
/** Words of imports: most lines have none, and cost no more than this. */
const importWord = /import|from|require|use|using|include|package|namespace|module|crate|load|declare|reference|mock|alias|library|open|part|forward|nuget|Grab|Depends|url|name|id|export|jest|vi\./i
const maxAfter = 100

/**
 * What an import, a package declaration or a script's own dependency says about a mention; null where its line is none.
 * Without a language the common ones are tried.
 */
export function readImport(file: SourceText, place: Place, language: Language | null): Verdict | null {
  const line = file.lineAt(place.start)
  const from = Math.max(line.start, place.start - maxBefore)
  const before = file.text.slice(from, place.start)
  // In Go a path stands alone on its line.
  if (!importWord.test(before) && language?.name !== 'Go') return null
  const after = file.text.slice(place.end, Math.min(line.end, place.end + maxAfter))
  for (const { name, imports } of language === null ? guesses : [language]) {
    for (const rule of imports) {
      if (from > line.start && anchored.has(rule)) continue
      if (language === null && rule.onlyWhenKnown === true) continue
      if (!rule.before.test(before) || rule.after?.test(after) === false) continue
      if (rule.own === true) return verdict('own-name', { language: name })
      if (rule.dependency === true) return verdict(place.kind === 'host' ? 'resolved-url' : 'dependency', { section: 'runtime', language: name })
      return verdict('import', { language: name })
    }
  }
  return null
}
