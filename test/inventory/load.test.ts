import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import type { Line } from '../../src/contracts/inventory.ts'
import { Invalid } from '../../src/errors.ts'
import { loadInventory, type Inventory, type InventoryConfig } from '../../src/inventory/load.ts'
import type { RawLine } from '../../src/inventory/raw-line.ts'
import { compile } from '../../src/matching/compile.ts'
import { normalise } from '../../src/matching/normalise.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-inventory-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function load(config: Partial<InventoryConfig>): Promise<Inventory> {
  const rest = { where: 'namesake.yaml', folder, organization: { name: 'Acme Corp', domains: ['acme-corp.com'] }, inventory: [], inventoryFiles: [], publicOnPurpose: [] }
  return loadInventory({ config: { ...rest, ...config }, compile, normalise })
}

const lines = async (...inventory: RawLine[]) => (await load({ inventory })).lines.map(short)
/** Form, kind, ecosystem and text: what a line covers. */
const short = ({ form, kind, ecosystem, text }: Line) => `${form} ${kind} ${ecosystem ?? '-'} ${text}`

async function faultsOf(config: Partial<InventoryConfig>): Promise<string[]> {
  const error = await load(config).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Invalid)) throw new Error('expected Invalid', { cause: error })
  return error.message.split('\n')
}
const faults = (...inventory: RawLine[]) => faultsOf({ inventory })

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(path.join(folder, name), content)
  return name
}
const fromFile = async (name: string, content: string | Uint8Array) => (await load({ inventoryFiles: [await file(name, content)] })).lines.map(short)
const faultsInFile = async (name: string, content: string | Uint8Array) => faultsOf({ inventoryFiles: [await file(name, content)] })

