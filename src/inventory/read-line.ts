import { RE2JS } from 're2js'
import type { Ecosystem, IdentifierKind, Line } from '../contracts/inventory.ts'
import type { Fault } from '../errors.ts'
import { groupFault, hostFault, packageFault, packageStartFault, scopeFault } from './check-name.ts'
import { guessEcosystem } from './guess.ts'
import { describePlace, faultAt, type Place } from './place.ts'
import { subjects, type RawLine, type Subject } from './raw-line.ts'

/** A line as written, and where. */
export interface Entry {
  readonly raw: RawLine
  readonly place: Place
  /** What a `name` is, where the file says so; else its shape and ecosystem decide. */
  readonly kind?: 'package' | 'scope' | 'group'
}

/** A line understood. `implied` are further names it stands for (the scope of `@acme-corp/*`). */
export interface Understood {
  readonly entry: Entry
  readonly line: Line
  readonly implied: readonly Line[]
}

type Shape = Pick<Line, 'form' | 'kind' | 'ecosystem' | 'text'>
type Outcome = { readonly shapes: readonly [Shape, ...Shape[]] } | { readonly faults: readonly Fault[] }

/** What a line of the inventory means. Everything that is wrong with it comes back as faults; it never throws. */
export function readLine(entry: Entry): Understood | { readonly faults: readonly Fault[] } {
  const { raw, place } = entry
  const given = subjects.filter((subject) => raw[subject] !== undefined)
  const [subject] = given
  if (subject === undefined || given.length > 1) {
    const expected = `expected exactly one of ${subjects.join(', ')}${given.length > 1 ? `; these are ${given.length}` : ''}`
    return { faults: [{ where: place.where, key: place.key, expected }] }
  }
  const faults = controlFaults(entry)
  if (raw.ecosystem !== undefined && subject !== 'name' && subject !== 'pattern') {
    faults.push(faultAt(place, 'ecosystem', raw.ecosystem, `a ${subject} has no ecosystem; remove it`))
  }
  for (const fact of ['latestVersion', 'firstPublishedAt'] as const) {
    if (raw[fact] !== undefined && subject !== 'name') faults.push(faultAt(place, fact, raw[fact], `a ${subject} has no versions; remove it`))
  }
  const outcome = readers[subject](raw[subject] ?? '', entry)
  if ('faults' in outcome || faults.length > 0) return { faults: [...faults, ...('faults' in outcome ? outcome.faults : [])] }
  const [line, ...implied] = outcome.shapes.map((shape) => lineOf(shape, entry))
  // `shapes` has a first one by its type; the type does not survive map.
  return { entry, line: line as Line, implied: implied.map(({ latestVersion: _version, firstPublishedAt: _moment, ...other }) => ({ ...other, near: [] })) }
}

function lineOf(shape: Shape, { raw, place }: Entry): Line {
  return {
    ...shape,
    team: raw.team ?? null,
    disclose: raw.disclose ?? 'name',
    publicOnPurpose: raw.publicOnPurpose ?? false,
    near: raw.near ?? [],
    ...(raw.latestVersion === undefined ? {} : { latestVersion: raw.latestVersion }),
    ...(raw.firstPublishedAt === undefined ? {} : { firstPublishedAt: new Date(raw.firstPublishedAt).toISOString() }),
    where: describePlace(place),
  }
}

/** Invisible characters come with copied text; no document would ever match them. */
function controlFaults({ raw, place }: Entry): Fault[] {
  return subjects.flatMap((subject) =>
    /[\p{Cc}\u00ad\u200b\u2060\ufeff]/u.test(raw[subject] ?? '') ? [faultAt(place, subject, raw[subject], 'this holds an invisible character; type it anew')] : [])
}

const readers: Readonly<Record<Subject, (text: string, entry: Entry) => Outcome>> = {
  name: readName,
  pattern: readPattern,
  host: readHost,
  codename: readCodename,
  regex: readRegex,
}

function readName(text: string, { raw, place, kind: stated }: Entry): Outcome {
  const wrong = (expected: string): Outcome => ({ faults: [faultAt(place, 'name', text, expected)] })
  if (text.includes('*')) return wrong('a name has no star; write pattern instead of name')
  const guess = raw.ecosystem === undefined && stated === undefined ? guessEcosystem(text) : { value: raw.ecosystem ?? ecosystemOf(stated, text) }
  if ('fault' in guess) return wrong(guess.fault)
  const ecosystem = guess.value
  const kind = stated ?? kindOf(text, ecosystem)
  if ((kind === 'scope' && ecosystem !== 'npm') || (kind === 'group' && ecosystem !== 'maven')) {
    return wrong(`a ${kind} belongs to ${kind === 'scope' ? 'npm' : 'maven'}, not to ${ecosystem ?? 'none'}`)
  }
  const fault = nameFault(text, kind, ecosystem)
  return fault === null ? { shapes: [{ form: 'name', kind, ecosystem, text }] } : wrong(fault)
}

