import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Ecosystem, IdentifierKind } from '../src/contracts/inventory.ts'
import type { Term } from '../src/contracts/match.ts'
import { compile } from '../src/matching/compile.ts'

/**
 * The matcher against ripgrep (`rg -F -f`, case-sensitive, one thread) on the same bytes in the same run.
 *
 * Text: the text files of a folder (this checkout's node_modules unless `--corpus` names another), one after the other,
 * repeated up to the wanted size. Names: built from the words of that text, in the mix of a real inventory, without any
 * that stands in the text. Both sides have the text in memory: the matcher as a buffer, ripgrep as a file that was just
 * read. Rounds are interleaved, so that a noisy minute hits both; figures are medians.
 */
export interface BenchOptions {
  readonly corpus: string | undefined
  readonly megabytes: number
  readonly rounds: number
}

const sizes = [10, 100, 1_000, 10_000, 50_000]
const targets = new Map([[10, 0.5], [100, 1], [1_000, 2.5], [10_000, 6], [50_000, 6]])

export async function benchMatching(options: BenchOptions): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'namesake-bench-'))
  try {
    const root = options.corpus ?? path.join(import.meta.dirname, '..', 'node_modules')
    const text = readCorpus(root, options.megabytes * 1e6)
    const rival = findRival()
    print(`text: ${megabytes(text.length)} MB of ${root}, names: of its words; one thread; medians of ${options.rounds} interleaved rounds; MB/s`)
    print(rival.note)
    const words = vocabulary(text)
    const plain = path.join(folder, 'text')
    writeFileSync(plain, text)
    const rows: string[][] = []
    for (const size of sizes) rows.push(compareAt(size, { text, plain, words, folder, rival, rounds: options.rounds }))
    printTable(['names', 'no hits', rival.name, 'ratio', 'target', '1% hits', rival.name, 'ratio', 'matches', 'compile ms', 'tables MB'], rows)
    printTable(['case', 'names', 'MB/s', 'of exact case'], [caseRow(text, words, options.rounds)])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Setting {
  readonly text: Buffer
  readonly plain: string
  readonly words: readonly string[]
  readonly folder: string
  readonly rival: Rival
  readonly rounds: number
}

function compareAt(size: number, { text, plain, words, folder, rival, rounds }: Setting): string[] {
  const terms = termsWithoutHits(text, words, size)
  const file = path.join(folder, 'names')
  writeFileSync(file, `${terms.map((term) => term.text).join('\n')}\n`)
  const hitText = withHits(text, terms)
  const hitFile = path.join(folder, 'hits')
  writeFileSync(hitFile, hitText)

  const before = memory()
  const compiling = median(Array.from({ length: 5 }, () => time(() => compile(terms))))
  const matcher = compile(terms)
  const tables = memory() - before
  const ours: number[] = []
  const theirs: number[] = []
  const oursHit: number[] = []
  const theirsHit: number[] = []
  let matches = 0
  matcher.find(hitText)
  for (let round = 0; round < rounds; round += 1) {
    ours.push(time(() => matcher.find(text)))
    theirs.push(time(() => rival.run(file, plain)))
    oursHit.push(time(() => (matches = matcher.find(hitText).length)))
    theirsHit.push(time(() => rival.run(file, hitFile)))
  }
  const [us, them] = [speed(text, median(ours)), speed(text, median(theirs))]
  const [usHit, themHit] = [speed(hitText, median(oursHit)), speed(hitText, median(theirsHit))]
  return [
    size.toLocaleString('en'), us.toFixed(0), them.toFixed(0), `${(us / them).toFixed(2)}x`, `${targets.get(size)}x`,
    usHit.toFixed(0), themHit.toFixed(0), `${(usHit / themHit).toFixed(2)}x`, matches.toLocaleString('en'), compiling.toFixed(0), megabytes(tables),
  ]
}

/** What folding costs: the same names as packages, whose case does not count, and of kind other, whose case does. */
function caseRow(text: Buffer, words: readonly string[], rounds: number): string[] {
  const names = termsWithoutHits(text, words, 10_000)
  const exact = compile(names.map((term) => ({ ...term, kind: 'other', ecosystem: null }) satisfies Term))
  const folded = compile(names.map((term) => ({ ...term, kind: 'package', ecosystem: null }) satisfies Term))
  const times: Record<'exact' | 'folded', number[]> = { exact: [], folded: [] }
  for (let round = 0; round < rounds; round += 1) {
    times.exact.push(time(() => exact.find(text)))
    times.folded.push(time(() => folded.find(text)))
  }
  const [withCase, withoutCase] = [speed(text, median(times.exact)), speed(text, median(times.folded))]
  return ['folded', '10,000', withoutCase.toFixed(0), `${(withoutCase / withCase).toFixed(2)}x`]
}

interface Rival {
  readonly name: string
  readonly note: string
  run(names: string, text: string): void
}

function findRival(): Rival {
  const version = spawnSync('rg', ['--version'], { encoding: 'utf8' })
  if (version.status === 0) {
    return {
      name: 'rg -F',
      note: `against ${version.stdout.split('\n')[0] ?? 'ripgrep'}: rg -F -f NAMES --text --count --threads 1, case-sensitive`,
      run: (names, text) => void search('rg', ['--no-config', '--text', '--count', '--threads', '1', '-F', '-f', names, text]),
    }
  }
  return {
    name: 'grep -F',
    note: 'rg is not on PATH (apt-get install ripgrep): against grep -F -f instead, the targets do not apply',
    run: (names, text) => void search('grep', ['--text', '--count', '-F', '-f', names, text]),
  }
}

/** Exit 1 is "nothing found"; anything else is a broken measurement. */
function search(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
  if (status !== 0 && status !== 1) throw new Error(`${command} failed: ${stderr}`)
}

const textEndings = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'json', 'md', 'txt', 'yml', 'yaml', 'html', 'css', 'java', 'kt', 'py', 'rb', 'go', 'rs', 'cs', 'xml', 'gradle', 'toml', 'lock', 'sh', 'sql', 'c', 'h', 'php', 'rst', 'properties']