describe('a line', () => {
  test('the example of the contract becomes lines', async () => {
    const config = await loadConfig({ path: path.join(import.meta.dirname, '../../namesake.example.yaml'), env: { GITHUB_TOKEN: 'x' } })
    const inventory = await loadInventory({ config, compile, normalise })
    expect(inventory.warnings).toEqual([])
    expect(inventory.lines.map(short)).toEqual([
      'name package npm acme-corp-auth-client',
      'prefix package npm @acme-corp/',
      'prefix group maven com.acmecorp.',
      'prefix package pypi acme-corp-',
      'name host - artifactory.acme-corp.com',
      'name codename - HermesBuilder',
      'regex other - ACME-[A-Z]{3}-[0-9]{4}',
      'name scope npm @acme-corp',
      'name group maven com.acmecorp',
      'name package npm @acme-corp/design-tokens',
    ])
    expect(inventory.lines[0]).toMatchObject({ team: 'identity', disclose: 'name', publicOnPurpose: false, near: [], where: expect.stringMatching(/namesake\.example\.yaml: inventory\.0$/) })
    expect(inventory.lines[5]).toMatchObject({ near: ['acme'], disclose: 'never' })
    expect(inventory.lines[9]).toMatchObject({ publicOnPurpose: true })
  })

  test.each<[RawLine, string]>([
    [{ name: '@acme-corp/x', ecosystem: 'npm' }, 'name package npm @acme-corp/x'],
    [{ name: '@acme-corp', ecosystem: 'npm' }, 'name scope npm @acme-corp'],
    [{ name: 'com.acmecorp:auth', ecosystem: 'maven' }, 'name package maven com.acmecorp:auth'],
    [{ name: 'com.acmecorp.auth', ecosystem: 'maven' }, 'name group maven com.acmecorp.auth'],
    [{ name: 'Acme.Auth', ecosystem: 'nuget' }, 'name package nuget Acme.Auth'],
    [{ name: 'acme/auth', ecosystem: 'packagist' }, 'name package packagist acme/auth'],
    [{ name: 'git.acme-corp.com/auth', ecosystem: 'go' }, 'name package go git.acme-corp.com/auth'],
    [{ name: 'registry.acme-corp.com/base', ecosystem: 'docker' }, 'name package docker registry.acme-corp.com/base'],
    [{ name: '@acme-corp/x' }, 'name package npm @acme-corp/x'],
    [{ name: 'com.acmecorp:auth' }, 'name package maven com.acmecorp:auth'],
    [{ name: 'acme-corp-auth' }, 'name package - acme-corp-auth'],
    [{ host: 'Artifactory.ACME-corp.com' }, 'name host - artifactory.acme-corp.com'],
    [{ codename: 'Project Hermes' }, 'name codename - Project Hermes'],
    [{ codename: 'Übermorgen' }, 'name codename - Übermorgen'],
    [{ regex: 'ACME-[0-9]+' }, 'regex other - ACME-[0-9]+'],
    [{ pattern: 'acme-corp-*', ecosystem: 'pypi' }, 'prefix package pypi acme-corp-'],
    [{ pattern: 'acme-corp-*' }, 'prefix package - acme-corp-'],
    [{ pattern: '@acme-corp/auth-*', ecosystem: 'npm' }, 'prefix package npm @acme-corp/auth-'],
    [{ pattern: '@acme-*', ecosystem: 'npm' }, 'prefix package npm @acme-'],
    [{ pattern: 'Acme.*', ecosystem: 'nuget' }, 'prefix package nuget Acme.'],
    [{ pattern: 'com.acmecorp:auth-*', ecosystem: 'maven' }, 'prefix package maven com.acmecorp:auth-'],
  ])('%j covers "%s" and nothing else', async (raw, expected) => {
    expect(await lines(raw)).toEqual([expected])
  })

  test.each<[RawLine, string, string]>([
    [{ pattern: '@acme-corp/*', ecosystem: 'npm' }, 'prefix package npm @acme-corp/', 'name scope npm @acme-corp'],
    [{ pattern: '@hp/*', ecosystem: 'npm' }, 'prefix package npm @hp/', 'name scope npm @hp'],
    [{ pattern: 'com.acmecorp.*', ecosystem: 'maven' }, 'prefix group maven com.acmecorp.', 'name group maven com.acmecorp'],
    [{ pattern: 'com.acmecorp.*' }, 'prefix group maven com.acmecorp.', 'name group maven com.acmecorp'],
    [{ pattern: 'com.acmecorp:*', ecosystem: 'maven' }, 'prefix package maven com.acmecorp:', 'name group maven com.acmecorp'],
  ])('%j covers "%s" and implies "%s"', async (raw, pattern, implied) => {
    expect(await lines(raw)).toEqual([pattern, implied])
  })

  test('what a pattern implies has its team and disclosure, and yields to a line of its own', async () => {
    const pattern: RawLine = { pattern: '@acme-corp/*', ecosystem: 'npm', team: 'web', disclose: 'stem', publicOnPurpose: true }
    expect((await load({ inventory: [pattern] })).lines[1]).toMatchObject({ kind: 'scope', team: 'web', disclose: 'stem', publicOnPurpose: true })
    const both = await load({ inventory: [pattern, { name: '@Acme-Corp', ecosystem: 'npm', team: 'security' }] })
    expect(both.lines.filter(({ kind }) => kind === 'scope')).toMatchObject([{ team: 'security', text: '@Acme-Corp' }])
    expect(both.warnings).toEqual([])
  })

  test.each<[RawLine, string]>([
    [{}, 'namesake.yaml: inventory.0: expected exactly one of name, pattern, host, codename, regex'],
    [{ team: 'web' }, 'expected exactly one of'],
    [{ name: 'acme-x', host: 'x.acme.com' }, 'expected exactly one of name, pattern, host, codename, regex; these are 2'],
    [{ name: 'acme corp', ecosystem: 'npm' }, 'namesake.yaml: inventory.0.name: expected an npm name: name or @scope/name, of letters, digits, - _ and . (got "acme corp")'],
    [{ name: '@acme-corp/*', ecosystem: 'npm' }, 'inventory.0.name: a name has no star; write pattern instead of name (got "@acme-corp/*")'],
    [{ name: 'acme/auth' }, 'say which with ecosystem'],
    [{ name: 'Project Hermes' }, 'give its ecosystem, or write host or codename'],
    [{ pattern: 'acme-corp-auth', ecosystem: 'npm' }, 'inventory.0.pattern: a pattern ends with a star; for a single name write name instead of pattern (got "acme-corp-auth")'],
    [{ pattern: '*-acme', ecosystem: 'npm' }, 'a star may stand only at the end; for anything else write a regex (got "*-acme")'],
    [{ pattern: 'acme-*-auth', ecosystem: 'npm' }, 'a star may stand only at the end'],
    [{ pattern: 'com.acmecorp.**', ecosystem: 'maven' }, 'a star may stand only at the end'],
    [{ pattern: '*', ecosystem: 'npm' }, 'this would match nearly everything; at least 4 letters or digits before the star (got "*")'],
    [{ pattern: 'ab-*', ecosystem: 'npm' }, 'this would match nearly everything'],
    [{ pattern: 'abc-*', ecosystem: 'pypi' }, 'this would match nearly everything'],
    [{ pattern: 'com.*', ecosystem: 'maven' }, 'this would match nearly everything'],
    [{ pattern: '@x/*', ecosystem: 'npm' }, 'this would match nearly everything'],
    [{ pattern: 'acme corp-*', ecosystem: 'npm' }, 'with a star at the end'],
    [{ host: 'https://artifactory.acme-corp.com/' }, 'inventory.0.host: expected a host name with a dot, without https://, port and path (got "https://artifactory.acme-corp.com/")'],
    [{ host: 'artifactory' }, 'expected a host name with a dot'],
    [{ host: '*.acme-corp.com' }, 'a host has no star; list the hosts, or write a regex'],
    [{ host: 'x.acme.com', ecosystem: 'npm' }, 'inventory.0.ecosystem: a host has no ecosystem; remove it (got "npm")'],
    [{ codename: 'Hermes*' }, 'a codename has no star; write a regex'],
    [{ codename: '-' }, 'expected a word or a few, of 2 to 100 characters'],
    [{ codename: 'Her\u200bmes' }, 'inventory.0.codename: this holds an invisible character; type it anew'],
    [{ name: 'acme\u0000x', ecosystem: 'npm' }, 'this holds an invisible character'],
    [{ regex: 'ACME-(' }, 'inventory.0.regex: expected an expression that RE2 understands: '],
    [{ regex: 'ACME(?=x)' }, 'expected an expression that RE2 understands: '],
    [{ regex: '(a)\\1' }, 'expected an expression that RE2 understands: '],
    [{ regex: '(ACME)?' }, 'this matches the empty text; write + or {1,} instead of * or ? (got "(ACME)?")'],
    [{ regex: '\\b' }, 'this matches the empty text'],
    [{ regex: '.+' }, 'this matches nearly every text; write out more of the name (got ".+")'],
    [{ regex: '\\w' }, 'this matches nearly every text'],
  ])('%j is refused', async (raw, expected) => {
    expect((await faults(raw)).join('\n')).toContain(expected)
  })

  test('every fault comes at once', async () => {
    const found = await faultsOf({ inventory: [{ host: 'x' }, { name: 'acme-fine', ecosystem: 'npm' }, { pattern: '*' }], inventoryFiles: ['none.csv', 'list.json'] })
    expect(found).toHaveLength(4)
    expect(found.map((line) => line.split(': ')[1])).toEqual(['inventoryFiles.0', 'inventoryFiles.1', 'inventory.0.host', 'inventory.2.pattern'])
  })

  test('of very many faults the first 200 are shown and the rest is counted', async () => {
    const found = await faultsOf({ inventory: Array.from({ length: 1_000 }, () => ({ host: 'x' })) })
    expect(found).toHaveLength(201)
    expect(found.at(-1)).toContain('800 more faults')
  })

  test('an inventory without a single name is a fault: finding nothing would mean nothing', async () => {
    expect(await faults()).toEqual(['namesake.yaml: inventory: the inventory is empty: put names under inventory, or files under inventoryFiles'])
    expect((await faultsInFile('empty.txt', '# nothing\n\n'))[0]).toContain('the inventory is empty')
  })
})

