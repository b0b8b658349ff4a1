import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { assert, property, string } from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { outlineIni } from '../../src/evidence/structure/ini.ts'
import { nodeAt, valueOf } from '../../src/evidence/structure/outline.ts'
import { outlineToml } from '../../src/evidence/structure/toml.ts'
import type { Ecosystem, IdentifierKind } from '../../src/contracts/inventory.ts'
import { remediesFor } from '../../src/remedies/all.ts'
import type { Company, Leak, LeakPlace, Remedy } from '../../src/remedies/contract.ts'
import { ownRegistry } from '../../src/remedies/own-registry.ts'
import { code, regexText, tomlString, xmlText } from '../../src/remedies/quote.ts'

const company: Company = { name: 'Acme Corp', domains: ['acmecorp.com'], registry: ownRegistry([], ['registry.acme-corp.com']) }
const place = (source: string, url = 'https://public.example/x', more: Partial<LeakPlace> = {}): LeakPlace => ({ source, url, repository: 'o/r', path: 'p', role: 'dependency', ...more })
const leak = (name: string, kind: IdentifierKind, ecosystem: Ecosystem | null, places: readonly LeakPlace[] = []): Leak => ({ name, kind, ecosystem, places })
const everywhere = [place('github-code'), place('stack-exchange'), place('greenhouse')]

const leaks: readonly Leak[] = [
  leak('@acme-corp/auth', 'package', 'npm', everywhere), leak('acme-auth', 'package', 'npm', everywhere), leak('@acme-corp', 'scope', 'npm', everywhere),
  leak('Acme_Auth.client', 'package', 'pypi', everywhere), leak('com.acmecorp.pay:core', 'package', 'maven', everywhere), leak('com.acmecorp', 'group', 'maven', everywhere),
  leak('Acme.Auth', 'package', 'nuget', everywhere), leak('acme-auth', 'package', 'rubygems', everywhere), leak('acme-auth', 'package', 'crates', everywhere),
  leak('acme/auth', 'package', 'packagist', everywhere), leak('acme-corp.com/auth', 'package', 'go', everywhere), leak('acme/base', 'package', 'docker', everywhere),
  leak('acme-auth', 'package', null, everywhere), leak('git.acme-corp.com', 'host', null, everywhere), leak('Hermes Builder', 'codename', null, everywhere), leak('ACME-ABC-1', 'other', null, everywhere),
]

/** Reads a block with the parser of its format; throws where it is none. */
function parse({ language, text, title }: Remedy): unknown {
  switch (language) {
    case 'json':
      return JSON.parse(text)
    case 'yaml': {
      const document = parseDocument(text)
      if (document.errors.length > 0) throw new Error(`${title} is no YAML`)
      return document.toJS()
    }
    case 'xml':
      if (XMLValidator.validate(text) !== true) throw new Error(`${title} is no XML`)
      return new XMLParser({ ignoreAttributes: false }).parse(text)
    case 'toml':
      return outlineToml(text)
    case 'ini':
      return outlineIni(text)
    case 'markdown':
    case 'text':
      return text
  }
}

const blocks = (one: Leak, more: Partial<Company> = {}) => remediesFor(one, { ...company, ...more })
const named = (one: Leak, title: string, more: Partial<Company> = {}): Remedy => {
  const found = blocks(one, more).find((remedy) => remedy.title.includes(title))
  if (found === undefined) throw new Error(`no remedy is called ${title}`)
  return found
}

describe.each(leaks)('$kind $ecosystem $name', (one) => {
  test('every block is read by the parser of its format, and says what it is for', () => {
    const all = blocks(one)
    expect(all.length).toBeGreaterThan(0)
    for (const remedy of all) {
      expect(() => parse(remedy)).not.toThrow()
      expect(remedy.note.length).toBeGreaterThan(40)
      expect(remedy.text.endsWith('\n')).toBe(true)
      // Only what is handed out for a file has a file.
      expect(remedy.file === null).toBe(remedy.language === 'markdown')
    }
  })
})