function readCorpus(root: string, bytes: number): Buffer {
  const files = globSync(`**/*.{${textEndings.join(',')}}`, { cwd: root }).sort().map((file) => path.join(root, file)).filter((file) => statSync(file).isFile())
  const parts: Buffer[] = []
  let total = 0
  if (files.length === 0) throw new Error(`no text files in ${root}`)
  while (total < bytes) {
    const before = total
    for (const file of files) {
      const part = readFileSync(file)
      parts.push(part)
      total += part.length
      if (total >= bytes) break
    }
    if (total === before) throw new Error(`no text in ${root}`)
  }
  return Buffer.concat(parts).subarray(0, bytes)
}

/** The words of the text, the most frequent first. */
function vocabulary(text: Buffer): string[] {
  const counts = new Map<string, number>()
  for (const [word] of text.subarray(0, 30_000_000).toString('latin1').matchAll(/[A-Za-z][a-z]{2,11}/g)) {
    const key = word.toLowerCase()
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 4_000).map(([word]) => word)
}

/**
 * Names in the mix of an inventory: half packages (some in a scope, some with the company's stem), groups and coordinates,
 * hosts, codenames. Without those that the matcher, which is the more generous side, finds in the text.
 */
function termsWithoutHits(text: Buffer, words: readonly string[], size: number): Term[] {
  const next = sequence(size)
  const word = (): string => words[next(words.length)] ?? 'x'
  const title = (): string => word().replace(/^./, (letter) => letter.toUpperCase())
  const makers: readonly (() => readonly [IdentifierKind, Ecosystem | null, string])[] = [
    () => ['package', 'npm', `${word()}-${word()}-${word()}`],
    () => ['package', 'npm', `@acme-corp/${word()}-${word()}`],
    () => ['package', 'npm', `@${word()}${next(90)}/${word()}`],
    () => ['package', 'pypi', `${word()}-${word()}-${word()}`],
    () => ['package', 'pypi', `acme-corp-${word()}-${word()}`],
    () => ['package', 'nuget', `${title()}.${title()}.${title()}`],
    () => ['package', 'maven', `com.acmecorp.${word()}:${word()}-${word()}`],
    () => ['group', 'maven', `${word()}.${word()}.${word()}${word()}`],
    () => ['host', null, `${word()}-${word()}.${word()}.internal`],
    () => ['codename', null, `${title()}${title()}${title()}`],
  ]
  const seen = new Set<string>()
  const terms: Term[] = []
  while (terms.length < size) {
    const candidates: Term[] = []
    while (candidates.length < size - terms.length) {
      const [kind, ecosystem, name] = makers[(terms.length + candidates.length) % makers.length]!()
      if (seen.has(name.toLowerCase())) continue
      seen.add(name.toLowerCase())
      candidates.push(termOf(kind, ecosystem, name))
    }
    const standing = new Set(compile(candidates).find(text).map((match) => match.term))
    terms.push(...candidates.filter((term) => !standing.has(term)))
  }
  return terms
}

function termOf(kind: IdentifierKind, ecosystem: Ecosystem | null, text: string): Term {
  return { id: text, form: 'name', kind, ecosystem, text, near: [], team: null, disclose: 'name', publicOnPurpose: false, where: 'bench' }
}

/** The text with a name at the end of each hundredth line. */
function withHits(text: Buffer, terms: readonly Term[]): Buffer {
  const parts: Buffer[] = []
  let line = 0
  let from = 0
  for (let end = text.indexOf(10); end !== -1; end = text.indexOf(10, end + 1)) {
    line += 1
    if (line % 100 !== 0) continue
    parts.push(text.subarray(from, end), Buffer.from(` ${terms[(line / 100) % terms.length]?.text ?? ''}`))
    from = end
  }
  return Buffer.concat([...parts, text.subarray(from)])
}