describe('examples', () => {
  test('run through the real matcher', async () => {
    expect(await lines({ regex: 'ACME-[0-9]{4}', examples: ['see ACME-1234', 'ACME-0000'], counterExamples: ['ACME-1', 'acme-1234'] })).toHaveLength(1)
    expect(await lines({ pattern: '@acme-corp/*', ecosystem: 'npm', examples: ['@acme-corp/x'], counterExamples: ['@acme-corporation/x'] })).toHaveLength(2)
    expect(await lines({ codename: 'HermesBuilder', near: ['forge'], examples: ['HermesBuilder in the forge', 'HermesBuilder of Acme Corp'], counterExamples: ['HermesBuilder'] })).toHaveLength(1)
  })

  test('that miss, and counter-examples that match, are faults with their place', async () => {
    expect(await faults({ regex: 'ACME-[0-9]{4}', examples: ['ACME-1234', 'ACME-12'], counterExamples: ['ACME-1', 'ACME-12345'] })).toEqual([
      'namesake.yaml: inventory.0.examples.1: this example does not match (got "ACME-12")',
      'namesake.yaml: inventory.0.counterExamples.1: this counter-example matches (got "ACME-12345")',
    ])
    expect(await faults({ name: 'acme-corp-auth', ecosystem: 'npm', examples: ['acme-corp-author'] })).toEqual([
      'namesake.yaml: inventory.0.examples.0: this example does not match (got "acme-corp-author")',
    ])
  })
})

