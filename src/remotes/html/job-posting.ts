import { readHtml, unescapeHtml } from './read-html.ts'
import { readJsonLd } from './read-json-ld.ts'

/** A posting as a page's structured data tells it: https://schema.org/JobPosting */
export interface JobPosting {
  readonly title: string
  /** Everything that it says, as plain text, a line per block. */
  readonly text: string
  /** The day it was posted, as it says; null: it does not. */
  readonly datePosted: Date | null
}

/** Values nested deeper are nobody's job posting. */
const deepest = 40

/** The job postings in the JSON-LD of a page. `broken`: structured data that could not be read at all. */
export function readJobPostings(html: string): { readonly postings: readonly JobPosting[]; readonly broken: number } {
  const { items, broken } = readJsonLd(html, 'JobPosting')
  return { postings: items.map(postingOf), broken }
}

function postingOf(posting: Readonly<Record<string, unknown>>): JobPosting {
  const { title, name, datePosted } = posting
  const lines: string[] = []
  addTexts(posting, lines, 0)
  const shown = [title, name].find((one) => typeof one === 'string')
  return { title: typeof shown === 'string' ? plain(shown) : '', text: lines.join('\n'), datePosted: dateOf(datePosted) }
}

/** Every text of it, whatever its field is called: a codename may stand in a department, a skill, an identifier. */
function addTexts(value: unknown, lines: string[], depth: number): void {
  if (depth > deepest) return
  if (typeof value === 'string') {
    const text = plain(value)
    if (text !== '') lines.push(text)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) if (!key.startsWith('@') || key === '@id') addTexts(inner, lines, depth + 1)
  }
}

/** The text of a field that may hold HTML, decoded once; where the whole markup is escaped once more, that layer is taken off before. */
function plain(value: string): string {
  const isEscaped = !value.includes('<') && /&lt;\/?[a-z][^&]{0,200}&gt;/i.test(value)
  return readHtml(isEscaped ? unescapeHtml(value) : value)
}

/** ISO 8601, with or without a time; what is no date says nothing. */
function dateOf(value: unknown): Date | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value.trim())) return null
  const time = Date.parse(value.trim())
  return Number.isNaN(time) ? null : new Date(time)
}
