import type { Term } from '../../src/contracts/match.ts'

/**
 * Two naive matchers, written from the table in compile.ts and sharing nothing with the engine or with each other but
 * the statement of the rules around a name and across breaks. Texts are Latin-1: one character a byte.
 *
 * A: at each position, for each name, compare character by character, with all spellings of a separator.
 * B: make the text plain (separators decoded, runs of them one), remember the places, and search it with indexOf.
 */
export interface Hit {
  readonly term: Term
  readonly text: string
  readonly start: number
  readonly end: number
}

export const at = ['@', '%40', '%2540', '\\u0040', '\\x40', '&#64;', '&#064;', '&#x40;', '&commat;']
const backslashed = (separator: string): string[] => [1, 2, 3, 4, 5, 6, 7, 8].map((count) => '\\'.repeat(count) + separator)
export const colon = [':', ...backslashed(':'), '%3a', '%253a', '\\u003a', '\\x3a', '&#58;', '&#058;', '&#x3a;', '&colon;']
export const slash = ['/', ...backslashed('/'), '%2f', '%252f', '\\u002f', '\\x2f', '&#47;', '&#047;', '&#x2f;', '&sol;']
export const hyphen = ['-', ...backslashed('-'), '%2d', '%252d', '\\u002d', '\\x2d', '&#45;', '&#045;', '&#x2d;']
export const dot = ['.', ...backslashed('.'), '%2e', '%252e', '\\u002e', '\\x2e', '&#46;', '&#046;', '&#x2e;', '&period;']
export const underscore = ['_', ...backslashed('_'), '%5f', '%255f', '\\u005f', '\\x5f', '&#95;', '&#095;', '&#x5f;', '&lowbar;']
const escapable = new Map([['@', at], [':', colon], ['/', slash], ['-', hyphen], ['.', dot], ['_', underscore]])
const spellingsOf = (character: string): readonly string[] => escapable.get(character) ?? [character]

/** What breaks a name without being seen; the first kind also stands between words. */
export const spaces = ['\xe2\x80\x8b', '&#8203;', '&#x200B;', '&ZeroWidthSpace;']
export const hyphens = ['\xc2\xad', '&shy;', '&#173;', '&#xAD;', '<wbr>', '<WBR/>', '<wbr />']

const isWord = (character: string): boolean => /[A-Za-z0-9]/.test(character)
const fold = (text: string): string => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())

/** How a term's name is compared. */
interface Form {
  readonly text: string
  /** Characters that are compared without case: all up to here. */
  readonly folded: number
  /** What may stand in the text for a character of the name that is no letter or digit. */
  readonly spellings: (character: string) => readonly string[]
  /** Separators in any number (PyPI, white space). */
  readonly anyRun?: RegExp
}

const separatorRun = /^[-_.]*/
const blankRun = /^(?:[\t-\r ]|\xc2\xa0)*/

/** What may stand between group and artifact, as the generator writes it. */
export const gaps = [
  '</groupId>\n  <artifactId>', '</groupId><version>1</version><artifactId>', "', name: '", '", "artifactId": "', '" %% "', "',module='",
]

/** Maven groups and coordinates have two forms, everything else one. */
function formsOf({ text, kind, ecosystem }: Term): Form[] {
  const asPath = (character: string): readonly string[] => spellingsOf(character === '.' ? '/' : character)
  if (kind === 'group') return [{ text, folded: 0, spellings: spellingsOf }, { text, folded: 0, spellings: asPath }]
  if (ecosystem === 'maven') {
    const joints = [...colon, ...slash, ...gaps.map(fold)]
    return [
      { text, folded: 0, spellings: (character) => (character === ':' ? joints : spellingsOf(character)) },
      { text, folded: 0, spellings: (character) => (character === ':' ? slash : asPath(character)) },
    ]
  }
  if (kind === 'codename') return [{ text: fold(text), folded: text.length, spellings: spellingsOf, anyRun: blankRun }]
  if (ecosystem === 'pypi') {
    return [{ text: fold(text).replaceAll(/[-_.]+/g, '-'), folded: text.length, spellings: () => [...hyphen, ...underscore, ...dot].filter((one) => one.length > 1), anyRun: separatorRun }]
  }
  if (ecosystem === 'crates') return [{ text: fold(text).replaceAll('_', '-'), folded: text.length, spellings: () => [...hyphen, ...underscore] }]
  if (ecosystem === 'npm') {
    return [{ text: fold(text), folded: text.length, spellings: (character) => (character === '/' && text.startsWith('@') ? [...slash, '+'] : spellingsOf(character)) }]
  }
  if (ecosystem === 'go') {
    const host = text.indexOf('/') === -1 ? text.length : text.indexOf('/')
    return [{ text: fold(text.slice(0, host)) + text.slice(host), folded: host, spellings: spellingsOf }]
  }
  return [{ text: fold(text), folded: text.length, spellings: spellingsOf }]
}

