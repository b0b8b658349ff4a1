import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '..')
const files = globSync(['src/**/*.{ts,tsx}', 'workers/*.ts'], { cwd: root }).sort()
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

/**
 * The law of the house: a file imports only from its own folder and from rows above its own row.
 * To change it, change this table and say why in the commit.
 */
const rows: readonly (readonly string[])[] = [
  ['errors', 'log', 'contracts', 'zoned-time'],
  ['net', 'fiscal-calendar', 'matching', 'evidence', 'planning', 'inventory', 'db'],
  // The client of a remote that several sources use (GitHub: code, issues, people).
  // What to paste for a leaked name: pure, names checked by the rules of the inventory.
  // Findings in the formats of other tools: pure, for commands, notifiers and reports alike, so below all of them.
  ['remotes', 'remedies', 'formats'],
  // Adapters get HTTP client, credentials and limits handed in.
  ['sources', 'registries', 'notifiers', 'importers', 'queue', 'config'],
  // Verbs: one file per verb, one shape. What a finding needs is above it; a run records findings.
  // Who did something is written down with everything that is done, and accounts are who does it.
  ['trail'],
  ['accounts'],
  ['identifiers', 'coverage'],
  ['notices'],
  ['findings', 'metrics', 'drills'],
  // What a registry told changes the severity of the finding.
  // What a person decided in Slack becomes a decision about the finding.
  ['claims', 'interactions'],
  // Numbers and traces of the service: they read what every verb wrote. (`metrics` is the exposure metric, for people.)
  ['runs', 'telemetry'],
  ['jobs', 'sandbox', 'scan', 'audit'],
  ['app'],
  ['api'],
  // The page: types of the contract, see its own law below.
  ['web'],
  // The list of long-running processes has a face in it (web), and commands start them (up, demo).
  ['processes'],
  ['cli'],
  ['workers'],
]
/** evidence judges what matching found; both are pure and evidence may look down on matching. */
const alsoAllowed: Readonly<Record<string, readonly string[]>> = {
  evidence: ['matching'],
  planning: ['inventory'],
  matching: ['inventory'],
  // Adapters declare their settings, config puts them into its table; the clock itself says whether an expression is one.
  config: ['sources', 'notifiers', 'registries', 'importers', 'inventory', 'queue'],
}
const pure = ['matching', 'evidence', 'planning', 'audit', 'remedies', 'formats', 'metrics/exposure.ts', 'metrics/duration.ts', 'metrics/coverage-in-quarter.ts', 'fiscal-calendar.ts']
const verbs = ['trail', 'accounts', 'identifiers', 'coverage', 'notices', 'findings', 'claims', 'interactions', 'metrics', 'drills', 'runs', 'telemetry']

function part(file: string): string {
  const segments = file.split('/')
  if (segments[0] === 'workers') return 'workers'
  return (segments[1] ?? '').replace(/\.tsx?$/, '')
}
const rowOf = (name: string) => rows.findIndex((row) => row.includes(name))

