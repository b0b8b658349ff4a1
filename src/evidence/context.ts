import type { Role } from '../contracts/match.ts'
import type { Place } from './format.ts'
import type { SourceText } from './source-text.ts'

/** Folders of a path that tell where a file comes from, with what we say about it. The first that fits is told. */
const folders: readonly { readonly names: ReadonlySet<string>; readonly words: string }[] = [
  { names: new Set(['node_modules', 'bower_components', 'site-packages', 'vendor', 'third_party', 'third-party', 'vendored', 'external', '.venv', 'venv', 'gems']), words: 'looks like a copy of somebody else\'s code' },
  { names: new Set(['__fixtures__', 'fixtures', 'fixture', 'testdata', 'test-data', 'test_data', 'test-fixtures', '__snapshots__', 'snapshots', 'golden', 'cassettes', '__mocks__', 'mocks', 'testfixtures']), words: 'looks like a test fixture' },
  { names: new Set(['__tests__', 'test', 'tests', 'spec', 'specs', 'e2e', 'testing']), words: 'stands among tests' },
  { names: new Set(['examples', 'example', 'samples', 'sample', 'demo', 'demos', 'tutorial', 'tutorials', 'templates', 'boilerplate', 'starter', 'playground']), words: 'looks like an example or a tutorial' },
  { names: new Set(['dist', 'build', 'out', 'target', '.next', '.nuxt', 'coverage', '.yarn']), words: 'looks like a generated file' },
]

/** Words on the line of a mention that stand for something the reader is meant to replace. */
const placeholders: readonly { readonly pattern: RegExp; readonly words: string }[] = [
  { pattern: /\bexample\.(?:com|org|net|edu)\b|[\w-]\.(?:example|invalid)\b/i, words: 'a name reserved for examples' },
  { pattern: /\b(?:your|my)[-_ ]?(?:company|org(?:ani[sz]ation)?|corp|domain|registry|scope|team|username|project|package|token|host|server)\b/i, words: 'a word to be replaced by the reader' },
  { pattern: /<(?:your|my|insert|put|enter|replace)[\w -]{0,40}>|\b(?:changeme|replace[-_ ]?me|placeholder|lorem ipsum|xxx{2,})\b/i, words: 'a word to be replaced by the reader' },
  { pattern: /\b(?:foo|bar|baz|foobar)\.(?:com|org|net|internal|local)\b/i, words: 'an invented host' },
]

const localAddress = /(?:^|[^\w.-])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal|10\.\d{1,3}\.\d{1,3}\.\d{1,3}|192\.168\.\d{1,3}\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3})(?![\w.])/i
/** A registry of this machine: Verdaccio, devpi, Nexus and a Docker registry at their usual ports, or an address in a registry setting. */
const localRegistry = /(?:registry|index-url|index_url|source|repository|url)\W{1,10}(?:https?:)?\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)[:/]|\b(?:localhost|127\.0\.0\.1):(?:4873|3141|8081|5000|4874)\b/i

/** Characters around a mention, and of a file's beginning, in which other signs are looked for. */
const around = 300
const beginning = 64 * 1024
/** Roles that a registry of this machine explains. */
const resolving: ReadonlySet<Role> = new Set(['dependency', 'resolved-url', 'registry-config', 'ci'])

/**
 * Second signals: why a mention may be harmless, in words. An explanation for the person who decides; nothing is
 * dropped and no role changes because of it. Null: nothing speaks for it.
 */
export function explainContext(file: SourceText): (place: Place, role: Role) => string | null {
  const folder = explainPath(file)
  let demo: boolean | null = null
  return (place, role) => {
    const line = file.lineAt(place.start)
    const text = `${file.text.slice(Math.max(line.start, place.start - around), place.start)} ${file.text.slice(place.end, Math.min(line.end, place.end + around))}`
    const said = folder === null ? [] : [folder]
    const placeholder = placeholders.find(({ pattern }) => pattern.test(text))
    if (placeholder !== undefined) said.push(`looks like a placeholder: the line has ${placeholder.words}`)
    if (localAddress.test(text)) said.push('looks like a local setup: the line has an address that only one machine or network can reach')
    else if (resolving.has(role)) {
      demo ??= localRegistry.test(file.text.slice(0, beginning))
      if (demo) said.push('looks like a local demo: the file uses a registry of the same machine')
    }
    return said.length === 0 ? null : said.join('; ')
  }
}

function explainPath(file: SourceText): string | null {
  const steps = file.path.toLowerCase().split('/').slice(0, -1)
  for (const { names, words } of folders) {
    const step = steps.find((name) => names.has(name))
    if (step !== undefined) return `${words}: the path has the folder ${step}`
  }
  if (/^readme(?:\.|$)/.test(file.base)) return 'looks like documentation: the file is a README'
  if (/[._-](?:test|spec|fixture|mock|sample|example|template)s?\.[\w.]+$|\.(?:example|sample|template|dist|tmpl)$/.test(file.base)) return 'looks like a test or a template: the file\'s name says so'
  return null
}