export const findByPosition = acrossBreaks((terms, text) => {
  const hits: Hit[] = []
  const folded = fold(text)
  // Most places begin no name: which names may begin with a character is asked once for each text.
  const byFirst = new Map<string, { term: Term; form: Form }[]>()
  for (const term of terms) {
    for (const form of formsOf(term)) {
      const first = fold(form.text.charAt(0))
      for (const character of isWord(first) ? [first] : '@%\\&') byFirst.set(character, [...(byFirst.get(character) ?? []), { term, form }])
    }
  }
  for (let start = 0; start < text.length; start += 1) {
    for (const { term, form } of byFirst.get(folded.charAt(start)) ?? []) {
      for (const end of endsOf(form, text, folded, start)) consider(term, text, start, end, hits)
    }
  }
  return hits
})

function endsOf(form: Form, text: string, folded: string, start: number): number[] {
  let ends = [start]
  for (let index = 0; index < form.text.length && ends.length > 0; index += 1) {
    const character = form.text.charAt(index)
    const source = index < form.folded ? folded : text
    if (isWord(character)) {
      ends = ends.filter((end) => source.charAt(end) === character).map((end) => end + 1)
      continue
    }
    const isBlank = form.anyRun === blankRun
    const runs = form.anyRun !== undefined && (!isBlank || character === ' ')
      ? ends.flatMap((end) => [...(form.anyRun!.exec(text.slice(end, end + 64))?.[0] ?? '')].map((_, length) => end + length + 1))
      : []
    const spellings = isBlank && character === ' ' ? [] : form.spellings(character)
    ends = [...runs, ...ends.flatMap((end) => spellings
      .filter((spelling) => folded.startsWith(spelling, end))
      .map((spelling) => end + spelling.length))]
  }
  return [...new Set(ends)]
}

export const findByIndex = acrossBreaks((terms, text) => {
  const hits: Hit[] = []
  const plain = decode(text)
  const pypi = oneForRuns(plain, /^[-_.]+/, '-')
  const crates = oneForRuns(plain, /^_/, '-')
  const prose = oneForRuns(plain, blankRun, ' ')
  for (const term of terms) {
    const { kind, ecosystem } = term
    const from = ecosystem === 'pypi' ? pypi : ecosystem === 'crates' ? crates : kind === 'codename' ? prose : plain
    for (const name of writtenOut(term)) search(term, name, from, text, hits)
  }
  return hits
})

/** A text with, for each of its characters, where it begins and ends in the original. */
interface Mapped {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly isEscape: readonly boolean[]
}

const escapes = [...escapable].flatMap(([separator, all]) => all.filter((one) => one.length > 1 && !one.endsWith(separator)).map((one) => [one, separator] as const))