interface Import { readonly file: string; readonly target: string; readonly typeOnly: boolean }
const imports: Import[] = files.flatMap((file) =>
  [...read(file).matchAll(/(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"\n;]*?(?:\{[^}]*\}\s*)?(?:from\s*)?['"](?<target>[^'"]+)['"]|import\(['"](?<lazy>[^'"]+)['"]\)/g)].map(
    (match) => ({ file, target: match.groups?.['target'] ?? match.groups?.['lazy'] ?? '', typeOnly: match[1] !== undefined }),
  ),
)
const local = imports
  .filter(({ target }) => target.startsWith('.'))
  .map((entry) => ({ ...entry, resolved: path.posix.normalize(path.posix.join(path.posix.dirname(entry.file), entry.target)) }))

describe('the house', () => {
  test('every folder and file of src has a row in the layer table', () => {
    expect([...new Set(files.map(part))].filter((name) => rowOf(name) === -1)).toEqual([])
  })

  test('a file imports only from its own folder and from rows above its own', () => {
    const wrong = local.filter(({ file, resolved }) => {
      if (resolved.endsWith('.json')) return false
      const [from, to] = [part(file), part(resolved)]
      return from !== to && !(rowOf(to) < rowOf(from)) && !alsoAllowed[from]?.includes(to)
    })
    expect(wrong.map(({ file, resolved }) => `${file} imports ${resolved}: hand it in, or move the shared part up a row`)).toEqual([])
  })

  test('adapters never import each other, the database, verbs or config', () => {
    const adapter = /^src\/(sources|registries|notifiers)\/(?<name>[^/]+)\//
    const wrong = local.filter(({ file, resolved }) => {
      const own = adapter.exec(file)?.groups?.['name']
      if (own === undefined) return false
      const other = adapter.exec(resolved)?.groups?.['name']
      return (other !== undefined && other !== own) || ['db', 'config', ...verbs].includes(part(resolved))
    })
    expect(wrong.map(({ file, resolved }) => `${file} imports ${resolved}: an adapter gets what it needs handed in`)).toEqual([])
  })

  test.each([
    ['bullmq', ['src/queue/'], 'use the face of src/queue'],
    ['ioredis', ['src/queue/'], 'use the face of src/queue'],
    ['pg', ['src/queue/'], 'use src/db (postgres.js); pg exists only for BullMQ'],
    ['node-cron', ['src/queue/'], 'use schedules of src/queue'],
    ['drizzle-orm', ['src/db/drizzle.ts'], 'import it from src/db/drizzle.ts, which loads it eight times as fast'],
    ['postgres', ['src/db/'], 'use the client of src/db'],
    ['nodemailer', ['src/notifiers/email/'], 'only the e-mail channel speaks SMTP'],
    ['undici', ['src/net/'], 'use the HttpClient that is handed in'],
    ['hono', ['src/api/', 'src/sandbox/'], 'only faces and the sandbox serve HTTP'],
    ['openid-client', ['src/api/'], 'the login of src/api asks the identity provider'],
  ])('%s is imported only where it belongs', (library, places, instead) => {
    const wrong = imports.filter(({ file, target }) =>
      (target === library || target.startsWith(`${library}/`)) && !places.some((place) => file.startsWith(place)))
    expect(wrong.map(({ file }) => `${file} imports ${library}: ${instead}`)).toEqual([])
  })

  test('statements are written only in the database and in verbs', () => {
    const places = ['src/db/', ...verbs.map((verb) => `src/${verb}/`)]
    const wrong = local.filter(({ file, resolved }) => resolved === 'src/db/drizzle.ts' && !places.some((place) => file.startsWith(place)))
    expect(wrong.map(({ file }) => `${file} imports src/db/drizzle.ts: call a verb`)).toEqual([])
  })

  test('pure folders import no I/O', () => {
    const wrong = imports.filter(({ file, target }) =>
      pure.some((place) => file.startsWith(`src/${place}`)) && /^node:(fs|http|https|net|dns|child_process|worker_threads)/.test(target))
    expect(wrong.map(({ file, target }) => `${file} imports ${target}: let the caller read and hand in the bytes`)).toEqual([])
  })

  test.each([
    [/\bprocess\.env\b/, ['src/config.ts'], 'add a row to the table in config.ts'],
    [/(?<![.\w])fetch\((?!hits: )/, ['src/net/', 'src/web/api/'], 'use the HttpClient that is handed in; on the page: call()'],
    [/\bnew WebSocket\(/, ['src/net/'], 'use openSocket of src/net'],
    [/new RegExp\((?!['"`/])/, [], 'user expressions go through the linear-time engine (re2js); literals are written as literals'],
    [/\bconsole\./, ['src/cli/'], 'use the log, or return the text to the command'],
    [/\bDate\.now\(\)|new Date\(\)/, ['src/clock.ts', 'src/queue/', 'src/net/', 'src/cli/', 'src/sandbox/', 'src/app/', 'src/db/embedded.ts', 'src/web/parts/moment.tsx'], 'take the clock that is handed in'],
  ])('%s stands only where it belongs', (pattern, places, instead) => {
    const wrong = files.filter((file) => !places.some((place) => file.startsWith(place)) && pattern.test(read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')))
    expect(wrong.map((file) => `${file}: ${instead}`)).toEqual([])
  })

  test('the page takes types from the contract of the API, and nothing else of ours', () => {
    const wrong = local.filter(({ file, resolved, typeOnly }) => part(file) === 'web' && part(resolved) !== 'web' && !(resolved === 'src/api/contract.ts' && typeOnly))
    expect(wrong.map(({ file, resolved }) => `${file} imports ${resolved}: import type from src/api/contract.ts, and ask the API for values`)).toEqual([])
  })

  test('nothing but the build of the page imports its libraries', () => {
    const own = ['react', 'react-dom', 'react-router', '@tanstack/', '@base-ui/', 'vite', '@vitejs/']
    const wrong = imports.filter(({ file, target }) => part(file) !== 'web' && own.some((library) => target === library || target.startsWith(library.endsWith('/') ? library : `${library}/`)))
    expect(wrong.map(({ file, target }) => `${file} imports ${target}: development dependency, the server has none of it`)).toEqual([])
  })

  test('the page shows text as text: no HTML is made of it', () => {
    const wrong = files.filter((file) => part(file) === 'web' && /dangerouslySetInnerHTML|\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|srcDoc|createContextualFragment/.test(read(file)))
    expect(wrong.map((file) => `${file}: render text, by <Untrusted> when it is from outside`)).toEqual([])
  })

  test('no folder or file is named after nothing', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|lib)(\/|\.ts$)/.test(file))).toEqual([])
  })
})
