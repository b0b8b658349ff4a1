import { createHash } from 'node:crypto'
import type { Match, Matcher, Term } from '../contracts/match.ts'
import { createExpressionFinder } from './expressions.ts'
import { createNameFinder } from './find-names.ts'
import { groupNames, isCoordinate, nameOf, type Ordered } from './names.ts'
import { keepSupported } from './near.ts'
import { normalise } from './normalise.ts'
import { resolve, toMatch } from './resolve.ts'
import { createUnicodeFinder } from './unicode-names.ts'

/** Part of every digest: raise it when a rule below changes, so that what is stored is matched again. */
export const rulesVersion = 1

export interface CompileOptions {
  /** The organisation's name and domains: they count as near words of every name that needs one. */
  readonly anchors?: readonly string[]
  /** Bytes between a mention and its near word; null (the default): anywhere in the document. */
  readonly nearWindow?: number | null
}

/**
 * Builds the matcher of an inventory. Pure, and the matcher is too; it may be used for any number of documents, one at a
 * time. Coordinates, scopes and the other names are found by these rules (a *run byte* is one of `[A-Za-z0-9_-]`):
 *
 * | kind, ecosystem         | case   | separators in the text           | in front                               | behind |
 * | ----------------------- | ------ | -------------------------------- | -------------------------------------- | ------ |
 * | package, npm            | folded | as written; `/` also `+` (pnpm)  | no run byte; no `@scope/` unless its own | no run byte; `@name/` is a scope, not the package |
 * | package, PyPI           | folded | runs of `-`, `_`, `.` are one    | no run byte                            | no run byte |
 * | package, crates         | folded | `-` and `_` are one              | no run byte                            | no run byte |
 * | package, RubyGems, none | folded | as written                       | no run byte                            | no run byte |
 * | package, NuGet          | folded | as written                       | no run byte, no `label.`               | no run byte |
 * | package, Packagist, Docker | folded | as written                    | no run byte, no `label.`, no `@` of a scope | no run byte |
 * | package, Go             | host folded, path exact | as written      | no run byte, no `label.`, no `@` of a scope | no run byte |
 * | package, Maven          | exact  | group and artifact in all forms of coordinates.ts | as group            | no run byte |
 * | group                   | exact  | all `.` or all `/`               | no run byte, no `label.`               | no run byte (`.Client` is a use of it) |
 * | scope                   | folded | as written                       | no run byte                            | no run byte, no `.label` |
 * | host                    | folded | as written                       | no run byte (a label in front is a host below it) | no run byte, no `.label` |
 * | codename                | folded (Unicode) | white space is one space | no letter or digit (of a script with spaces) | the same |
 * | other, by name          | exact  | as written                       | as codename                            | as codename |
 *
 * To this, for all kinds: `@`, `/`, `:` inside a name may be escaped (`%2f`, `%252f`, `\/`, `\u0040`, `\x2f`, `&#64;`,
 * `&#x2F;`, `&commat;`), and the end of an escape in front (`\n`, `%22`, `\u0022`, `[32m`) is no run byte. For packages:
 * `-1.2` behind (an archive's version) and one to three `_` on both sides (markup) do not hide the name. Bytes beyond
 * ASCII separate, but for codenames. A dot behind a name never hides it, except where the table says `.label`.
 *
 * A prefix matches every name that begins with it, spelled out by spell-out.ts to its end; something must follow it. An
 * expression sees single lines (expressions.ts). What stays of matches that contain each other: resolve.ts. A name with
 * near words counts only where one of them, an anchor or another identifier stands in reach: near.ts.
 *
 * Not found, by decision: a name that is broken by a line end or a soft hyphen (who reads HTML hands in its text), `.`,
 * `-` and `_` as escapes, a name inside a JVM descriptor (`Lcom/acmecorp/…;`), a separator of more than 64 bytes.
 *
 * @throws Invalid when a regular expression does not compile.
 */
export function compile(terms: readonly Term[], options: CompileOptions = {}): Matcher {
  const ordered = terms.map((term, order) => ({ term, order })).filter(({ term }) => term.text !== '')
  const expressions = ordered.filter(({ term }) => term.form === 'regex')
  const literal = ordered.filter(({ term }) => term.form !== 'regex')
  const names = [
    ...groupNames(literal.filter(({ term }) => isCoordinate(term))),
    ...literal.filter(({ term }) => !isCoordinate(term)).map(({ term, order }) => nameOf(term, order)),
  ]
  const isPlain = (text: string): boolean => /[A-Za-z0-9]/.test(text) && !/[^\p{ASCII}]/u.test(text)
  const findNames = createNameFinder(names.filter((name) => isPlain(name.text)))
  const findOthers = createUnicodeFinder(names.filter((name) => !isPlain(name.text)))
  const findExpressions = createExpressionFinder(expressions)
  const reach = { anchors: options.anchors ?? [], window: options.nearWindow ?? Number.POSITIVE_INFINITY }

  function find(bytes: Uint8Array, { own = false }: { readonly own?: boolean } = {}): Match[] {
    const raws = [...findNames(bytes), ...findOthers(bytes), ...findExpressions(bytes)]
    if (raws.length === 0) return []
    return resolve(own ? raws : keepSupported(bytes, raws, reach)).map(toMatch)
  }

  return { size: terms.length, digest: digestOf(ordered, options), find }
}

/** Equal for inventories that match the same, in whatever order their lines stand. */
function digestOf(terms: readonly Ordered[], options: CompileOptions): string {
  const lines = terms.map(({ term }) => JSON.stringify([
    term.form,
    term.kind,
    term.ecosystem,
    term.form === 'name' ? normalise(term.text, term.kind, term.ecosystem) : term.text,
    [...term.near].sort(),
  ]))
  const rules = [rulesVersion, [...(options.anchors ?? [])].sort(), options.nearWindow ?? null]
  return createHash('sha256').update(JSON.stringify([rules, lines.sort()])).digest('hex')
}
