import { RE2JS } from 're2js'
import type { Disclosure, Ecosystem, Line } from '../contracts/inventory.ts'
import { normalisePrefix, type Normalise } from '../inventory/merge-duplicates.ts'
import { identityOf, type Gathered } from './gather.ts'

/** What an inventory says about names that it does not list. */
export interface Rules {
  /** A line outside the imported file names exactly this one. */
  readonly isListed: (name: Gathered) => boolean
  /**
   * The strictest disclosure of the lines that cover a name (a name that must not be sent must not become one by being
   * imported), the team of the longest; null: none covers it, or none says.
   */
  readonly settle: (name: Gathered) => { readonly team: string | null; readonly disclose: Disclosure | null; readonly publicOnPurpose: boolean }
  /** Whether a name of a list that also has other people's names is ours. */
  readonly isOurs: (candidate: { readonly name: string; readonly ecosystem: Ecosystem; readonly host: string | null }) => boolean
}

/**
 * @param elsewhere lines outside the imported file
 * @param all every line, those of the imported file too: a pattern covers wherever it stands
 */
export function readRules({ elsewhere, all, normalise }: { readonly elsewhere: readonly Line[]; readonly all: readonly Line[]; readonly normalise: Normalise }): Rules {
  const listed = exactNames(elsewhere, normalise)
  const everywhere = exactNames(all, normalise)
  const covers = all.flatMap((line) => {
    const test = coverage(line, normalise)
    return test === null ? [] : [{ line, test }]
  }).sort((one, other) => other.line.text.length - one.line.text.length)
  const hosts = all.flatMap(({ form, kind, text }) => (form === 'name' && kind === 'host' ? [text] : []))

  return {
    isListed: ({ key, ecosystem }) => listed.has(identityOf(key, ecosystem)),
    settle({ name, key, ecosystem }) {
      const over = covers.flatMap(({ line, test }) => (test(name, key, ecosystem) ? [line] : []))
      return {
        team: over.find(({ team }) => team !== null)?.team ?? null,
        disclose: over.reduce<Disclosure | null>((most, { disclose }) => (most === null ? disclose : stricter(most, disclose)), null),
        // An expression finds more than it means; it marks nothing as public.
        publicOnPurpose: over.some(({ publicOnPurpose, form }) => publicOnPurpose && form !== 'regex'),
      }
    },
    isOurs({ name, ecosystem, host }) {
      const key = normalise(name, 'package', ecosystem)
      if (host !== null && hosts.some((ours) => host === ours || host.endsWith(`.${ours}`))) return true
      return everywhere.has(identityOf(key, ecosystem)) || covers.some(({ test }) => test(name, key, ecosystem))
    },
  }
}

const strictness: Readonly<Record<Disclosure, number>> = { name: 0, stem: 1, never: 2 }

export function stricter(one: Disclosure, other: Disclosure): Disclosure {
  return strictness[one] >= strictness[other] ? one : other
}

function exactNames(lines: readonly Line[], normalise: Normalise): ReadonlySet<string> {
  return new Set(lines.flatMap(({ form, kind, ecosystem, text }) => (form === 'name' && kind === 'package' && ecosystem !== null ? [identityOf(normalise(text, 'package', ecosystem), ecosystem)] : [])))
}

type Covers = (name: string, key: string, ecosystem: Ecosystem) => boolean

/** Which names a line covers besides the one that it is; null: none. */
function coverage(line: Line, normalise: Normalise): Covers | null {
  const { form, kind, ecosystem, text } = line
  if (form === 'regex') {
    const expression = RE2JS.compile(text)
    return (name) => expression.matcher(name).find()
  }
  if (form === 'prefix') {
    // The canonical form of a prefix depends on the ecosystem of the name where the line has none.
    const start = normalisePrefix(line, normalise)
    return (_, key, of) => (ecosystem === null || ecosystem === of) && key.startsWith(start)
  }
  if (kind === 'scope') return (_, key, of) => of === 'npm' && key.startsWith(`${normalise(text, kind, ecosystem)}/`)
  if (kind === 'group') return (_, key, of) => of === 'maven' && (key.startsWith(`${text}:`) || key.startsWith(`${text}.`))
  if (kind !== 'package' || ecosystem !== null) return null
  const plain = text.toLowerCase()
  return (name) => name.toLowerCase() === plain
}
