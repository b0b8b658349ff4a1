import { verdict, type Place, type Verdict } from './format.ts'
import type { SourceText } from './source-text.ts'

const proseExtensions = new Set(['', 'md', 'markdown', 'mdx', 'rst', 'adoc', 'asciidoc', 'txt', 'text', 'html', 'htm', 'org', 'tex', 'log'])

export function isProgram(file: SourceText): boolean {
  return /^(?:[cm]?[jt]sx?|py|java|kt|scala|cs|go|rs|rb|php|swift|c|h|cc|cpp|hpp|sh|sql|md|html?)$/.test(file.extension)
}

/** What a mention is where no format has a word: code by the file's extension, else prose. */
export function readPlain(file: SourceText): (place: Place) => Verdict {
  return () => verdict(proseExtensions.has(file.extension) ? 'prose' : 'code')
}
