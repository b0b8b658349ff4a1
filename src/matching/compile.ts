import { createHash } from 'node:crypto'
import { RE2JS } from 're2js'
import type { Match, Matcher, Term } from '../contracts/match.ts'
import { normalise } from './normalise.ts'

export interface CompileOptions {
  /** The organisation's name and domains: they always count as near words of a codename. */
  readonly anchors?: readonly string[]
  /** Bytes between a codename and what stands near it; null: anywhere in the document. */
  readonly nearWindow?: number | null
}

/** First, simple form: every term by itself. */
export function compile(terms: readonly Term[], options: CompileOptions = {}): Matcher {
  const digest = createHash('sha256').update(JSON.stringify([terms, options])).digest('hex')
  return {
    size: terms.length,
    digest,
    find(bytes) {
      const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).latin1Slice()
      const text = latin1.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
      const found = terms.flatMap((term) => findTerm(term, term.form === 'regex' ? latin1 : text))
      return found
        .filter((match) => match.term.near.length === 0 || [...match.term.near, ...(options.anchors ?? [])].some((word) => text.includes(word.toLowerCase())))
        .filter((match) => !found.some((other) => other !== match && other.kind !== 'host' && other.start <= match.start && other.end >= match.end && other.end - other.start > match.end - match.start))
        .sort((a, b) => a.start - b.start)
    },
  }
}

const isRun = (text: string, at: number): boolean => /[\w-]/.test(text.charAt(at))

function findTerm(term: Term, text: string): Match[] {
  const { kind, ecosystem } = term
  const found: Match[] = []
  if (term.form === 'regex') {
    const matcher = RE2JS.compile(term.text).matcher(text)
    while (matcher.find()) found.push({ term, kind, ecosystem, name: matcher.group() ?? '', start: matcher.start(), end: matcher.end() })
    return found
  }
  const name = term.text.toLowerCase()
  for (let start = text.indexOf(name); start !== -1; start = text.indexOf(name, start + 1)) {
    let end = start + name.length
    if (isRun(text, start - 1)) continue
    if (term.form === 'prefix') while (isRun(text, end) || (kind === 'group' && /^\.\w/.test(text.slice(end, end + 2)))) end += 1
    else if (isRun(text, end)) continue
    if (term.form === 'prefix' && end === start + name.length) continue
    const spelled = term.form === 'prefix' ? normalise(text.slice(start, end), kind, ecosystem) : term.text
    found.push({ term, kind, ecosystem, name: spelled, start, end })
  }
  return found
}
