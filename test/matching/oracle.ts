import type { Term } from '../../src/contracts/match.ts'

/**
 * Two naive matchers, written from the table in compile.ts and sharing nothing with the engine or with each other but
 * the statement of the rules around a name. Texts are Latin-1: one character a byte.
 *
 * A: at each position, for each name, compare character by character.
 * B: for each name, write down all its spellings, and search each with indexOf.
 */
export interface Hit {
  readonly term: Term
  readonly text: string
  readonly start: number
  readonly end: number
}

export const at = ['@', '%40', '%2540', '\\u0040', '\\x40', '&#64;', '&#064;', '&#x40;', '&commat;']
export const colon = [':', '%3a', '%253a', '\\u003a', '\\x3a', '&#58;', '&#058;', '&#x3a;', '&colon;']
const backslashes = [1, 2, 3, 4, 5, 6, 7, 8].map((count) => `${'\\'.repeat(count)}/`)
export const slash = ['/', ...backslashes, '%2f', '%252f', '\\u002f', '\\x2f', '&#47;', '&#047;', '&#x2f;', '&sol;']
const escapable = new Map([['@', at], [':', colon], ['/', slash]])

const isWord = (character: string): boolean => /[A-Za-z0-9]/.test(character)
const fold = (text: string): string => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())

/** How a term's name is compared. */
interface Form {
  readonly text: string
  /** Characters that are compared without case: all up to here. */
  readonly folded: number
  /** What may stand in the text for a character of the name that is no letter or digit. */
  readonly spellings: (character: string) => readonly string[]
  /** Separators in any number (PyPI, white space); `spellings` has a few of them, for B. */
  readonly anyRun?: RegExp
}

const pypiRuns = (longest: number): string[] => {
  const runs: string[] = []
  let last = ['']
  for (let length = 1; length <= longest; length += 1) {
    last = last.flatMap((run) => [`${run}-`, `${run}_`, `${run}.`])
    runs.push(...last)
  }
  return runs
}
const runsOfThree = pypiRuns(3)
const separatorRun = /^[-_.]*/
const blankRun = /^(?:[\t-\r ]|\xc2\xa0)*/

const white = [' ', '\n', '\t', '\r', '\r\n', '  ', '\xc2\xa0']

/** What may stand between group and artifact, as the generator writes it. */
export const gaps = [
  '</groupId>\n  <artifactId>', '</groupId><version>1</version><artifactId>', "', name: '", '", "artifactId": "', '" %% "', "',module='",
]

/** Maven groups and coordinates have two forms, everything else one. */
function formsOf({ text, kind, ecosystem }: Term): Form[] {
  const exact = (character: string): readonly string[] => escapable.get(character) ?? [character]
  if (kind === 'group') {
    return [
      { text, folded: 0, spellings: (character) => [character] },
      { text, folded: 0, spellings: (character) => [character === '.' ? '/' : character] },
    ]
  }
  if (ecosystem === 'maven') {
    const joints = [...colon, ...slash, ...gaps.map(fold)]
    return [
      { text, folded: 0, spellings: (character) => (character === ':' ? joints : [character]) },
      { text, folded: 0, spellings: (character) => (character === ':' ? slash : [character === '.' ? '/' : character]) },
    ]
  }
  if (kind === 'codename') return [{ text: fold(text), folded: text.length, spellings: (character) => (character === ' ' ? white : [character]), anyRun: blankRun }]
  if (ecosystem === 'pypi') return [{ text: fold(text).replaceAll(/[-_.]+/g, '-'), folded: text.length, spellings: () => runsOfThree, anyRun: separatorRun }]
  if (ecosystem === 'crates') return [{ text: fold(text).replaceAll('_', '-'), folded: text.length, spellings: () => ['-', '_'] }]
  if (ecosystem === 'npm') {
    return [{ text: fold(text), folded: text.length, spellings: (character) => (character === '/' && text.startsWith('@') ? [...slash, '+'] : exact(character)) }]
  }
  if (ecosystem === 'go') {
    const host = text.indexOf('/') === -1 ? text.length : text.indexOf('/')
    return [{ text: fold(text.slice(0, host)) + text.slice(host), folded: host, spellings: exact }]
  }
  return [{ text: fold(text), folded: text.length, spellings: exact }]
}