/**
 * `--adversarial`: texts and inventories that break matchers which are not linear. The speed at twice the size must be
 * about the same. Memory: what the process grew by while it searched the whole size; garbage that was not collected yet included.
 */
export function benchAdversarial(): void {
  const name = termOf('package', 'npm', 'acme-corp-auth')
  const names = Array.from({ length: 10_000 }, (_, index) => termOf('package', index % 2 === 0 ? 'npm' : 'pypi', `acme-${index}-auth`))
  const stem = 'acme-corp-platform-services-internal-billing'
  const longPrefixes = Array.from({ length: 50_000 }, (_, index) => termOf('package', index % 2 === 0 ? 'npm' : 'pypi', `${stem}-${index}`))
  const expression = (text: string): Term => ({ ...termOf('other', null, text), form: 'regex' })
  const prefix: Term = { ...termOf('package', 'pypi', 'acme-'), form: 'prefix' }
  const near: Term = { ...termOf('codename', null, 'Atlas'), near: ['acme'] }
  const cases: readonly (readonly [title: string, terms: readonly Term[], pattern: string, megabytes: number])[] = [
    ['100 MB on one line, 10,000 names', names, 'lorem ipsum_dolor-sit.amet acme-12-aut ', 100],
    ['one word', names, 'a', 100],
    ['separators only', names, '-', 100],
    ['a million matches', [name], 'acme-corp-auth ', 15],
    ['50,000 names with one long beginning', longPrefixes, `${stem}-x-`, 20],
    ['50,000 names, all of them there', longPrefixes, longPrefixes.map((term) => term.text).join(' '), 20],
    ['(a+)+$', [expression('(a+)+$')], `${'a'.repeat(99)}b\n`, 4],
    ['(a+)+$ on one line', [expression('(a+)+$')], 'a', 4],
    ['(a|aa)*c on one line', [expression('(a|aa)*c')], 'a', 4],
    ['(x?){20}x{20} on lines of 40', [expression('(x?){20}x{20}')], `${'x'.repeat(39)}\n`, 1],
    ['a prefix without end', [prefix], 'acme-', 20],
    ['separators of PyPI without end', [termOf('package', 'pypi', 'a-b')], 'a-._-._-._-._', 20],
    ['escapes without end', [termOf('package', 'npm', '@acme/auth')], '@acme%2f\\n\\u0040;[1m', 20],
    ['backslashes without end', [termOf('package', 'npm', '@acme/auth')], '\\', 20],
    ['soft hyphens without end', [name], 'acme-\u00adcorp-', 20],
    ['<wbr> without end', [name], '<wbr>', 20],
    ['descriptors without end', [termOf('group', 'maven', 'com.acme')], '(ILcom/acme/', 20],
    ['scopes without end', [termOf('package', 'npm', 'auth')], '/auth', 20],
    ['codenames without support', [near], 'Atlas ', 20],
    ['groups without artifact', [termOf('package', 'maven', 'com.acme:auth')], '<groupId>com.acme</groupId>  ', 20],
  ]
  const rows = cases.map(([title, terms, pattern, size]) => {
    const matcher = compile(terms)
    const [half, whole] = [Buffer.alloc(size * 5e5, pattern), Buffer.alloc(size * 1e6, pattern)]
    let matches = 0
    const first = Math.min(...[1, 2, 3].map(() => time(() => matcher.find(half))))
    memory()
    const before = process.memoryUsage.rss()
    const second = Math.min(...[1, 2].map(() => time(() => (matches = matcher.find(whole).length))))
    const grown = Math.max(0, process.memoryUsage.rss() - before)
    return [title, megabytes(whole.length), matches.toLocaleString('en'), speed(half, first).toFixed(1), speed(whole, second).toFixed(1), megabytes(grown)]
  })
  printTable(['made to be slow', 'MB', 'matches', 'MB/s at half the size', 'MB/s', 'grown by MB'], rows)
}

/** Whole numbers below a limit, the same in each run. */
function sequence(seed: number): (limit: number) => number {
  let state = seed | 1
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 8) % limit
  }
}

/** Milliseconds of the wall clock. */
function time(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >>> 1] ?? 0
}

function speed(text: Buffer, ms: number): number {
  return text.length / 1e3 / ms
}

setFlagsFromString('--expose-gc')
// The flag shows in contexts that are made after it.
const collectGarbage: unknown = runInNewContext('gc')

function memory(): number {
  if (typeof collectGarbage === 'function') collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string => cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')
  print('')
  print(line(head))
  print(widths.map((width) => '-'.repeat(width)).join('  '))
  for (const row of rows) print(line(row))
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