describe('duplicates', () => {
  test.each<[string, RawLine, RawLine]>([
    ['the same name in another spelling', { name: 'Acme_Corp', ecosystem: 'pypi' }, { name: 'acme-corp', ecosystem: 'pypi' }],
    ['another team', { name: 'acme-corp', ecosystem: 'npm', team: 'a' }, { name: 'acme-corp', ecosystem: 'npm', team: 'b' }],
    ['another disclosure', { host: 'x.acme.com' }, { host: 'X.acme.com', disclose: 'never' }],
    ['other words nearby', { codename: 'Hermes', near: ['acme'] }, { codename: 'HERMES', near: ['corp'] }],
    ['a pattern in other capitals', { pattern: 'Acme-*', ecosystem: 'nuget' }, { pattern: 'acme-*', ecosystem: 'nuget' }],
    ['a pattern with another separator', { pattern: 'acme_corp-*', ecosystem: 'pypi' }, { pattern: 'acme-corp-*', ecosystem: 'pypi' }],
  ])('%s: a fault that names both places', async (_case, one, other) => {
    expect((await faults(one, other)).join()).toMatch(/^namesake\.yaml: inventory\.1: the same name stands at namesake\.yaml: inventory\.0, with other settings/)
  })

  test('equal in everything: one line and a warning', async () => {
    const inventory = await load({ inventory: [{ name: 'acme-corp', ecosystem: 'npm' }], inventoryFiles: [await file('again.csv', 'name,ecosystem\nacme-corp,npm\n')] })
    expect(inventory.lines).toHaveLength(1)
    expect(inventory.warnings).toEqual(['again.csv:2: "acme-corp" stands already at namesake.yaml: inventory.0'])
  })

  test('the same name of two ecosystems, kinds or capitals of Maven is two names', async () => {
    expect(await lines({ name: 'acme-corp', ecosystem: 'npm' }, { name: 'acme-corp', ecosystem: 'pypi' }, { codename: 'acme-corp' })).toHaveLength(3)
    expect(await lines({ name: 'com.acme:Auth', ecosystem: 'maven' }, { name: 'com.acme:auth', ecosystem: 'maven' })).toHaveLength(2)
    expect(await lines({ name: 'acme-corp', ecosystem: 'npm' }, { pattern: 'acme-corp*', ecosystem: 'npm' })).toHaveLength(2)
  })
})

