import { LineCounter, parseDocument, type YAMLError } from 'yaml'
import { Invalid, type Fault } from '../errors.ts'

/** What to say for each kind of syntax error. The library's own messages may quote the file, and so a secret. */
const sentences: Readonly<Record<string, string>> = {
  BAD_DQ_ESCAPE: 'unknown escape in a text in double quotes; use single quotes, or write \\\\ for a backslash',
  BAD_INDENT: 'the indentation does not fit, or a bracket is not closed',
  BAD_SCALAR_START: 'a text that starts with @ ` or % must stand in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a text that holds ": " must stand in quotes, or the indentation does not fit',
  KEY_OVER_1024_CHARS: 'this key is too long; is a quote or a colon missing?',
  MISSING_CHAR: 'a quote, bracket, comma, colon or space is missing',
  MULTIPLE_DOCS: 'only one document; remove the --- and what follows',
  NON_STRING_KEY: 'a key must be a text',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
  TAG_RESOLVE_FAILED: 'tags such as !name are not understood; a text that starts with ! must stand in quotes',
}

/**
 * Parses one YAML document to plain values. Duplicate keys, aliases, unknown tags and more than one document are
 * faults, each with its 1-based line and column. `undefined` for an empty document.
 * @param where the file as the person wrote it, for messages
 * @throws Invalid with every syntax fault; never quotes the text
 */
export function readYaml(text: string, where: string): unknown {
  const counter = new LineCounter()
  const document = parseDocument(text, { prettyErrors: false, lineCounter: counter, uniqueKeys: true, stringKeys: true, logLevel: 'error' })
  const problems = [...document.errors, ...document.warnings].sort((one, other) => one.pos[0] - other.pos[0])
  if (problems.length > 0) throw new Invalid(problems.slice(0, 20).map((problem) => describeProblem(problem, text, counter, where)))
  if (document.contents === null) return undefined
  try {
    const value: unknown = document.toJS({ maxAliasCount: 0 })
    return value
  } catch {
    // The only thing left that toJS refuses: an alias, known or not.
    throw new Invalid([{ where, key: '', expected: 'aliases (*name) are not understood; write the value out, and put a text that starts with * in quotes' }])
  }
}

function describeProblem(problem: YAMLError, text: string, counter: LineCounter, where: string): Fault {
  const { line, col } = counter.linePos(problem.pos[0])
  return { where: `${where}:${line}:${col}`, key: '', expected: sentenceOf(problem, text) }
}

function sentenceOf(problem: YAMLError, text: string): string {
  if (problem.code !== 'DUPLICATE_KEY') return sentences[problem.code] ?? 'this is not valid YAML'
  const key = /^["']?(?<key>[A-Za-z]\w{0,40})["']?\s*:/.exec(text.slice(problem.pos[0], problem.pos[0] + 60))?.groups?.['key']
  return key === undefined ? 'this key stands here twice' : `the key "${key}" stands here twice`
}

/**
 * Bytes of a file a person wrote, as text; a byte order mark is dropped.
 * @throws Invalid when the bytes are not UTF-8
 */
export function decodeText(bytes: Uint8Array, where: string): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Invalid([{ where, key: '', expected: 'the file is not UTF-8; save it as UTF-8' }])
  }
  // UTF-16 without a mark is valid UTF-8 full of NULs.
  if (text.includes('\0')) throw new Invalid([{ where, key: '', expected: 'the file is not UTF-8 text (it holds NUL bytes); save it as UTF-8' }])
  return text
}