describe('what the blocks hold', () => {
  const ini = (remedy: Remedy, path: readonly string[]) => {
    const outline = outlineIni(remedy.text)
    return valueOf(outline, nodeAt(outline.root, path))
  }
  const toml = (remedy: Remedy) => remedy.text

  test('npm: the scope is bound to the registry, for npm and for Yarn', () => {
    const one = leak('@acme-corp/auth', 'package', 'npm')
    expect(ini(named(one, 'npm, pnpm'), ['@acme-corp:registry'])).toBe('https://registry.acme-corp.com/')
    expect(parse(named(one, 'Yarn'))).toEqual({ npmScopes: { 'acme-corp': { npmRegistryServer: 'https://registry.acme-corp.com/' } } })
  })

  test('npm without a scope: one registry, and never a scope line that is none', () => {
    expect(blocks(leak('acme-auth', 'package', 'npm')).map(({ text }) => text).join()).not.toContain(':registry=')
    expect(named(leak('acme-auth', 'package', 'npm'), 'One registry').text).toBe('registry=https://registry.acme-corp.com/\n')
  })

  test('Python: an index, no extra index, and the package pinned to it', () => {
    const one = leak('acme-auth', 'package', 'pypi')
    expect(named(one, 'pip').text).not.toContain('extra-index-url')
    expect(ini(named(one, 'pip'), ['global', 'index-url'])).toBe('https://registry.acme-corp.com/')
    expect(toml(named(one, 'Poetry'))).toContain('priority = "explicit"')
    const uv = outlineToml(named(one, 'uv').text)
    expect(valueOf(uv, nodeAt(uv.root, ['tool', 'uv', 'sources', 'acme-auth', 'index']))).toBe('internal')
  })

  test('Maven: everything through one mirror', () => {
    expect(parse(named(leak('com.acmecorp:core', 'package', 'maven'), 'One repository'))).toMatchObject({ settings: { mirrors: { mirror: { mirrorOf: '*', url: 'https://registry.acme-corp.com/' } } } })
  })

  test('NuGet: the id maps to our source alone', () => {
    const { configuration } = parse(named(leak('Acme.Auth', 'package', 'nuget'), 'Map')) as { configuration: { packageSourceMapping: { packageSource: unknown } } }
    expect(configuration.packageSourceMapping.packageSource).toEqual([{ '@_key': 'internal', package: { '@_pattern': 'Acme.Auth' } }, { '@_key': 'nuget.org', package: { '@_pattern': '*' } }])
  })

  const requests = [
    [leak('@acme-corp', 'scope', 'npm'), ['/@acme-corp/auth', '/@acme-corp%2fauth', '/@acme-corp%2Fauth/-/auth-1.tgz'], ['/@acme-corporate/auth', '/acme-corp', '/x/@acme-corp/auth']],
    [leak('acme.auth', 'package', 'npm'), ['/acme.auth', '/acme.auth/-/acme.auth-1.0.0.tgz'], ['/acmexauth', '/acme.auth-extra', '/acme.authx/1']],
    [leak('Acme_Auth', 'package', 'pypi'), ['/simple/acme-auth/', '/simple/Acme_Auth/', '/packages/ab/cd/acme_auth-1.0-py3-none-any.whl'], ['/simple/acme-authenticator/', '/simple/acme/']],
    [leak('com.acmecorp', 'group', 'maven'), ['/com/acmecorp/core/1/core-1.pom', '/com/acmecorp/a/maven-metadata.xml'], ['/com/acmecorpx/core/1/core-1.pom', '/com/acme/x']],
  ] as const
  test.each(requests)('Nexus blocks the requests of $name and no others', (one, blocked, passed) => {
    const rule = parse(named(one, 'Nexus')) as { mode: string; matchers: string[] }
    const matches = (request: string): boolean => rule.matchers.some((matcher) => RE2JS.compile(matcher).matches(request))
    expect([rule.mode, blocked.filter((request) => !matches(request)), passed.filter(matches)]).toEqual(['BLOCK', [], []])
  })

  test('Artifactory excludes the paths of the name, in each spelling that files have', () => {
    expect(parse(named(leak('acme-auth', 'package', 'pypi'), 'Artifactory'))).toEqual({ excludesPattern: 'simple/acme-auth/**,acme-auth/**,**/acme-auth-*,**/acme_auth-*,**/acme.auth-*' })
    expect(parse(named(leak('com.acmecorp', 'group', 'maven'), 'Artifactory'))).toEqual({ excludesPattern: 'com/acmecorp/**' })
  })

  test('the product that names are imported from decides the addresses, and which of the two rules is shown', () => {
    const registry = ownRegistry([{ type: 'artifactory', url: 'https://a.example/artifactory/' }], [])
    const all = blocks(leak('@acme/auth', 'package', 'npm'), { registry })
    expect(all[0]?.text).toBe('@acme:registry=https://a.example/artifactory/api/npm/npm/\n')
    expect(all.map(({ title }) => title).filter((title) => title.includes('Nexus'))).toEqual([])
  })

  test('without any host the address is an example, and the note says so', () => {
    expect(blocks(leak('@acme/auth', 'package', 'npm'), { registry: ownRegistry([], []) })[0]).toMatchObject({ text: expect.stringContaining('your-company.example'), note: expect.stringContaining('Replace the address') })
  })

  test('a namespace is reserved where there is one; a Maven group names the domain that proves it', () => {
    expect(named(leak('uk.co.acme.pay', 'group', 'maven'), 'Reserve').text).toContain('`acme.co.uk`')
    expect(named(leak('com.acmecorp.x', 'group', 'maven'), 'Reserve').text).toContain('stands in your configuration as yours')
    expect(blocks(leak('acme-auth', 'package', 'npm')).map(({ title }) => title)).toContain('Publish a placeholder, if the name must stay as it is')
    expect(blocks(leak('@acme/auth', 'package', 'npm')).map(({ title }) => title).join()).not.toContain('placeholder')
  })

  test('requests go where the name stands, and nowhere else', () => {
    const titles = (source: string) => blocks(leak('Hermes', 'codename', null, [place(source)])).map(({ title }) => title)
    expect(titles('github-code')).toEqual(['Ask the owner of the repository', 'GitHub: private information removal'])
    expect(titles('stack-exchange')).toEqual(['Stack Overflow: edit, then redact'])
    expect(titles('greenhouse')).toEqual(['To HR: please change the job ad'])
    expect(blocks(leak('Hermes', 'codename', null))).toEqual([])
  })

  test('many places are twenty links and a number, each link once', () => {
    const places = Array.from({ length: 60 }, (_, at) => place('github-code', `https://github.example/o/r/${at % 30}`))
    const { text } = named(leak('acme-auth', 'package', 'npm', places), 'Ask the owner')
    expect(text.match(/<https:/g)).toHaveLength(20)
    expect(text).toContain('and 10 more, on request')
  })
})