function ecosystemOf(stated: Entry['kind'], text: string): Ecosystem | null {
  if (stated === 'scope') return 'npm'
  if (stated === 'group') return 'maven'
  const guess = guessEcosystem(text)
  return 'value' in guess ? guess.value : null
}

function kindOf(text: string, ecosystem: Ecosystem | null): 'package' | 'scope' | 'group' {
  if (ecosystem === 'npm' && text.startsWith('@') && !text.includes('/')) return 'scope'
  return ecosystem === 'maven' && !text.includes(':') ? 'group' : 'package'
}

function nameFault(text: string, kind: IdentifierKind, ecosystem: Ecosystem | null): string | null {
  if (kind === 'scope') return scopeFault(text)
  if (kind === 'group') return groupFault(text)
  if (ecosystem !== null) return packageFault(text, ecosystem)
  return /^[\w-][\w.-]*$/.test(text) ? null : 'expected the name of a package; give its ecosystem, or write host or codename instead of name'
}

function readPattern(text: string, { raw, place }: Entry): Outcome {
  const wrong = (expected: string): Outcome => ({ faults: [faultAt(place, 'pattern', text, expected)] })
  if (!text.includes('*')) return wrong('a pattern ends with a star; for a single name write name instead of pattern')
  if (text.indexOf('*') !== text.length - 1) return wrong('a star may stand only at the end; for anything else write a regex')
  const prefix = text.slice(0, -1)
  const guess = raw.ecosystem === undefined ? guessEcosystem(prefix) : { value: raw.ecosystem }
  if ('fault' in guess) return wrong(guess.fault)
  const ecosystem = guess.value
  const letters = prefix.replace(/[^\p{L}\p{N}]/gu, '').length
  // A whole scope is exact whatever its length: @hp/*.
  const enough = ecosystem === 'npm' && /^@[^/]+\/$/.test(prefix) ? 2 : 4
  if (letters < enough) return wrong(`this would match nearly everything; at least ${enough} letters or digits before the star`)
  const kind = ecosystem === 'maven' && !prefix.includes(':') ? 'group' : 'package'
  const fault = kind === 'group' ? groupFault(`${prefix}x`) : packageStartFault(prefix, ecosystem)
  if (fault !== null) return wrong(`${fault}, with a star at the end`)
  return { shapes: [{ form: 'prefix', kind, ecosystem, text: prefix }, ...impliedBy(prefix, ecosystem)] }
}

/** Knowing every name in a scope or group is internal makes the scope or group itself internal. */
function impliedBy(prefix: string, ecosystem: Ecosystem | null): Shape[] {
  if (ecosystem === 'npm' && /^@[^/]+\/$/.test(prefix)) return [{ form: 'name', kind: 'scope', ecosystem, text: prefix.slice(0, -1) }]
  if (ecosystem !== 'maven') return []
  return /[.:]$/.test(prefix) ? [{ form: 'name', kind: 'group', ecosystem, text: prefix.slice(0, -1) }] : []
}

function readHost(text: string, { place }: Entry): Outcome {
  if (text.includes('*')) return { faults: [faultAt(place, 'host', text, 'a host has no star; list the hosts, or write a regex')] }
  const fault = hostFault(text)
  if (fault !== null) return { faults: [faultAt(place, 'host', text, fault)] }
  return { shapes: [{ form: 'name', kind: 'host', ecosystem: null, text: text.toLowerCase() }] }
}

function readCodename(text: string, { place }: Entry): Outcome {
  if (text.includes('*')) return { faults: [faultAt(place, 'codename', text, 'a codename has no star; write a regex')] }
  if (text.length > 100 || (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) < 2) {
    return { faults: [faultAt(place, 'codename', text, 'expected a word or a few, of 2 to 100 characters')] }
  }
  return { shapes: [{ form: 'name', kind: 'codename', ecosystem: null, text }] }
}

/** Texts in which nothing internal stands: an expression that finds something in all of them finds it everywhere. */
const ordinary = ['the quick brown fox', 'const index = 0', '{ "version": "1.2.3" }']

function readRegex(text: string, { place }: Entry): Outcome {
  const wrong = (expected: string): Outcome => ({ faults: [faultAt(place, 'regex', text, expected)] })
  let expression: RE2JS
  try {
    expression = RE2JS.compile(text)
  } catch (error) {
    return wrong(`expected an expression that RE2 understands: ${error instanceof Error ? error.message : 'it does not compile'}`)
  }
  if (['', ...ordinary].some((sample) => matchesNothing(expression, sample))) return wrong('this matches the empty text; write + or {1,} instead of * or ?')
  if (ordinary.every((sample) => expression.matcher(sample).find())) return wrong('this matches nearly every text; write out more of the name')
  return { shapes: [{ form: 'regex', kind: 'other', ecosystem: null, text }] }
}

/** True when one of its matches is empty. */
function matchesNothing(expression: RE2JS, sample: string): boolean {
  const matcher = expression.matcher(sample)
  while (matcher.find()) if (matcher.start() === matcher.end()) return true
  return false
}
