/**
 * npm run bench sweep -- --repositories DIR [--names 60] [--seed 1]
 *
 * Puts real git repositories behind the sandbox's GitHub, draws names from their own manifests, sweeps for them, and
 * compares what namesake recorded with what `git grep` finds: every (name, repository, path, line) at HEAD, in text
 * files under 384 KB, with the name not inside a longer word. Maven is left out: its names stand on two lines.
 * Prints the figures and every difference; exit code 1 when a covered name misses one.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openApp } from '../src/app/open.ts'
import { readInventory } from '../src/app/read-inventory.ts'
import { sweep } from '../src/app/sweep.ts'
import { loadConfig } from '../src/config.ts'
import type { Ecosystem } from '../src/contracts/inventory.ts'
import { listFindings } from '../src/findings/list-findings.ts'
import { createLog } from '../src/log.ts'
import { startSandbox } from '../src/sandbox/start.ts'

const { values: options } = parseArgs({
  options: {
    repositories: { type: 'string' },
    names: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
})
if (options.repositories === undefined) throw new Error('--repositories DIR: a folder of git repositories, owner/name or owner+name')
const folder = path.resolve(options.repositories)

interface Name {
  readonly name: string
  readonly ecosystem: Ecosystem
}
interface Place {
  readonly repository: string
  readonly path: string
  readonly line: number
}

const large = new Map<string, ReadonlySet<string>>()
const repositories = listRepositories(folder)
const names = drawNames(repositories, Number(options.names), Number(options.seed))
const work = mkdtempSync(path.join(tmpdir(), 'namesake-bench-'))
try {
  await run()
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function run(): Promise<void> {
  const loading = performance.now()
  const sandbox = await startSandbox({
    repositories: folder,
    tokens: [{ token: 'bench', login: 'bench', userId: 1 }],
    limits: { codeSearchPerMinute: 6_000, graphqlPerHour: 1_000_000 },
    tokenisation: 'tokens',
  })
  console.log(`${repositories.length} repositories behind the sandbox in ${seconds(loading)} s`)
  try {
    const file = path.join(work, 'namesake.yaml')
    writeFileSync(file, JSON.stringify({
      organization: { name: 'Bench' },
      inventory: names,
      sources: { github: { token: 'bench', apiUrl: sandbox.github.apiUrl, graphqlUrl: sandbox.github.graphqlUrl, searchesPerMinute: 6_000, fetchesPerHour: 1_000_000, places: ['code'] } },
      log: { level: 'error' },
    }))
    const config = await loadConfig({ path: file, env: {} })
    const app = await openApp(config, { log: createLog({ level: 'error' }) })
    try {
      const began = performance.now()
      const report = await sweep(app, await readInventory(config), { signal: AbortSignal.timeout(3_600_000), onProgress: () => undefined })
      const took = seconds(began)
      const incomplete = new Set(report.incomplete.map(({ query }) => query))
      const findings = await listFindings(app.database.db)
      compare(findings, incomplete, { took, requests: report.requests, documents: report.documents })
      const requests = sandbox.requests().length
      console.log(`requests the sandbox saw: ${requests}`)
      for (const gap of report.incomplete) console.log(`not covered: ${gap.query}: ${gap.reason.replaceAll('\n', '; ')}`)
    } finally {
      await app.close()
    }
  } finally {
    await sandbox.close()
  }
}

function compare(findings: Awaited<ReturnType<typeof listFindings>>, incomplete: ReadonlySet<string>, figures: { took: string; requests: number; documents: number }): void {
  let expected = 0
  let found = 0
  let extra = 0
  let expectedCovered = 0
  let foundCovered = 0
  const differences: string[] = []
  for (const { name, ecosystem } of names) {
    const truth = new Set(grep(name, ecosystem).map(keyOf))
    const recorded = new Set(
      findings
        .filter((finding) => finding.identifier === name && finding.ecosystem === ecosystem)
        .flatMap((finding) => finding.occurrences.flatMap((place) => place.mentions.map(({ line }) => keyOf({ repository: place.repository, path: place.path ?? '', line })))),
    )
    const covered = ![...incomplete].some((query) => query.includes(name))
    const hit = [...truth].filter((key) => recorded.has(key)).length
    expected += truth.size
    found += hit
    if (covered) [expectedCovered, foundCovered] = [expectedCovered + truth.size, foundCovered + hit]
    const missed = [...truth].filter((key) => covered && !recorded.has(key))
    const more = [...recorded].filter((key) => !truth.has(key))
    extra += more.length
    if (missed.length > 0) differences.push(`missed ${missed.length} of ${truth.size}  ${ecosystem} ${name}  for example ${missed.slice(0, 2).join('  ')}`)
    if (more.length > 0) differences.push(`${more.length} more than git grep  ${ecosystem} ${name}  for example ${more.slice(0, 2).join('  ')}`)
  }
  console.log(`names ${names.length}, documents read ${figures.documents}, requests ${figures.requests}, ${figures.took} s (at 9 searches a minute: at least ${Math.ceil(figures.requests / 9)} min)`)
  console.log(`lines git grep finds ${expected}, recorded ${found}; of names covered completely: ${expectedCovered}, recorded ${foundCovered}; recorded and not in git grep: ${extra}`)
  for (const difference of differences) console.log(difference)
  if (foundCovered < expectedCovered) process.exitCode = 1
}

function keyOf(place: Place): string {
  return `${place.repository} ${place.path}:${place.line}`
}

/** What git itself finds, as whole words by the character rules of the ecosystem. */
function grep(name: string, ecosystem: Ecosystem): Place[] {
  const found: Place[] = []
  for (const repository of repositories) {
    const hidden = largeFiles(repository)
    const output = git(repository.folder, ['grep', '-nIP', ecosystem === 'go' ? '--no-ignore-case' : '--ignore-case', '--no-color', '-z', '-e', patternOf(name, ecosystem), 'HEAD', '--'], [0, 1])
    for (const record of output.split('\n')) {
      // HEAD:path NUL line NUL text
      const [where, line] = record.split('\0')
      if (where === undefined || line === undefined) continue
      const file = where.slice('HEAD:'.length)
      if (!hidden.has(file)) found.push({ repository: repository.name, path: file, line: Number(line) })
    }
  }
  return found
}