export function findByPosition(terms: readonly Term[], text: string): Hit[] {
  const hits: Hit[] = []
  const forms = terms.map((term) => ({ term, forms: formsOf(term) }))
  const folded = fold(text)
  for (let start = 0; start < text.length; start += 1) {
    for (const { term, forms: ofTerm } of forms) {
      for (const form of ofTerm) {
        for (const end of endsOf(form, text, folded, start)) consider(term, text, start, end, hits)
      }
    }
  }
  return settle(hits)
}

function endsOf(form: Form, text: string, folded: string, start: number): number[] {
  const first = form.text.charAt(0)
  // Most places end here, before anything is allocated.
  if (isWord(first) && (form.folded > 0 ? folded : text).charCodeAt(start) !== first.charCodeAt(0)) return []
  if (!isWord(first) && !/[@/:%\\&_.-]/.test(text.charAt(start))) return []
  let ends = [start]
  for (let index = 0; index < form.text.length && ends.length > 0; index += 1) {
    const character = form.text.charAt(index)
    const source = index < form.folded ? folded : text
    if (isWord(character)) {
      ends = ends.filter((end) => source.charAt(end) === character).map((end) => end + 1)
      continue
    }
    if (form.anyRun !== undefined && (form.anyRun !== blankRun || character === ' ')) {
      ends = ends.flatMap((end) => [...(form.anyRun!.exec(text.slice(end, end + 64))?.[0] ?? '')].map((_, length) => end + length + 1))
      continue
    }
    const spellings = form.spellings(character)
    ends = ends.flatMap((end) => spellings
      .filter((spelling) => folded.startsWith(spelling, end))
      .map((spelling) => end + spelling.length))
  }
  return [...new Set(ends)]
}

export function findByIndex(terms: readonly Term[], text: string): Hit[] {
  const hits: Hit[] = []
  const folded = fold(text)
  for (const term of terms) {
    for (const form of formsOf(term)) {
      for (const spelled of spelledOut(form)) {
        const wanted = fold(spelled.text)
        for (let start = folded.indexOf(wanted); start !== -1; start = folded.indexOf(wanted, start + 1)) {
          if (spelled.exact.every((index) => text.charAt(start + index) === spelled.text.charAt(index))) {
            consider(term, text, start, start + wanted.length, hits)
          }
        }
      }
    }
  }
  return settle(hits)
}

/** One spelling of a name, and at which indexes of it the case matters. */
interface Spelled {
  readonly text: string
  readonly exact: readonly number[]
}

const known = new Map<string, readonly Spelled[]>()

function spelledOut(form: Form): readonly Spelled[] {
  const key = JSON.stringify([form.text, form.folded, form.spellings('/'), form.spellings('-'), form.spellings('.')])
  let all = known.get(key)
  if (all === undefined) known.set(key, (all = spellOne(form, 0)))
  return all
}

/** All spellings of the name from one of its characters on; indexes count from there. */
function spellOne(form: Form, index: number): Spelled[] {
  if (index === form.text.length) return [{ text: '', exact: [] }]
  const character = form.text.charAt(index)
  const rest = spellOne(form, index + 1)
  const isExact = isWord(character) && index >= form.folded
  return (isWord(character) ? [character] : form.spellings(character)).flatMap((spelling) => rest.map(({ text, exact }) => ({
    text: spelling + text,
    exact: [...(isExact ? [0] : []), ...exact.map((at) => at + spelling.length)],
  })))
}

/** A name was compared here: does it stand alone? */
function consider(term: Term, text: string, start: number, end: number, hits: Hit[]): void {
  const before = text.slice(Math.max(0, start - 40), start)
  const after = text.slice(end, end + 40)
  if (hits.some((hit) => hit.term === term && hit.start === start && hit.end === end)) return
  if (standsAlone(term, before, after)) hits.push({ term, text: term.text, start, end })
}

