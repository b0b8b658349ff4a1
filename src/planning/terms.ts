import { RE2JS } from 're2js'
import type { Disclosure, Ecosystem, Form, IdentifierKind } from '../contracts/inventory.ts'
import type { Plannable, SearchTerm, Unsearchable } from '../contracts/source.ts'
import { Invalid } from '../errors.ts'
import { coverTerms, type Chosen } from './cover.ts'
import { believe, knowNothing, type Knowledge } from './knowledge.ts'
import { requiredRuns } from './literal.ts'
import { sampleChecks } from './sample.ts'
import { createStemOf, withoutEnds, withoutTail } from './stem.ts'
import { keyOf, runsOf, type Edge } from './words.ts'

/** A line of the inventory with its database id, as far as searching needs it. */
export interface Subject {
  readonly id: string
  readonly form: Form
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
  readonly text: string
  readonly disclose: Disclosure
  readonly near: readonly string[]
}

const reasons = {
  never: 'disclose: never, matched locally only',
  contains: 'the query would contain a name with disclose: never',
  noStem: 'disclose: stem, and it shares no stem with another name',
  noLiteral: 'the regular expression requires no text of 4 characters or more',
  empty: 'nothing is left to search for',
} as const

/** Characters that a regular expression must require to be searched for. */
const shortestLiteral = 4

/**
 * What may be sent to sources, and what may not. The disclosure rules stand here and nowhere else:
 * - `never`: in no term, not even as a part of another one (case and the separators `-_.` make no difference)
 * - `stem`: only the stem, see `stem.ts`
 * - `name`: the name. Of a Maven coordinate the group: in a pom, group and artifact stand apart, so that only
 *   the group is certain to stand in every mention
 *
 * A pattern is searched by its literal prefix, a regular expression by the longest text that it requires. With
 * `families` a name that begins with the prefix of a pattern shares its term: whatever holds the name holds the prefix.
 * Sources search without regard to case. Every subject is in a term or in `unsearchable`, with the reason.
 * @throws Invalid when a regular expression with `disclose: never` cannot be read: then nothing may be sent
 */
export function searchTerms(subjects: readonly Subject[], options: { readonly families: boolean } = { families: true }): { terms: SearchTerm[]; unsearchable: Unsearchable[] } {
  const covers = new Map<string, string[]>()
  const refused = new Map<string, string[]>()
  const discloses = createGuard(subjects)
  const stemOf = createStemOf(subjects)
  const families = new Set<string>()

  const search = (id: string, literal: string): void => {
    const text = withoutTail(literal)
    const why = text === '' ? reasons.empty : discloses(text) ? reasons.contains : null
    append(why === null ? covers : refused, why ?? text, id)
  }

  for (const { disclose, form, id, text } of subjects) {
    if (disclose === 'never' || form !== 'prefix') continue
    search(id, text)
    // Only a whole word is certain to be found: sources that search by words do not find `acme` in `acmeauth`.
    if (withoutTail(text) !== text && !discloses(withoutTail(text))) families.add(text)
  }
  for (const subject of subjects) {
    if (subject.form === 'prefix' && subject.disclose !== 'never') continue
    const family = subject.form === 'name' && options.families ? familyOf(subject.text, families) : null
    if (family !== null) append(covers, withoutTail(family), subject.id)
    else if (subject.disclose === 'never') append(refused, reasons.never, subject.id)
    else if (subject.form === 'regex') searchOr(search, subject.id, longestLiteral(subject.text), refused, reasons.noLiteral)
    else if (subject.disclose === 'stem') searchOr(search, subject.id, stemOf(subject), refused, reasons.noStem)
    else search(subject.id, isCoordinate(subject) ? subject.text.slice(0, subject.text.indexOf(':')) : subject.text)
  }
  return {
    terms: [...covers].map(([text, ids]) => ({ text, covers: ids })),
    unsearchable: [...refused].map(([reason, ids]) => ({ reason, covers: ids })),
  }
}

export interface PlannedTerms extends Plannable {
  readonly unsearchable: readonly Unsearchable[]
  /** Names under stems, searched in full all the same: a stem that does not bring what they bring is demoted. */
  readonly checks: readonly SearchTerm[]
  /** By the text of a term: the marks that it depends on and that its run has to prove. */
  readonly trials: ReadonlyMap<string, readonly Edge[]>
  /** Queries that one query per name would take. */
  readonly naive: number
}

