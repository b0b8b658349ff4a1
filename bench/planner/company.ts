import type { Ecosystem, IdentifierKind } from '../../src/contracts/inventory.ts'
import type { Term } from '../../src/contracts/match.ts'
import { createRandom, type Random } from '../../src/sandbox/random.ts'

export interface PublicFile {
  readonly path: string
  readonly text: string
}

export interface Company {
  readonly names: readonly Term[]
  /** What stands on GitHub: leaks, files about other things, and files that hold a piece of the names only. */
  readonly files: readonly PublicFile[]
  /** (name, file): every leak that was planted, by index. */
  readonly planted: readonly (readonly [name: number, file: number])[]
}

const ordinary = 'auth billing cache client core data deploy event gateway http inventory job kit ledger metrics order payment queue report search service session store sync token user worker'.split(' ')

/** A company with `count` names, the same for the same seed; a third of them is public in one to four places. */
export function createCompany(count: number, consistent: boolean, seed: number): Company {
  const random = createRandom(seed)
  const names = consistent ? consistentNames(count, random) : inconsistentNames(count, random)
  const files: PublicFile[] = []
  const planted: [number, number][] = []
  const plant = (inside: readonly number[]): void => {
    for (const name of inside) planted.push([name, files.length])
    files.push(fileWith(inside.map((name) => names[name]?.text ?? ''), random))
  }
  for (const name of names.keys()) {
    if (random() >= 1 / 3) continue
    for (let place = 0; place <= Math.floor(random() * 3); place += 1) {
      // Some files hold several names, as manifests do.
      plant(random() < 0.3 ? [...new Set([name, Math.floor(random() * names.length)])] : [name])
    }
  }
  // A hot name: a template that everybody copied.
  for (let copy = 0; copy < count / 4; copy += 1) plant([0])
  for (let other = 0; other < 5_000; other += 1) files.push(noise(random))
  return { names, files, planted }
}

function consistentNames(count: number, random: Random): Term[] {
  return distinct(count, (at) => {
    const [a, b] = [pick(ordinary, random), `${pick(ordinary, random)}${at}`]
    const kind = random()
    if (kind < 0.4) return name(`@zentara-corp/${a}-${b}`, 'package', 'npm')
    if (kind < 0.65) return name(`zentara-corp-${a}-${b}`, 'package', 'pypi')
    if (kind < 0.75) return name(`zentara-corp-${a}-${b}`, 'package', 'npm')
    if (kind < 0.9) return name(`com.zentaracorp.${a}:${b}`, 'package', 'maven')
    if (kind < 0.98) return name(`ZentaraCorp.${capital(a)}.${capital(b)}`, 'package', 'nuget')
    return name(`${a}-${b}.zentara-corp.example`, 'host', null)
  })
}

/** Every team names as it likes: invented words and ordinary ones, in every style. */
function inconsistentNames(count: number, random: Random): Term[] {
  return distinct(count, (at) => {
    const [a, b, c] = [invent(random), pick(ordinary, random), invent(random)]
    const kind = random()
    if (kind < 0.3) return name(`${a}-${b}${at % 7 === 0 ? '' : `-${c}`}`, 'package', 'npm')
    if (kind < 0.5) return name(`${b}-${a}-${c}`, 'package', 'pypi')
    if (kind < 0.65) return name(`@${a}/${c}-${b}`, 'package', 'npm')
    if (kind < 0.8) return name(`io.${a}.${b}:${c}`, 'package', 'maven')
    return name(`${capital(a)}.${capital(b)}.${capital(c)}`, 'package', 'nuget')
  })
}

function distinct(count: number, make: (at: number) => Omit<Term, 'id' | 'where'>): Term[] {
  const made = new Map<string, Term>()
  for (let at = 0; made.size < count; at += 1) {
    const term = make(at)
    if (!made.has(term.text)) made.set(term.text, { ...term, id: String(made.size), where: '' })
  }
  return [...made.values()]
}

function name(text: string, kind: IdentifierKind, ecosystem: Ecosystem | null): Omit<Term, 'id' | 'where'> {
  return { text, kind, ecosystem, form: 'name', team: null, disclose: 'name', publicOnPurpose: false, near: [] }
}

function fileWith(names: readonly string[], random: Random): PublicFile {
  const [path = '', write = String] = pick(formats, random)
  return { path, text: `${filler(random)}\n${names.map((one) => write(one)).join('\n')}\n${filler(random)}` }
}

const formats: readonly (readonly [string, (name: string) => string])[] = [
  ['package.json', (name) => `    "${name}": "^1.4.0",`],
  ['requirements.txt', (name) => `${name}==2.1`],
  ['build.gradle', (name) => `    implementation '${name}'`],
  ['notes.md', (name) => `We use ${name} for that.`],
  ['src/app.ts', (name) => `// see ${name}`],
]

/** Files about something else; some hold the company's word, or an invented word, by itself. */
function noise(random: Random): PublicFile {
  const piece = random()
  const word = piece < 0.3 ? 'zentara' : piece < 0.35 ? 'zentara corp' : invent(random)
  return { path: `docs/${pick(ordinary, random)}.md`, text: `${filler(random)} ${word} ${filler(random)}` }
}

function filler(random: Random): string {
  return Array.from({ length: 4 + Math.floor(random() * random() * 60) }, () => pick(ordinary, random)).join(' ')
}

const syllables = 'ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo zu'.split(' ')
function invent(random: Random): string {
  return Array.from({ length: 3 }, () => pick(syllables, random)).join('')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}