describe('public on purpose', () => {
  const marked = async (publicOnPurpose: string[], ...inventory: RawLine[]) => {
    const loaded = await load({ inventory, publicOnPurpose })
    return { marked: loaded.lines.filter((line) => line.publicOnPurpose).map(short), warnings: loaded.warnings, lines: loaded.lines.map(short) }
  }

  test('marks the line of that name, in any spelling of its ecosystem', async () => {
    expect((await marked(['acme.corp'], { name: 'Acme_Corp', ecosystem: 'pypi' }, { name: 'acme-other', ecosystem: 'pypi' })).marked).toEqual(['name package pypi Acme_Corp'])
  })

  test('gives a name that a pattern covers a line of its own, with team and disclosure of the pattern', async () => {
    const loaded = await load({ inventory: [{ pattern: '@acme-corp/*', ecosystem: 'npm', team: 'web', disclose: 'stem' }], publicOnPurpose: ['@acme-corp/tokens'] })
    expect(loaded.lines.at(-1)).toEqual({ form: 'name', kind: 'package', ecosystem: 'npm', text: '@acme-corp/tokens', team: 'web', disclose: 'stem', publicOnPurpose: true, near: [], where: 'namesake.yaml: publicOnPurpose.0' })
  })

  test('holds for every line and pattern that covers it', async () => {
    const result = await marked(['acme-corp-x'], { name: 'acme-corp-x', ecosystem: 'npm' }, { pattern: 'acme-corp-*', ecosystem: 'pypi' }, { regex: 'acme-corp-[a-z]' })
    expect(result.marked).toEqual(['name package npm acme-corp-x', 'name package pypi acme-corp-x', 'name other - acme-corp-x'])
  })

  test('a coordinate under a pattern of groups is a package', async () => {
    expect((await marked(['com.acmecorp.open:sdk', 'com.acmecorp.open'], { pattern: 'com.acmecorp.*', ecosystem: 'maven' })).marked).toEqual([
      'name package maven com.acmecorp.open:sdk',
      'name group maven com.acmecorp.open',
    ])
  })

  test('a package does not make the scope of the same name public', async () => {
    const result = await marked(['acme-corp'], { name: '@acme-corp', ecosystem: 'npm' })
    expect(result.marked).toEqual([])
    expect(result.warnings).toHaveLength(1)
  })

  test('what nothing covers is a warning, and changes nothing', async () => {
    const result = await marked(['@acme-crop/tokens', '@acme-corp/'], { pattern: '@acme-corp/*', ecosystem: 'npm' })
    expect(result.marked).toEqual([])
    expect(result.warnings).toEqual([
      'namesake.yaml: publicOnPurpose.0: "@acme-crop/tokens" is covered by no line of the inventory',
      'namesake.yaml: publicOnPurpose.1: "@acme-corp/" is covered by no line of the inventory',
    ])
    expect(result.lines).toHaveLength(2)
  })

  test('a star is refused', async () => {
    expect(await faultsOf({ inventory: [{ pattern: '@acme-corp/*' }], publicOnPurpose: ['@acme-corp/open-*'] })).toEqual([expect.stringContaining('publicOnPurpose.0: a name has no star')])
  })
})