/**
 * What a source is asked to plan for; names that are public on purpose need no search.
 * `turn`: counts up from sweep to sweep (a day number, say); another sample of names is checked each time.
 */
export function planTerms(
  subjects: readonly (Subject & { readonly publicOnPurpose: boolean })[],
  knowledge: Knowledge = knowNothing(null),
  turn = 0,
): PlannedTerms {
  const secret = subjects.filter(({ publicOnPurpose }) => !publicOnPurpose)
  const everything = secret.map(({ id }) => id)
  const { terms, unsearchable } = searchTerms(secret, { families: knowledge.facts === null })
  if (knowledge.facts === null) return { terms, unsearchable, everything, checks: [], trials: new Map(), naive: terms.length }
  const chosen = coverTerms(terms, knowledge, createGuard(secret))
  const silent = coverSilently(chosen, secret.filter(({ disclose, form }) => disclose === 'never' && form === 'name'), knowledge)
  const covered = new Set([...silent.values()].flat())
  return {
    terms: chosen.map(({ term }) => ({ ...term, covers: [...term.covers, ...(silent.get(term.text) ?? [])] })),
    unsearchable: unsearchable
      .map(({ reason, covers }) => ({ reason, covers: covers.filter((id) => !covered.has(id)) }))
      .filter(({ covers }) => covers.length > 0),
    everything,
    checks: sampleChecks(chosen, turn),
    trials: new Map(chosen.filter(({ trial }) => trial.length > 0).map(({ term, trial }) => [term.text, trial])),
    naive: terms.length,
  }
}

/** What is never sent is still covered by what is sent, where the text of a query stands in it. By text of the term. */
function coverSilently(chosen: readonly Chosen[], subjects: readonly Subject[], knowledge: Knowledge): Map<string, string[]> {
  const texts = new Map(chosen.map(({ term }) => [keyOf(term.text), term.text]))
  const silent = new Map<string, string[]>()
  for (const { id, text } of subjects) {
    const run = runsOf(text).find(({ key, edges }) => texts.has(key) && believe(knowledge, key, edges) !== 'no')
    if (run !== undefined) append(silent, texts.get(run.key) ?? run.text, id)
  }
  return silent
}

function searchOr(search: (id: string, literal: string) => void, id: string, literal: string | null, refused: Map<string, string[]>, reason: string): void {
  if (literal === null) append(refused, reason, id)
  else search(id, literal)
}

function append(lists: Map<string, string[]>, key: string, id: string): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [id])
  else list.push(id)
}

/** The longest prefix that the name begins with: the fewest results that are not its own. */
function familyOf(name: string, families: ReadonlySet<string>): string | null {
  for (let end = name.length; end > 0; end -= 1) {
    const beginning = name.slice(0, end)
    if (families.has(beginning)) return beginning
  }
  return null
}

function isCoordinate({ kind, ecosystem, text }: Subject): boolean {
  return kind === 'package' && ecosystem === 'maven' && text.includes(':')
}

function longestLiteral(source: string): string | null {
  let longest = ''
  for (const run of requiredRuns(source)) {
    const text = withoutEnds(run)
    if (text.length > longest.length) longest = text
  }
  return longest.length < shortestLiteral ? null : longest
}

/** Tells whether a text would give away something that is never disclosed. */
export function createGuard(subjects: readonly Subject[]): (text: string) => boolean {
  const secrets: string[] = []
  const expressions: RE2JS[] = []
  for (const { disclose, form, text } of subjects) {
    if (disclose !== 'never') continue
    if (form === 'regex') expressions.push(compileExpression(text))
    // Search engines ignore marks: `@acme` is told by `acme`. A name of marks only stays as it is.
    else secrets.push(fold(withoutEnds(text) === '' ? text : withoutEnds(text)))
  }
  return (text) => {
    const folded = fold(text)
    return secrets.some((secret) => folded.includes(secret)) || expressions.some((expression) => expression.matcher(text).find())
  }
}

function compileExpression(source: string): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.CASE_INSENSITIVE)
  } catch {
    // The engine's message quotes the expression.
    throw new Invalid('a regular expression with disclose: never cannot be read, so nothing may be searched')
  }
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[-_.]+/g, '-')
}