/** Every separator as the one character that it spells. */
function decode(text: string): Mapped {
  const folded = fold(text)
  const mapped = { text: '', starts: [] as number[], ends: [] as number[], isEscape: [] as boolean[] }
  for (let index = 0; index < text.length;) {
    const backslashes = /^\\+[-_./:]/.exec(text.slice(index))?.[0] ?? ''
    const escape = escapes.find(([spelling]) => folded.startsWith(spelling, index))
    const isWhole = text.charAt(index - 1) !== '\\' && backslashes.length > 0 && backslashes.length <= 9
    const length = isWhole ? backslashes.length : escape === undefined ? 1 : escape[0].length
    mapped.text += isWhole ? backslashes.at(-1)! : escape === undefined ? text.charAt(index) : escape[1]
    mapped.starts.push(index)
    mapped.ends.push(index + length)
    mapped.isEscape.push(length > 1)
    index += length
  }
  return mapped
}

function oneForRuns(from: Mapped, run: RegExp, by: string): Mapped {
  const mapped = { text: '', starts: [] as number[], ends: [] as number[], isEscape: [] as boolean[] }
  for (let index = 0; index < from.text.length;) {
    let length = run.exec(from.text.slice(index, index + 64))?.[0].length ?? 0
    // A run is of plain characters; what is spelled otherwise stands alone.
    const next = from.isEscape.indexOf(true, index)
    if (length > 1 && next !== -1 && next < index + length) length = Math.max(1, next - index)
    mapped.text += length > 0 ? by : from.text.charAt(index)
    mapped.starts.push(from.starts[index]!)
    mapped.ends.push(from.ends[index + Math.max(1, length) - 1]!)
    mapped.isEscape.push(from.isEscape[index]!)
    index += Math.max(1, length)
  }
  return mapped
}

/** The forms of a name in a plain text. */
function writtenOut({ text, kind, ecosystem }: Term): string[] {
  const path = text.replaceAll('.', '/')
  if (kind === 'group') return [text, path]
  const [group = '', artifact = ''] = text.split(':')
  if (ecosystem === 'maven') {
    return [...[':', '/', ...gaps].map((joint) => `${group}${joint}${artifact}`), `${group.replaceAll('.', '/')}/${artifact.replaceAll('.', '/')}`]
  }
  if (ecosystem === 'pypi') return [text.replaceAll(/[-_.]+/g, '-')]
  if (ecosystem === 'crates') return [text.replaceAll('_', '-')]
  return ecosystem === 'npm' && text.startsWith('@') ? [text, text.replace('/', '+')] : [text]
}

function search(term: Term, name: string, from: Mapped, text: string, hits: Hit[]): void {
  const [wanted, folded] = [fold(name), fold(from.text)]
  const { kind, ecosystem } = term
  const host = name.includes('/') ? name.indexOf('/') : name.length
  const isExact = kind === 'group' || ecosystem === 'maven'
  for (let index = folded.indexOf(wanted); index !== -1; index = folded.indexOf(wanted, index + 1)) {
    const exactFrom = isExact ? 0 : ecosystem === 'go' ? host : name.length
    const there = from.text.slice(index, index + name.length)
    const differs = [...there].some((character, at) => at >= exactFrom && character !== name.charAt(at) && !isGap(name, at))
    if (!differs) consider(term, text, from.starts[index]!, from.ends[index + name.length - 1]!, hits)
  }
}

/** The words between group and artifact have no case. */
function isGap(name: string, at: number): boolean {
  const gap = gaps.find((one) => name.includes(one))
  return gap !== undefined && at >= name.indexOf(gap) && at < name.indexOf(gap) + gap.length
}

type Find = (terms: readonly Term[], text: string) => Hit[]

const breaks = [...spaces, ...hyphens].map(fold)