describe('a hostile name', () => {
  const hostile = ['@a/x\nregistry=https://evil.example', 'x"]\nurl = "https://evil.example', 'a</url><url>https://evil.example', 'x`** [click](https://evil.example) `', '../../etc', '$(id)', "a'; rm -rf", '@x:registry=y', '\u202eevil', '']

  test.each(hostile)('%j gets no configuration, whatever it is said to be', (name) => {
    for (const ecosystem of ['npm', 'pypi', 'maven', 'nuget', 'rubygems', 'crates', 'packagist', 'docker'] as const) {
      for (const kind of ['package', 'scope', 'group'] as const) {
        expect(blocks(leak(name, kind, ecosystem, everywhere)).filter(({ file }) => file !== null)).toEqual([])
      }
    }
  })

  test.each(hostile)('%j stays one line of inline code in a text', (name) => {
    const texts = blocks(leak(name, 'codename', null, everywhere)).map(({ text }) => text)
    for (const text of texts) expect(text).not.toContain('\nregistry=')
    expect(code(name)).not.toMatch(/[\n\u202e]/)
  })

  test('a hostile link does not leave its brackets', () => {
    const { text } = named(leak('acme-auth', 'package', 'npm', [place('github-code', 'https://x.example/a> [b](https://evil.example)\n# Title')]), 'Ask the owner')
    expect(text).toContain('<https://x.example/a%3E%20[b](https://evil.example)%20#%20Title>')
  })

  test('any text survives its quoting in TOML and XML, and stays literal in an expression and inside its ticks', () => {
    assert(property(string({ unit: 'binary', maxLength: 60 }), (text) => {
      expect(/^"(?:[^"\\\n\r]|\\.)*"$/u.test(tomlString(text))).toBe(true)
      expect(XMLValidator.validate(`<a b="${xmlText(text)}">${xmlText(text)}</a>`)).toBe(true)
      const inner = code(text)
      const fence = /^`+/.exec(inner)?.[0] ?? ''
      expect(inner.slice(fence.length, -fence.length)).not.toMatch(new RegExp(`(?<!\`)${fence}(?!\`)`))
      const plain = text.replace(/[^\x20-\x7e]/g, '')
      expect(RE2JS.compile(regexText(plain)).matches(plain)).toBe(true)
    }))
  })
})