describe('names that would drown the reader', () => {
  test.each<RawLine>([{ codename: 'Hermes' }, { codename: 'ATLAS' }, { codename: 'Qy7' }, { name: 'utils', ecosystem: 'npm' }, { name: 'qy7', ecosystem: 'pypi' }])('%j is a warning', async (raw) => {
    const { lines: kept, warnings } = await load({ inventory: [raw] })
    expect(kept).toHaveLength(1)
    expect(warnings).toEqual([expect.stringMatching(/^namesake\.yaml: inventory\.0: ".*will drown the reader/)])
  })

  test.each<RawLine>([{ codename: 'Hermes', near: ['acme'] }, { codename: 'HermesBuilder' }, { name: 'acme-utils', ecosystem: 'npm' }, { name: 'utils', ecosystem: 'npm', publicOnPurpose: true }, { host: 'a.b' }, { pattern: '@hp/*' }])('%j is none', async (raw) => {
    expect((await load({ inventory: [raw] })).warnings).toEqual([])
  })
})

describe('a .csv', () => {
  test('has a header, and any columns in any order', async () => {
    const name = await file('full.csv', [
      'team,name,ecosystem,kind,disclose,near,publicOnPurpose,examples,counterExamples',
      'identity,acme-auth,npm,,stem,,yes,acme-auth|x acme-auth y,acme-author',
      ',@acme-corp/*,NPM,,,,,,',
      ',com.acmecorp.auth,maven,,,,no,,',
      ',HermesBuilder,,codename,never,acme | corp,,,',
      ',artifactory.acme-corp.com,,,,,,,',
      ',@acme-web,,scope,,,,,',
      ',org.acme,,group,,,,,',
      ',ACME-[0-9]+,,regex,,,,,',
      ',acme-corp-*,pypi,pattern,,,,,',
      ',acme-plain,,package,,,,,',
    ].join('\n'))
    const inventory = await load({ inventoryFiles: [name] })
    expect(inventory.lines.map((line) => `${line.where} ${short(line)}`)).toEqual([
      'full.csv:2 name package npm acme-auth',
      'full.csv:3 prefix package npm @acme-corp/',
      'full.csv:4 name group maven com.acmecorp.auth',
      'full.csv:5 name codename - HermesBuilder',
      'full.csv:6 name host - artifactory.acme-corp.com',
      'full.csv:7 name scope npm @acme-web',
      'full.csv:8 name group maven org.acme',
      'full.csv:9 regex other - ACME-[0-9]+',
      'full.csv:10 prefix package pypi acme-corp-',
      'full.csv:11 name package - acme-plain',
      'full.csv:3 name scope npm @acme-corp',
    ])
    expect(inventory.lines[0]).toMatchObject({ team: 'identity', disclose: 'stem', publicOnPurpose: true })
    expect(inventory.lines[3]).toMatchObject({ disclose: 'never', near: ['acme', 'corp'] })
  })

  test('may have a byte order mark, CRLF, quotes, empty lines, semicolons, tabs and other spellings of its header', async () => {
    expect(await fromFile('excel.csv', '\ufeffName;Ecosystem;Public_On Purpose\r\n\r\n"acme-a";npm;\r\n"acme-b" ;npm;x\r\n')).toEqual(['name package npm acme-a', 'name package npm acme-b'])
    expect(await fromFile('tabs.csv', 'name\tecosystem\nacme-a\tnpm\n')).toEqual(['name package npm acme-a'])
    expect(await fromFile('quoted.csv', 'name,team,kind\n"Project ""Hermes""","A, B",codename')).toEqual(['name codename - Project "Hermes"'])
    expect(await fromFile('old-mac.csv', 'name,ecosystem\racme-a,npm\racme-b,npm')).toEqual(['name package npm acme-a', 'name package npm acme-b'])
    expect(await fromFile('one-column.csv', 'name\nacme-a\n')).toEqual(['name package - acme-a'])
    expect(await fromFile('hosts.csv', 'host\nX.acme.com\n')).toEqual(['name host - x.acme.com'])
  })

  test.each([
    ['an unknown column', 'nam,ecosystem\nx,npm', ['bad.csv:1: column 1: unknown column; did you mean "name"?; the first line is the header (got "nam")']],
    ['no header', 'acme-auth,npm\nacme-b,npm', ['bad.csv:1: column 1: unknown column', 'bad.csv:1: column 2: unknown column']],
    ['a column twice', 'name,Name\nx,y', ['bad.csv:1: name: this column stands here twice']],
    ['an unknown ecosystem', 'name,ecosystem\nacme-a,npm\nacme-b,nmp', ['bad.csv:3: ecosystem: expected npm, pypi']],
    ['an unknown kind', 'name,kind\nacme-a,packge', ['bad.csv:2: kind: expected package, scope, group, host, codename, pattern, regex (got "packge")']],
    ['a kind that does not fit', 'name,ecosystem,kind\nacme-a,npm,scope\nacme-b,npm,group', ['bad.csv:2: name: expected an npm scope', 'bad.csv:3: name: a group belongs to maven, not to npm']],
    ['a name that fits no rule', 'name,ecosystem\nacme a,npm', ['bad.csv:2: name: expected an npm name']],
    ['a name that could be two things', 'name\ncom.acme.io', ['bad.csv:2: name: this could be a host or a Maven group']],
    ['neither yes nor no', 'name,ecosystem,publicOnPurpose\nacme-a,npm,maybe', ['bad.csv:2: publicOnPurpose: expected true or false (got "maybe")']],
    ['a name and a host', 'name,host\nacme-a,a.acme.com', ['bad.csv:2: expected exactly one of']],
    ['a row without a name', 'name,team\n,web', ['bad.csv:2: expected exactly one of']],
    ['more cells than columns', 'name,team\nacme-a,web,more', ['bad.csv:2: expected 2 cells as in the header, these are 3']],
    ['an open quote', 'name,team\n"acme-a,web\nacme-b,x', ['a double quote is opened and not closed']],
    ['a quote in a cell', 'name,team\nacme-a,"we"b', ['after a closing double quote the cell must end']],
  ])('%s is a fault', async (_case, content, expected) => {
    const found = await faultsInFile('bad.csv', content)
    expect(found).toHaveLength(expected.length)
    for (const [index, sentence] of expected.entries()) expect(found[index]).toContain(sentence)
  })

  test('with a header alone holds no names', async () => {
    const inventory = await load({ inventory: [{ name: 'acme-a', ecosystem: 'npm' }], inventoryFiles: [await file('header.csv', 'name,ecosystem\n')] })
    expect(inventory.warnings).toEqual(['header.csv: the file holds no names'])
  })
})

describe('a .txt', () => {
  test('has one name a line, its kind guessed from its shape', async () => {
    expect(await fromFile('names.txt', '\ufeff# our names\r\n@acme-corp/auth\r\n\r\n  com.acmecorp:auth  # the old one\r\n@acme-corp\nartifactory.acme-corp.com\rHermesBuilder\nacme-corp-*\nacme-auth\nProject C#Sharp')).toEqual([
      'name package npm @acme-corp/auth',
      'name package maven com.acmecorp:auth',
      'name scope npm @acme-corp',
      'name host - artifactory.acme-corp.com',
      'name codename - HermesBuilder',
      'prefix package - acme-corp-',
      'name package - acme-auth',
      'name codename - Project C#Sharp',
    ])
  })

  test('counts its lines in messages', async () => {
    expect(await faultsInFile('bad.txt', 'acme-auth\n\nacme/auth\ncom.acme.io\n*\n')).toEqual([
      'bad.txt:4: this could be a host or a Maven group; say which in a .yaml or .csv (got "com.acme.io")',
      'bad.txt:3: name: this could be a Go module, a Packagist package or an image; say which with ecosystem (got "acme/auth")',
      'bad.txt:5: pattern: this would match nearly everything; at least 4 letters or digits before the star (got "*")',
    ])
  })
})

describe('a .yaml', () => {
  test('is the same list as under inventory', async () => {
    expect(await fromFile('more.yaml', '- { name: acme-auth, ecosystem: npm }\n- host: X.acme.com\n')).toEqual(['name package npm acme-auth', 'name host - x.acme.com'])
    expect(await fromFile('more.YML', '- { codename: HermesBuilder }')).toEqual(['name codename - HermesBuilder'])
  })

  test.each([
    ['no list', 'inventory: []', 'bad.yaml: expected a list (got keys with values)'],
    ['an unknown key', '- { nam: x }', 'bad.yaml: 0.nam: unknown key; did you mean "name"?'],
    ['a wrong type', '- { name: 7, ecosystem: npm }', 'bad.yaml: 0.name: expected a text (in quotes) (got 7)'],
    ['no YAML', '- { name: @acme/x }', 'bad.yaml:1:11: a text that starts with @'],
    ['a bad name', '- { name: acme-a, ecosystem: npm }\n- { host: x }', 'bad.yaml: 1.host: expected a host name'],
  ])('%s is a fault', async (_case, content, expected) => {
    expect((await faultsInFile('bad.yaml', content)).join('\n')).toContain(expected)
  })
})

describe('a file of the inventory', () => {
  test('is relative to the configuration, and is named as the person wrote it', async () => {
    await mkdir(path.join(folder, 'lists'), { recursive: true })
    await writeFile(path.join(folder, 'lists', 'a.txt'), 'acme-a\n')
    const inventory = await load({ inventoryFiles: ['lists/a.txt', path.join(folder, 'lists', '..', 'lists', 'a.txt')] })
    expect(inventory.lines[0]?.where).toBe('lists/a.txt:1')
    expect(inventory.warnings).toHaveLength(1)
  })

  test.each([
    ['none.csv', 'namesake.yaml: inventoryFiles.0: there is no such file (looked for '],
    ['names.json', 'namesake.yaml: inventoryFiles.0: expected a file that ends in .yaml, .yml, .csv, .txt (got "names.json")'],
    ['names', 'expected a file that ends in'],
  ])('%s is a fault', async (name, expected) => {
    expect((await faultsOf({ inventoryFiles: [name] })).join('\n')).toContain(expected)
  })

  test('that is a folder, a device, too large or not UTF-8 is a fault', async () => {
    await mkdir(path.join(folder, 'folder.txt'), { recursive: true })
    expect((await faultsOf({ inventoryFiles: ['folder.txt'] })).join()).toContain('this is not a file')
    await symlink('/dev/zero', path.join(folder, 'endless.txt'))
    expect((await faultsOf({ inventoryFiles: ['endless.txt'] })).join()).toContain('this is not a file')
    await writeFile(path.join(folder, 'large.txt'), Buffer.alloc(50 * 1024 * 1024 + 1, 'a'))
    expect((await faultsOf({ inventoryFiles: ['large.txt'] })).join()).toContain('more than 50 MB')
    expect(await faultsInFile('latin1.csv', Buffer.from('name\nübermorgen\n', 'latin1'))).toEqual(['latin1.csv: the file is not UTF-8; save it as UTF-8'])
    expect((await faultsInFile('utf16.txt', Buffer.from('\ufeffacme-a\n', 'utf16le'))).join()).toContain('not UTF-8')
    expect((await faultsInFile('utf16-bare.txt', Buffer.from('acme-a\n', 'utf16le'))).join()).toContain('NUL bytes')
  })

  test('that stands twice is a fault', async () => {
    const name = await file('once.txt', 'acme-a\n')
    expect(await faultsOf({ inventoryFiles: [name, name] })).toEqual([`namesake.yaml: inventoryFiles.1: this file stands here twice (got "${name}")`])
  })

  test('whose reading fails is never an empty one', async () => {
    const config = { where: 'namesake.yaml', folder, organization: { name: 'Acme', domains: [] }, inventory: [{ name: 'acme-a' }], inventoryFiles: ['a.txt'], publicOnPurpose: [] }
    const denied = () => Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }))
    await expect(loadInventory({ config, readFile: denied, compile, normalise })).rejects.toThrow('the file cannot be read: EACCES')
    await expect(loadInventory({ config, readFile: () => Promise.reject(new Error('no idea')), compile, normalise })).rejects.toThrow('the file cannot be read')
  })
})