/** The name as a whole word, and not as another package's name: `@types/x` is not x, Go paths have their case. */
function patternOf(name: string, ecosystem: Ecosystem): string {
  const literal = name.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
  const body = ecosystem === 'pypi' ? literal.replaceAll(/(\\\.|[-_])+/g, '[-_.]+') : literal
  const before = ecosystem === 'nuget' ? '(?<![A-Za-z0-9_.-])' : '(?<![A-Za-z0-9_-])'
  const word = `${before}${body}(?![A-Za-z0-9_-])`
  const anotherScope = String.raw`@[\w.-]+\/${body}(*SKIP)(*FAIL)`
  return ecosystem === 'npm' && !name.startsWith('@') ? `${anotherScope}|${word}` : word
}

function largeFiles(repository: { name: string; folder: string }): ReadonlySet<string> {
  const known = large.get(repository.name)
  if (known !== undefined) return known
  const files = git(repository.folder, ['ls-tree', '-r', '-l', '-z', 'HEAD'])
    .split('\0')
    .flatMap((row) => {
      const match = /^\d+ (?<type>\w+) \w+ +(?<size>[\d-]+)\t(?<file>[\s\S]+)$/.exec(row)
      return match?.groups !== undefined && Number(match.groups['size']) >= 384 * 1024 ? [match.groups['file'] ?? ''] : []
    })
  const set = new Set(files)
  large.set(repository.name, set)
  return set
}

function listRepositories(root: string): { name: string; folder: string }[] {
  return readdirSync(root).flatMap((entry) => {
    const inner = path.join(root, entry)
    if (!statSync(inner).isDirectory()) return []
    if (entry.includes('+')) {
      const folder = existsSync(path.join(inner, 'HEAD')) ? inner : path.join(inner, 'repo')
      return existsSync(folder) ? [{ name: entry.replace('+', '/'), folder }] : []
    }
    return readdirSync(inner).map((name) => ({ name: `${entry}/${name.replace(/\.git$/, '')}`, folder: path.join(inner, name) }))
  })
}

/** Names that the repositories' own manifests declare, an even share of each ecosystem, drawn with a fixed seed. */
function drawNames(from: readonly { folder: string }[], count: number, seed: number): Name[] {
  const readers: [Ecosystem, string, RegExp][] = [
    ['npm', '**/package.json', /"((?:@[a-z0-9-]+\/)?[a-z][a-z0-9.-]{5,40})":\s*"[\^~]?\d/g],
    ['pypi', '**/requirements*.txt', /^([A-Za-z][A-Za-z0-9._-]{5,40})==/gm],
    ['rubygems', '**/Gemfile', /^\s*gem ["']([a-z][a-z0-9_-]{5,40})["']/gm],
    ['crates', '**/Cargo.toml', /^([a-z][a-z0-9_-]{5,40}) = (?:"|\{)/gm],
    ['packagist', '**/composer.json', /"([a-z][a-z0-9-]{2,30}\/[a-z][a-z0-9-]{2,30})":/g],
    ['go', '**/go.mod', /^\t([a-z0-9.-]+\.[a-z]{2,}\/[\w./-]{4,60}) v\d/gm],
    ['nuget', '**/*.csproj', /<PackageReference Include="([A-Za-z][A-Za-z0-9.]{5,40})"/g],
  ]
  const random = createRandom(seed)
  const drawn: Name[] = []
  for (const [ecosystem, files, declared] of readers) {
    const all = new Set<string>()
    for (const { folder } of from) {
      for (const file of git(folder, ['ls-tree', '-r', '--name-only', '-z', 'HEAD']).split('\0')) {
        if (!path.matchesGlob(file, files)) continue
        for (const match of git(folder, ['cat-file', 'blob', `HEAD:${file}`]).matchAll(declared)) if (match[1] !== undefined) all.add(match[1])
      }
    }
    const sorted = [...all].sort()
    const share = Math.ceil(count / readers.length)
    for (let at = 0; at < share && sorted.length > 0; at += 1) {
      const [name] = sorted.splice(Math.floor(random() * sorted.length), 1)
      if (name !== undefined) drawn.push({ name, ecosystem })
    }
  }
  return drawn
}

function createRandom(seed: number): () => number {
  let state = seed
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function git(repository: string, args: readonly string[], statuses: readonly number[] = [0]): string {
  try {
    return execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] })
  } catch (error) {
    // git grep answers 1 when nothing matched.
    if (error instanceof Error && 'status' in error && statuses.includes(Number(error.status))) return ''
    throw error
  }
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1)
}
