import { byLine, readBuildLog } from './build-log.ts'
import { findComments, type Comments } from './comments.ts'
import { comment, verdict, type Place, type Verdict } from './format.ts'
import { readCommand } from './commands.ts'
import { readImport } from './imports.ts'
import { languageOf, type Language } from './languages.ts'
import type { SourceText } from './source-text.ts'
import { readStackTrace } from './stack-trace.ts'

/** What a text without a format is: code in a language or in none that we know, a log, or prose. */
export type PlainKind = 'code' | 'log' | 'prose'

const proseExtensions = new Set(['', 'md', 'markdown', 'mdx', 'rst', 'adoc', 'asciidoc', 'txt', 'text', 'html', 'htm', 'xhtml', 'org', 'tex', 'rtf', 'pod', 'wiki'])
const logExtensions = new Set(['log', 'out', 'err', 'trace', 'stacktrace', 'dump'])

export function plainKindOf(file: SourceText): PlainKind {
  if (logExtensions.has(file.extension)) return 'log'
  if (shebang(file) !== null || languageOf(file.base, file.extension) !== null) return 'code'
  return proseExtensions.has(file.extension) ? 'prose' : 'code'
}

/** Whether the path says that it is a program, whose content no format may claim. */
export function isProgram(file: SourceText): boolean {
  const language = languageOf(file.base, file.extension)
  return language !== null && !formatLanguages.has(language.name)
}

/** Entries of the language table that say only how comments look; formats may live in such files. */
const formatLanguages = new Set(['Hash', 'Markup', 'Data'])

/** What a mention is where no format has a word. */
export function readPlain(file: SourceText, kind: PlainKind): (place: Place) => Verdict {
  const language = languageOf(file.base, file.extension) ?? shebang(file)
  if (kind === 'code' && language !== null) return readProgram(file, language)
  const trace = byLine(file, readStackTrace)
  const log = byLine(file, (file, line) => readBuildLog(file, line, kind === 'prose'))
  return (place) => trace(place) ?? log(place) ?? readLoose(file, place, kind)
}

/** A text in no language: in a code block it may be anything; in prose only a prompt begins a command. */
function readLoose(file: SourceText, place: Place, kind: PlainKind): Verdict {
  const line = file.lineAt(place.start)
  if (kind === 'prose') {
    const prompted = /^\s*[$%]\s/.test(file.text.slice(line.start, line.start + 20))
    return (prompted ? readCommand(file, place) : null) ?? verdict('prose')
  }
  return readImport(file, place, null) ?? readCommand(file, place) ?? verdict('code')
}

function readProgram(file: SourceText, language: Language): (place: Place) => Verdict {
  let comments: Comments | null = null
  return (place) => {
    const found = readImport(file, place, language)
    // TypeScript's references stand in comments.
    if (found !== null && startsWith(file, place, '///')) return found
    comments ??= findComments(file.text, language.comments)
    if (comments.isComment(place.start)) return comment()
    if (found !== null) return found
    const command = language.shell === true || language.name === 'Hash' ? readCommand(file, place) : null
    return command ?? verdict('code', { language: formatLanguages.has(language.name) ? null : language.name })
  }
}

function startsWith(file: SourceText, place: Place, mark: string): boolean {
  const line = file.lineAt(place.start)
  return file.text.slice(line.start, line.start + 100).trimStart().startsWith(mark)
}

/** The language of a script without an extension. */
function shebang(file: SourceText): Language | null {
  if (!file.text.startsWith('#!')) return null
  const line = file.lineAt(0)
  const program = /\b(?<program>python|node|deno|bun|ruby|perl|php|bash|zsh|dash|sh|fish)/.exec(file.text.slice(0, Math.min(line.end, 200)))?.groups?.['program'] ?? ''
  const extension = program === 'node' || program === 'deno' || program === 'bun' ? 'js' : program === 'dash' ? 'sh' : program
  return languageOf('', extension)
}