describe('very many names', () => {
  test.each([
    ['large.csv', 50_000, `name,ecosystem,team\n${Array.from({ length: 50_000 }, (_, index) => `acme-package-${index},npm,team-${index % 9}`).join('\n')}`],
    ['large-names.txt', 50_000, Array.from({ length: 50_000 }, (_, index) => `@acme/package-${index}`).join('\n')],
    // The YAML parser takes five times as long as the others: a list of this size belongs into a .csv.
    ['large.yaml', 10_000, Array.from({ length: 10_000 }, (_, index) => `- { name: acme-package-${index}, ecosystem: pypi }`).join('\n')],
  ])('of %s: all %i are there', async (name, count, content) => {
    const last = count - 1
    const inventory = await load({ inventoryFiles: [await file(name, content)], publicOnPurpose: [`acme-package-${last}`, `@acme/package-${last}`] })
    expect(inventory.lines).toHaveLength(count)
    expect(inventory.lines.filter((line) => line.publicOnPurpose)).toEqual([inventory.lines.at(-1)])
  })
})

describe('what our own registry knows', () => {
  const facts = ({ text, team, latestVersion, firstPublishedAt }: Line) => [text, team, latestVersion, firstPublishedAt]

  test('a column each tells the newest version and when the first one came, in UTC', async () => {
    const name = await file('known.csv', 'name,ecosystem,latestVersion,firstPublishedAt\nacme-auth,npm,4.2.0,2021-03-01T01:00:00+02:00\nacme-core,npm,,\n')
    expect((await load({ inventoryFiles: [name] })).lines.map(facts)).toEqual([
      ['acme-auth', null, '4.2.0', '2021-02-28T23:00:00.000Z'],
      ['acme-core', null, undefined, undefined],
    ])
  })

  test('a row of facts adds to the line that a person wrote, whichever comes first, and neither is lost', async () => {
    const name = await file('facts.csv', 'name,ecosystem,latestVersion\nacme_auth,pypi,4.2.0\n')
    const inventory = await load({ inventory: [{ name: 'acme-auth', ecosystem: 'pypi', team: 'identity', disclose: 'never' }], inventoryFiles: [name] })
    expect(inventory.lines.map(facts)).toEqual([['acme-auth', 'identity', '4.2.0', undefined]])
    expect(inventory.lines[0]?.disclose).toBe('never')
    expect(inventory.warnings).toEqual([])
  })

  test('two lines that both settle something are a fault, facts or not', async () => {
    expect(await faults({ name: 'acme-auth', ecosystem: 'npm', team: 'one', latestVersion: '1' }, { name: 'acme-auth', ecosystem: 'npm', team: 'two', latestVersion: '1' })).toHaveLength(1)
  })

  test('a pattern has no versions, and a day that is none is refused', async () => {
    expect(await faults({ pattern: '@acme/*', latestVersion: '1' })).toEqual([expect.stringContaining('a pattern has no versions')])
    expect(await faultsInFile('day.csv', 'name,ecosystem,firstPublishedAt\nacme-auth,npm,01.02.2021\n')).toEqual([expect.stringContaining('expected a date')])
  })
})