/** The rule of breaks.ts: what a text holds without its breaks is found where it spans one. */
function acrossBreaks(find: Find): Find {
  return (terms, text) => {
    const hits = find(terms, text)
    const folded = fold(text)
    if (!breaks.some((one) => folded.includes(one))) return settle(hits)
    const places: number[] = []
    const hard = { before: new Set<number>(), behind: new Set<number>() }
    let joined = ''
    for (let index = 0; index < text.length;) {
      const found = breaks.find((one) => folded.startsWith(one, index))
      if (found !== undefined && breaks.indexOf(found) >= spaces.length) {
        hard.before.add(index)
        hard.behind.add(index + found.length)
      }
      if (found === undefined) {
        joined += text.charAt(index)
        places.push(index)
      }
      index += found?.length ?? 1
    }
    const whole = find(terms, joined).map((hit) => ({ ...hit, start: places[hit.start]!, end: places[hit.end - 1]! + 1, joined: hit.end - hit.start }))
    const known = new Set(whole.map(({ term, start, end }) => `${term.id} ${start} ${end}`))
    return settle([
      ...hits.filter(({ term, start, end }) => (!hard.before.has(end) && !hard.behind.has(start)) || known.has(`${term.id} ${start} ${end}`)),
      ...whole.filter(({ start, end, joined: length }) => end - start > length),
    ])
  }
}

/** A name was compared here: does it stand alone? */
function consider(term: Term, text: string, start: number, end: number, hits: Hit[]): void {
  const before = text.slice(Math.max(0, start - 40), start)
  const after = text.slice(end, end + 250)
  if (hits.some((hit) => hit.term === term && hit.start === start && hit.end === end)) return
  if (standsAlone(term, before, after, text.slice(start, end))) hits.push({ term, text: term.text, start, end })
}

// oxlint-disable-next-line no-control-regex -- a terminal's escapes begin with a control character
const escapeEnds = /(?:\\[abfnrtv0]|%(?:25)?[0-9a-fA-F]{2}|\\[xX][0-9a-fA-F]{2}|\\[uU][0-9a-fA-F]{4}|\[[0-9;]{1,12}m|\x1b\[[0-9;]{0,12}[mK])$/
const anyOf = (spellings: readonly string[]): string => spellings.map((one) => one.replaceAll(/[\\.]/g, '\\$&')).join('|')
const runs = anyOf([...hyphen, ...underscore])
const runBefore = new RegExp(`(?:${runs})$`, 'i')
const runAfter = new RegExp(`^(?:${runs})`, 'i')
const labelBefore = new RegExp(`[A-Za-z0-9](?:${anyOf(dot)})$`, 'i')
const labelAfter = new RegExp(`^(?:${anyOf(dot)})[A-Za-z0-9]`, 'i')
const versionAfter = new RegExp(`^(?:${anyOf(hyphen)})[vV]?[0-9]{1,6}\\.[0-9]`, 'i')
const startsRun = (before: string): boolean => (!/[\w-]$/.test(before) || escapeEnds.test(before)) && !runBefore.test(before)
const endsRun = (after: string): boolean => !/^\w/.test(after) && !runAfter.test(after)
const signs = anyOf(at)
const slashes = anyOf(slash)
// In a test, an expression from constants of this file.
const signBefore = new RegExp(`(?:${signs})$`, 'i')
/** The first separator of a group is a slash. */
const isPath = new RegExp(`^[A-Za-z0-9]+(?:(?:${anyOf([...hyphen, ...underscore])})[A-Za-z0-9]+)*(?:${anyOf(slash)})`, 'i')
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

/** `Lcom/acmecorp/auth/Client;`, `(IJLcom/…`, `[Lcom.acmecorp.…`: at most 32 primitive types in front, a class behind. */
function inDescriptor(before: string, after: string, there: string): boolean {
  if (!/(?:^|[^\w-])[BCDFIJSZ]{0,32}L$/.test(before) || !/^[./][\w/.$-]{0,199}[;<]/.test(after)) return false
  return isPath.test(there) || before.endsWith('[L')
}

function standsAlone(term: Term, before: string, after: string, there: string): boolean {
  const { kind, ecosystem, text } = term
  if (kind === 'codename') return wordStarts(before) && wordEnds(after)
  if (kind === 'scope') return startsRun(before) && endsRun(after) && !labelAfter.test(after)
  if (kind === 'host') return startsRun(before) && endsRun(after) && !labelAfter.test(after)
  const label = labelBefore.test(before)
  const starts = startsRun(before)
  if (kind === 'group') return (starts || inDescriptor(before, after, there)) && endsRun(after) && !label
  const archive = versionAfter.test(after)
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
