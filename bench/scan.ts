/**
 * npm run bench scan -- --repository DIR [--names 1000] [--runs 3]
 *
 * The full history of a repository, every blob once: `namesake scan --history` on one thread and on all of them,
 * beside `git grep` over the same blobs, ripgrep over the same blobs on its standard input, `gitleaks` where it is on
 * the PATH, and the floor, `git cat-file` into nothing. Everybody looks for the same names, of which none occurs: what
 * is measured is looking, not printing. Runs are interleaved; medians.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Term } from '../src/contracts/match.ts'
import { scan } from '../src/scan/scan.ts'

const { values: options } = parseArgs({
  options: {
    repository: { type: 'string' },
    names: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '3' },
  },
})
if (options.repository === undefined) throw new Error('--repository DIR: a git repository, bare or not')
const repository = path.resolve(options.repository)
const names = inventNames(Number(options.names))
const work = mkdtempSync(path.join(tmpdir(), 'namesake-bench-'))
try {
  await run(Number(options.runs))
} finally {
  rmSync(work, { recursive: true, force: true })
}

interface Contender {
  readonly name: string
  readonly run: () => Promise<void>
}

async function run(times: number): Promise<void> {
  const namesFile = path.join(work, 'names')
  const oidsFile = path.join(work, 'oids')
  writeFileSync(namesFile, `${names.join('\n')}\n`)
  const listed = spawnSync('sh', ['-c', 'git -C "$0" rev-list --all --objects --filter=object:type=blob --filter-provided-objects --missing=print | grep -v "^?" | cut -d " " -f 1 > "$1"', repository, oidsFile], { maxBuffer: 1 << 30 })
  if (listed.status !== 0) throw new Error('git could not list the blobs')
  const threads = availableParallelism()
  const figures = await scanWith(0)
  const list = 'git -C "$0" rev-list --all --objects --filter=object:type=blob --filter-provided-objects --missing=print | grep -v "^?" | cut -d " " -f 1'
  const contenders: Contender[] = [
    { name: 'floor: git rev-list, git cat-file', run: () => shell(`${list} | git -C "$0" cat-file --batch --buffer | cat > /dev/null`, [repository]) },
    { name: 'namesake scan --history, this thread only', run: async () => void (await scanWith(0)) },
    { name: `namesake scan --history, ${threads} threads`, run: async () => void (await scanWith(threads)) },
    // git greps trees and files, not lists of blobs: as many blobs as fit on a command line, at a time.
    { name: 'git rev-list, git grep -F -f', run: () => shell(`${list} | xargs -n 2000 git -C "$0" grep -F -f "$1" 2> /dev/null; true`, [repository, namesFile]) },
    { name: 'git rev-list, git cat-file, rg -a -F -f', run: () => shell(`${list} | git -C "$0" cat-file --batch --buffer | rg -a -F -f "$1" > /dev/null; true`, [repository, namesFile]) },
  ]
  if (spawnSync('gitleaks', ['version']).status === 0) {
    const rules = path.join(work, 'gitleaks.toml')
    writeFileSync(rules, names.map((name, at) => `[[rules]]\nid = "n${at}"\nregex = '''${name}'''\nkeywords = ["${name}"]\n`).join('\n'))
    contenders.push({ name: 'gitleaks git', run: () => shell('gitleaks git --no-banner -c "$1" "$0" > /dev/null 2>&1; true', [repository, rules]) })
  }
  const seconds = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  for (let time = 0; time < times; time += 1) {
    for (const contender of contenders) {
      const began = performance.now()
      await contender.run()
      seconds.get(contender.name)?.push((performance.now() - began) / 1000)
    }
  }
  const own = median(seconds.get(`namesake scan --history, ${threads} threads`) ?? [])
  console.log(`${figures.documents.toLocaleString('en')} blobs, ${(figures.bytes / 1e6).toFixed(0)} MB, ${names.length} names, medians of ${times} runs, ${threads} cores, ${figures.gaps} gaps`)
  console.log('| | seconds | MB/s | blobs/s | namesake is faster by |\n|---|---|---|---|---|')
  for (const [name, all] of seconds) {
    const took = median(all)
    console.log(`| ${name} | ${took.toFixed(1)} | ${(figures.bytes / 1e6 / took).toFixed(0)} | ${(figures.documents / took).toFixed(0)} | ${(took / own).toFixed(2)} x |`)
  }
}

async function scanWith(threads: number): Promise<{ documents: number; bytes: number; gaps: number }> {
  const terms = names.map((text, at): Term => ({ id: String(at), form: 'name', kind: 'package', ecosystem: 'npm', text, team: null, disclose: 'name', publicOnPurpose: false, near: [], where: 'bench' }))
  const report = await scan({
    what: 'history',
    paths: [repository],
    noIgnore: false,
    except: new Set(),
    stdin: { stream: process.stdin, path: '' },
    recipe: { terms, options: {} },
    maxBytes: 50_000_000,
    isIgnored: () => false,
    threads,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })
  if (report.mentions.length > 0) throw new Error('an invented name occurs: what is measured is not comparable')
  return { documents: report.documents, bytes: report.bytes, gaps: report.gaps.length }
}

function shell(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', command, ...args], { stdio: 'ignore' })
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`a contender ended with code ${code}`))))
  })
}

/** Names in the shape of real ones: a stem that many share, and words. */
function inventNames(count: number): string[] {
  const words = ['auth', 'billing', 'client', 'core', 'gateway', 'internal', 'ledger', 'metrics', 'payments', 'search', 'session', 'worker']
  return Array.from({ length: count }, (_, at) => `zyqorp-${words[at % words.length]}-${words[Math.floor(at / words.length) % words.length]}-${at}`)
}

function median(all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