// oxlint-disable-next-line no-control-regex -- a terminal's escapes begin with a control character
const escapeEnds = /(?:\\[abfnrtv0]|%(?:25)?[0-9a-fA-F]{2}|\\[xX][0-9a-fA-F]{2}|\\[uU][0-9a-fA-F]{4}|\[[0-9;]{1,12}m|\x1b\[[0-9;]{0,12}[mK])$/
const startsRun = (before: string): boolean => !/[\w-]$/.test(before) || escapeEnds.test(before)
const endsRun = (after: string): boolean => !/^[\w-]/.test(after)
const signs = at.map((spelling) => spelling.replaceAll('\\', '\\\\')).join('|')
const slashes = slash.map((spelling) => spelling.replaceAll('\\', '\\\\')).join('|')
// In a test, an expression from constants of this file.
const signBefore = new RegExp(`(?:${signs})$`, 'i')
const slashAfter = new RegExp(`^(?:${slashes})`, 'i')
const slashBefore = new RegExp(`(?:${slashes})$`, 'i')

function scopeSign(before: string): boolean {
  const sign = signBefore.exec(before)
  return sign !== null && startsRun(before.slice(0, sign.index))
}

function ownScope(before: string): boolean {
  const joint = slashBefore.exec(before)
  if (joint === null) return false
  const rest = before.slice(0, joint.index)
  for (let length = 1; length <= rest.length && /^[\w.-]+$/.test(rest.slice(-length)); length += 1) {
    if (scopeSign(rest.slice(0, -length))) return true
  }
  return false
}

function standsAlone(term: Term, before: string, after: string): boolean {
  const { kind, ecosystem, text } = term
  if (kind === 'codename') return wordStarts(before) && wordEnds(after)
  if (kind === 'scope') return startsRun(before) && endsRun(after) && !/^\.[A-Za-z0-9]/.test(after)
  if (kind === 'host') return startsRun(before) && endsRun(after) && !/^\.[A-Za-z0-9]/.test(after)
  const label = /[A-Za-z0-9]\.$/.test(before)
  if (kind === 'group') return startsRun(before) && endsRun(after) && !label
  const archive = /^-[vV]?[0-9]{1,6}\.[0-9]/.test(after)
  if (ecosystem === 'maven') return startsRun(before) && (endsRun(after) || archive) && !label
  if (!(startsRun(before) && (endsRun(after) || archive)) && !emphasised(before, after)) return false
  if (ecosystem === 'npm' && !text.startsWith('@')) return !ownScope(before) && !(scopeSign(before) && slashAfter.test(after))
  if (ecosystem === 'nuget' || ecosystem === 'packagist' || ecosystem === 'docker' || ecosystem === 'go') {
    return !label && !(text.includes('/') && scopeSign(before))
  }
  return true
}

function emphasised(before: string, after: string): boolean {
  const marks = /_+$/.exec(before)?.[0] ?? ''
  if (marks.length === 0 || marks.length > 3 || !after.startsWith(marks)) return false
  return startsRun(before.slice(0, -marks.length)) && endsRun(after.slice(marks.length))
}

const joining = (character: string): boolean => /[\p{L}\p{M}\p{N}]/u.test(character)
  && !/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u.test(character)

function wordStarts(before: string): boolean {
  if (before === '') return true
  if (/[\0-\x7f]$/.test(before)) return !/[A-Za-z0-9]$/.test(before) || escapeEnds.test(before)
  return !joining(oneCharacter([1, 2, 3, 4].map((length) => before.slice(-length))))
}

function wordEnds(after: string): boolean {
  if (after === '') return true
  if (/^[\0-\x7f]/.test(after)) return !/^[A-Za-z0-9]/.test(after)
  return !joining(oneCharacter([1, 2, 3, 4].map((length) => after.slice(0, length))))
}

function oneCharacter(candidates: readonly string[]): string {
  for (const candidate of candidates) {
    const decoded = Buffer.from(candidate, 'latin1').toString('utf8')
    if ([...decoded].length === 1 && decoded !== '\ufffd') return decoded
  }
  return ' '
}

/** Rules 1 to 3 of resolve.ts for names, all against all. */
function settle(hits: readonly Hit[]): Hit[] {
  const sorted = [...hits].sort((a, b) => a.start - b.start || b.end - a.end || (a.term.id < b.term.id ? -1 : 1))
  return sorted.filter((hit) => !sorted.some((other) => {
    if (other === hit || other.start > hit.start || other.end < hit.end) return false
    if (other.start === hit.start && other.end === hit.end) return false
    return hit.term.kind !== 'host' || other.term.kind === 'host'
  }))
}
