import { createHash } from 'node:crypto'
import type { Match, Matcher, Term } from '../contracts/match.ts'
import { acrossBreaks } from './breaks.ts'
import { createExpressionFinder } from './expressions.ts'
import { createNameFinder } from './find-names.ts'
import { groupNames, isCoordinate, nameOf, type Ordered } from './names.ts'
import { keepSupported } from './near.ts'
import { normalise } from './normalise.ts'
import { resolve, toMatch, type Raw } from './resolve.ts'
import { createUnicodeFinder } from './unicode-names.ts'

/** Part of every digest: raise it when a rule below changes, so that what is stored is matched again. */
export const rulesVersion = 2

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
 * To this, for all kinds:
 *
 * | in the text                | rule |
 * | -------------------------- | ---- |
 * | escaped separators         | `@ / : - . _` inside a name may be `%2f`, `%252f`, `\u0040`, `\x2f`, `&#64;`, `&#x2F;`, `&commat;` …, and all but `@` stand behind one to eight backslashes (`\/`, `acme\_corp`); an escaped `-` or `_` around a name is a run byte, an escaped dot a dot. One escape for a run of PyPI's separators |
 * | other escapes              | their end in front of a name (`\n`, `%22`, `\u0022`, `[32m`) is no run byte |
 * | breaks                     | soft hyphen, `<wbr>`, zero-width space, also as entities: anywhere in a name, as if they were not there. At a zero-width space a name may also end |
 * | JVM descriptors            | a group, or a coordinate as a path, behind `L` and the signs of primitive types, with a class and `;` or `<` behind: `(ILcom/acmecorp/auth/Client;)V`; `[Lcom.acmecorp.auth.Client;` |
 * | an archive's version       | for packages, `-1.2` behind does not hide the name |
 * | underscores as markup      | for packages, one to three on both sides do not hide the name |
 * | bytes beyond ASCII         | separate, but for codenames |
 * | a dot behind a name        | never hides it, except where the table says `.label` |
 *
 * A prefix matches every name that begins with it, spelled out by spell-out.ts to its end; something must follow it. An
 * expression sees single lines (expressions.ts). What stays of matches that contain each other: resolve.ts. A name with
 * near words counts only where one of them, an anchor or another identifier stands in reach: near.ts.
 *
 * Not found, by decision:
 *
 * | what                                        | why |
 * | ------------------------------------------- | --- |
 * | a name that a line end breaks               | nothing tells it from two words; two lines of a list would make names |
 * | letters and digits as escapes (`%61cme`)    | nobody writes them so by accident, and the filter looks for plain words |
 * | several escaped separators of PyPI in a row | no tool writes them; the filter would have to look past each |
 * | mangled names (`Java_com_acmecorp_auth_…`)  | `_` is a letter of C: every C identifier would be read as a path |
 * | a group of one label in a descriptor        | `Lacme/X;` is a folder as well |
 * | white space of a codename as an escape      | `Project%20Zeus` is a link to a page that writes it plainly, mostly |
 * | a separator of more than 64 bytes           | the work for each place must have an end |
 * | what lies beyond 2 GB of one document       | the readers hand in less; offsets are 32 bits wide |
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
    const breaks: number[] = []
    const found = [...findNames(bytes, breaks), ...findOthers(bytes)]
    const whole = acrossBreaks(bytes, breaks, found, (joined) => [...findNames(joined, []), ...findOthers(joined)])
    const raws = [...whole, ...findExpressions(bytes)]
    if (raws.length === 0) return []
    return resolve(own ? raws.map(ownWord) : keepSupported(bytes, raws, reach)).map(toMatch)
  }

  return { size: terms.length, digest: digestOf(ordered, options), find }
}

/** What the company published itself is about the company. */
function ownWord(raw: Raw): Raw {
  return raw.term.near.length === 0 ? raw : { ...raw, support: 'published by the company itself' }
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
