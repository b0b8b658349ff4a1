import type { Term } from '../../src/contracts/match.ts'
import { codename, group, host, maven, npm, pypi, scope, term } from './terms.ts'
import { at, colon, dot, gaps, hyphen, hyphens, slash, spaces, underscore } from './oracle.ts'
import type { Random } from './random.ts'

const stems = ['acme', 'acme-corp', 'acmecorp', 'ac', 'a', 'x1', 'umbrella', 'my', 'internal', 'data']
const words = ['auth', 'client', 'ui', 'kit', 'core', 'b', 'billing', 'api2', 'sdk', 'go', 'Zed', 'nested', 'n', 'mm']
const classes = ['Client', 'x', 'internal', 'v2']

/** An inventory of names that are made to be confused: common stems, one inside the other, short ones, all kinds. */
export function randomInventory(random: Random, size: number): Term[] {
  const terms = new Map<string, Term>()
  while (terms.size < size) {
    const one = randomTerm(random)
    const key = `${one.kind} ${one.ecosystem} ${one.text.toLowerCase().replaceAll(/[-_.]+/g, '-')}`
    if (!terms.has(key)) terms.set(key, { ...one, id: key })
  }
  return [...terms.values()]
}

function randomTerm(random: Random): Term {
  const stem = random.pick(stems)
  const word = random.pick(words)
  const other = random.pick(words)
  const tail = random.pick(['', '', `-${other}`, `_${other}`, `-${other}-${random.pick(words)}`])
  const flat = random.pick([`${stem}-${word}${tail}`, `${stem}_${word}`, `${stem}${word}`, word + tail, `${word}.${other}`])
  switch (random.below(14)) {
    case 0:
    case 1:
      return npm(flat.toLowerCase())
    case 2:
      return npm(`@${stem}/${word}${tail}`.toLowerCase())
    case 3:
      return scope(`@${stem}`)
    case 4:
    case 5:
      return pypi(random.pick([flat, `${stem}.${word}`, `${stem}-${word}`]))
    case 6:
      return term(flat.replaceAll('.', '-'), { ecosystem: 'crates' })
    case 7:
      return maven(`com.${stem}${random.pick(['', `.${word}`])}:${other}${tail}`)
    case 8:
      return group(random.pick([`com.${stem}`, `com.${stem}.${word}`, `${stem}.${word}`, `de.${stem}.${word}.${other}`]))
    case 9:
      return host(random.pick([`${word}.${stem}.com`, `${stem}.com`, `${word}.${stem}.internal`]))
    case 10:
      return codename(random.pick([`Hermes${word}`, 'Zeus', `${word} ${other}`, `${stem}-${word}`, 'Hermes']))
    case 11:
      return term(random.pick([`Acme.${word}`, `Acme.${word}.${other}`, `${stem}.${word}`]), { ecosystem: 'nuget' })
    case 12:
      return random.chance(0.4)
        ? term(`${stem}/${word}`, { ecosystem: random.pick(['packagist', 'docker']) })
        : term(`reg.${stem}.com/${word}/${other}`, { ecosystem: random.pick(['docker', 'go']) })
    default:
      return term(flat, { ecosystem: random.pick([null, 'rubygems']) })
  }
}

const glue = [
  '', '', '', '', ' ', '"', "'", '(', '=', ',', '\n', '\r\n', '\r', '\0', '-', '_', '__', '___', '____', '.', '/', '@', ':', '\\', '%', '&', ';', '[',
  'x', 'Z', '7', 'é', '界', '\u00a0', '\u200b', '–', '\ufeff', '\\n', '\\t', '\\\\', '%20', '%2f', '%2F', '%40', '%22', '\\u0022', '\\x22', '\\u002F',
  '\x1b[32m', '[1;31m', '\x1b[K', '[m', '\x1b[m', '&quot;', '&#64;', '&#x2F;', '@other/', '/@other/', 'git@', 'x.', 'x-', '.x', '-1.2', '-v3.0.tgz', '-1', '.js', '://',
  '%2d', '%5F', '\\_', '\\.', '\\u002d', '&#45;', '%2E', '\u00ad', '&shy;', '<wbr>', '&#8203;', '<w', '&s', '“', 'L',
]
const raw = ['\xff', '\xc3', '\xe2\x80', '\x80']

/** A text in Latin-1 (one character a byte), made of the inventory's names and of what disturbs them. */
export function randomText(random: Random, terms: readonly Term[]): string {
  let text = random.chance(0.2) ? 'filler '.repeat(random.below(12)).slice(0, random.below(70)) : ''
  const pieces = 1 + random.below(5)
  for (let piece = 0; piece < pieces; piece += 1) {
    text += randomGlue(random) + disturbed(random, terms) + randomGlue(random)
  }
  return text
}

function randomGlue(random: Random): string {
  return random.chance(0.03) ? random.pick(raw) : Buffer.from(random.pick(glue)).toString('latin1')
}

function disturbed(random: Random, terms: readonly Term[]): string {
  let name = Buffer.from(random.pick(terms).text).toString('latin1')
  const times = random.below(3)
  for (let time = 0; time < times; time += 1) name = disturbOnce(random, name, terms)
  // Last and untouched: the naive matchers know these joints as they are written here only.
  return random.chance(0.3) ? name.replaceAll(/\\*:/g, () => random.pick(gaps)) : name
}

function disturbOnce(random: Random, name: string, terms: readonly Term[]): string {
  const cut = random.below(name.length + 1)
  switch (random.below(17)) {
    case 0:
      return name.slice(0, cut)
    case 1:
      return name.slice(cut)
    case 2:
      return name.slice(0, cut) + name.slice(cut + 1)
    case 3:
      return name + random.pick(['', '-', '.', '/', '@', ':', '_']) + name
    case 4:
      return upper(name)
    case 5:
      return [...name].map((character) => (random.chance(0.3) ? upper(character) : character)).join('')
    case 6:
      return name.replaceAll(/(?<![-_.])[-_.](?![-_.])/g, () => random.pick(['-', '_', '.', '--', '_.', '-_-', '/']))
    case 7:
      return name.replaceAll('/', () => maybeUpper(random, random.pick([...slash, '+'])))
    case 8:
      return name.replaceAll('@', () => maybeUpper(random, random.pick(at)))
    case 9:
      return name.replaceAll(':', () => maybeUpper(random, random.pick([...colon, ...slash])))
    case 10:
      return name.replaceAll('.', '/')
    case 11:
    case 12:
      return name.replaceAll(/[-._]/g, (separator) => maybeUpper(random, random.pick(separator === '-' ? hyphen : separator === '.' ? dot : underscore)))
    case 13:
      return name.slice(0, cut) + random.pick([...spaces, ...hyphens]) + name.slice(cut)
    case 14:
      return random.pick(['L', '[L', '(L', '(IJL', 'xL', '(Z[L', 'l']) + name.replaceAll('.', random.pick(['/', '/', '.'])) + random.pick([';', '/Client;', '/a/B$C;', '.Client;', '/Box<', '/Client', ' ;'])
    case 15:
      return name.slice(0, cut) + randomGlue(random) + name.slice(cut)
    default:
      return random.pick([`${name}/sub/path`, `${name}.${random.pick(classes)}`, `${name}@1.2.0`, `_${name}_`, `__${name}__`, `${name}-${random.pick(terms).text}`])
  }
}

/** ASCII only: a capital of Latin-1 may lie outside it, and each character here is a byte. */
function upper(text: string): string {
  return text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())
}

function maybeUpper(random: Random, text: string): string {
  return random.chance(0.2) && /^[%&]/.test(text) ? text.toUpperCase() : text
}
