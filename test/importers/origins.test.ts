import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { loadConfig } from '../../src/config.ts'
import { importers, importSettings, openImport, type ImportSettings } from '../../src/importers/all.ts'
import { readArtifactPath } from '../../src/importers/artifactory-layout.ts'
import { compareVersions } from '../../src/importers/newest-version.ts'
import { readPurl } from '../../src/importers/purl.ts'
import { planImport } from '../../src/app/import-inventory.ts'
import { Invalid } from '../../src/errors.ts'
import { startScript, type Scripted } from '../net/scripted-server.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-origins-'))
  const inventory = 'inventory:\n  - { pattern: "@acme/*", ecosystem: npm }\n  - { pattern: "com.acme.*", ecosystem: maven }\n  - { host: npm.acme.example }\n'
  await writeFile(path.join(folder, 'namesake.yaml'), `organization: { name: Acme }\n${inventory}`)
})
afterAll(() => rm(folder, { recursive: true }))

/** Name, ecosystem, version and day of what an import tells. */
async function told(settings: ImportSettings): Promise<string[]> {
  const config = await loadConfig({ path: path.join(folder, 'namesake.yaml'), env: {} })
  const { added } = await planImport(config, { imports: [settings], into: 'none.csv', prune: false, withoutFlagged: false, onProgress: () => undefined, signal: new AbortController().signal, wait: async () => undefined })
  return added.map(({ name, ecosystem, latestVersion, firstPublishedAt }) => [name, ecosystem, latestVersion ?? '-', firstPublishedAt?.slice(0, 10) ?? '-'].join(' ')).sort()
}

const json = (...bodies: readonly unknown[]): Scripted[] => bodies.map((body) => ({ body }))

test('every import has settings, help and a page to look things up', () => {
  for (const { type, title, docs, settings } of importers) {
    expect(title).not.toBe('')
    expect(URL.canParse(docs)).toBe(true)
    expect(settings.safeParse({ type: `not-${type}` }).success).toBe(false)
  }
  expect(importers.map(({ type }) => type)).toEqual(importers.map(({ type }) => type).sort())
  expect(() => openImport(importSettings.parse({ type: 'nexus', url: 'https://nexus.example' }))).not.toThrow()
})

test('a secret of an import is marked, so that nothing shows it', async () => {
  await writeFile(path.join(folder, 'secret.yaml'), 'organization: { name: Acme }\nimports:\n  - { type: artifactory, url: https://a.example, token: "${A_TOKEN}" }\n  - { type: nexus, url: https://n.example, user: u, password: "${N_PASSWORD}" }\n')
  const config = await loadConfig({ path: path.join(folder, 'secret.yaml'), env: { A_TOKEN: 'hush-one', N_PASSWORD: 'hush-two' } })
  expect(config.imports).toHaveLength(2)
  expect(JSON.stringify(config)).not.toContain('hush')
})

describe('answers of registries', () => {
  test('npm: pages of the search until nothing new comes, for servers that ignore `from` too', async () => {
    const page = { objects: [{ package: { name: '@acme/a', version: '1.0.0', date: '2024-01-01T00:00:00Z' } }, { package: {} }], total: 1 }
    const { url, seen } = await startScript(...json(page, page))
    expect(await told({ type: 'npm-registry', url, text: '' })).toEqual(['@acme/a npm 1.0.0 -'])
    expect(seen.map(({ path: at }) => at)).toEqual(['/-/v1/search?text=&size=250&from=0', '/-/v1/search?text=&size=250&from=2'])
  })

  test('GitHub: each type of package, until its empty page, with the scope of the organisation', async () => {
    const one = (name: string, type: string) => [{ name, package_type: type, created_at: '2022-05-05T00:00:00Z' }]
    const { url, seen } = await startScript(...json(one('auth', 'npm'), [], one('com.acme.auth', 'maven'), [], [], [], one('Base', 'container'), []))
    expect(await told({ type: 'github-packages', url, organization: 'Acme', token: 't' })).toEqual(['@acme/auth npm - 2022-05-05', 'acme/base docker - 2022-05-05', 'com.acme:auth maven - 2022-05-05'])
    expect(seen[0]?.headers.authorization).toBe('Bearer t')
  })

  test('GitLab: a row a version; Maven names are coordinates, and other types are counted', async () => {
    const row = (name: string, version: string, type: string) => ({ name, version, package_type: type, created_at: '2022-05-05T00:00:00Z' })
    const { url } = await startScript(...json([row('com/acme/auth', '1.0', 'maven'), row('com/acme/auth', '1.1', 'maven'), row('blob', '1', 'generic')], []))
    expect(await told({ type: 'gitlab-packages', url, group: 'acme/platform' })).toEqual(['com.acme:auth maven 1.1 2022-05-05'])
  })

  test('a later page that fails is no end of the list', async () => {
    const { url } = await startScript({ body: [{ name: 'auth', package_type: 'npm' }] }, { status: 403, body: {} })
    await expect(told({ type: 'github-packages', url, organization: 'acme' })).rejects.toThrow(/refused \(403\).*nothing is written/)
  })

  test('a continuation token that comes twice is no list', async () => {
    const page = { items: [{ name: 'a' }], continuationToken: 'x' }
    const { url } = await startScript(...json([{ name: 'r', format: 'npm', type: 'hosted' }], page, page))
    await expect(told({ type: 'nexus', url })).rejects.toThrow(/does not end/)
  })
})

describe('bills of materials', () => {
  const place = async (name: string, content: string): Promise<string> => {
    await writeFile(path.join(folder, name), content)
    return name
  }
  const purl = (name: string) => `pkg:npm/${name}@1.2.3`

  test('CycloneDX in JSON: the subject, and of the rest what the inventory covers, at any depth', async () => {
    const bom = { bomFormat: 'CycloneDX', metadata: { component: { name: 'shop', purl: purl('shop-frontend') } }, components: [{ name: 'lodash', purl: purl('lodash'), components: [{ purl: purl('%40acme/auth') }] }, { purl: 'pkg:npm/inner@1?repository_url=https://npm.acme.example/x' }, null] }
    expect(await told({ type: 'cyclonedx', paths: [await place('bom.json', JSON.stringify(bom))], everything: false })).toEqual(['@acme/auth npm 1.2.3 -', 'inner npm 1 -', 'shop-frontend npm 1.2.3 -'])
  })

  test('CycloneDX in XML; a DOCTYPE is refused', async () => {
    const xml = `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5"><metadata><component type="library"><name>s</name><purl>${purl('shop')}</purl></component></metadata><components><component><name>x</name><purl>pkg:maven/com.acme.pay/core@2.0</purl></component></components></bom>`
    expect(await told({ type: 'cyclonedx', paths: [await place('bom.xml', xml)], everything: false })).toEqual(['com.acme.pay:core maven 2.0 -', 'shop npm 1.2.3 -'])
    const bomb = xml.replace('<bom', '<!DOCTYPE bom [<!ENTITY a "b">]><bom')
    await expect(told({ type: 'cyclonedx', paths: [await place('bomb.xml', bomb)], everything: false })).rejects.toThrow(Invalid)
  })

  test('SPDX in JSON and as tag:value', async () => {
    const document = { spdxVersion: 'SPDX-2.3', packages: [{ SPDXID: 'SPDXRef-a', name: 'a', externalRefs: [{ referenceType: 'purl', referenceLocator: purl('shop') }] }, { SPDXID: 'SPDXRef-b', name: 'b', externalRefs: [{ referenceType: 'purl', referenceLocator: purl('lodash') }] }], relationships: [{ spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-a' }] }
    expect(await told({ type: 'spdx', paths: [await place('x.spdx.json', JSON.stringify(document))], everything: false })).toEqual(['shop npm 1.2.3 -'])
    const tags = ['SPDXVersion: SPDX-2.2', 'SPDXID: SPDXRef-DOCUMENT', 'PackageName: lodash', 'SPDXID: SPDXRef-l', `ExternalRef: PACKAGE-MANAGER purl ${purl('lodash')}`, 'PackageName: auth', 'SPDXID: SPDXRef-p', `ExternalRef: PACKAGE-MANAGER purl ${purl('@acme/auth')}`].join('\n')
    expect(await told({ type: 'spdx', paths: [await place('x.spdx', tags)], everything: false })).toEqual(['@acme/auth npm 1.2.3 -'])
  })

  test.each(['{"bomFormat":"Other"}', '{', '', '<html></html>'])('what is none is told with its file, not taken as empty: %j', async (text) => {
    await place('broken.json', text)
    for (const type of ['cyclonedx', 'spdx'] as const) await expect(told({ type, paths: ['broken.json'], everything: false })).rejects.toThrow(/broken\.json/)
  })
})

test('manifests: own names, and of the dependencies what the inventory covers; nothing that is installed', async () => {
  const repository = path.join(folder, 'repository')
  await mkdir(path.join(repository, 'node_modules/x'), { recursive: true })
  await writeFile(path.join(repository, 'package.json'), JSON.stringify({ name: 'shop-frontend', dependencies: { '@acme/auth': '^1', lodash: '^4' } }))
  await writeFile(path.join(repository, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: { '': {}, 'node_modules/inner': { version: '1.0.0', resolved: 'https://npm.acme.example/inner/-/inner-1.0.0.tgz' }, 'node_modules/lodash': { version: '4.0.0', resolved: 'https://registry.example/lodash/-/lodash-4.0.0.tgz' } } }))
  await writeFile(path.join(repository, 'node_modules/x/package.json'), JSON.stringify({ name: 'x-installed' }))
  await writeFile(path.join(repository, 'pom.xml'), '<project><dependencies><dependency><groupId>com.acme.pay</groupId><artifactId>core</artifactId></dependency><dependency><groupId>junit</groupId><artifactId>junit</artifactId></dependency></dependencies></project>')
  expect(await told({ type: 'manifests', paths: ['repository'] })).toEqual(['@acme/auth npm - -', 'com.acme.pay:core maven - -', 'inner npm - -', 'shop-frontend npm - -'])
})

describe('names and versions', () => {
  const layouts = [
    ['npm', '@acme/auth/-/@acme', 'auth-1.2.3-rc.1.tgz', '@acme/auth 1.2.3-rc.1'],
    ['maven', 'com/acme/auth/1.2.3', 'auth-1.2.3.pom', 'com.acme:auth 1.2.3'],
    ['maven', 'com/acme/auth/1.2-SNAPSHOT', 'auth-1.2-20240101.010101-1.pom', 'com.acme:auth 1.2-SNAPSHOT'],
    ['pypi', 'acme-auth/1.2.3', 'acme_auth-1.2.3-py3-none-any.whl', 'acme_auth 1.2.3'],
    ['pypi', '.', 'acme-auth-1.2.3.tar.gz', 'acme-auth 1.2.3'],
    ['nuget', 'x', 'Acme.Auth.1.2.3.symbols.nupkg', 'other'],
    ['nuget', 'x', 'Acme.Auth.1.2.3-beta.1.nupkg', 'Acme.Auth 1.2.3-beta.1'],
    ['rubygems', 'gems', 'acme-auth-1.2.3-x86_64-linux.gem', 'acme-auth 1.2.3'],
    ['crates', 'crates/acme-auth', 'acme-auth-1.2.3.crate', 'acme-auth 1.2.3'],
    ['packagist', 'acme/auth/1.2.3', 'acme-auth-1.2.3.zip', 'acme/auth 1.2.3'],
    ['go', 'acme.example/!big/auth/@v', 'v1.2.3.mod', 'acme.example/Big/auth v1.2.3'],
    ['docker', 'team/base/1.2.3', 'manifest.json', 'team/base 1.2.3'],
    ['docker', 'team/base/sha256:00', 'manifest.json', 'team/base -'],
    ['npm', 'stray', 'x.tgz', null],
  ] as const
  test.each(layouts)('Artifactory %s: %s/%s is %s', (ecosystem, at, file, expected) => {
    const read = readArtifactPath(ecosystem, at, file)
    expect(read === null || read === 'other' ? read : `${read.name} ${read.version ?? '-'}`).toBe(expected)
  })

  test.each([
    ['pkg:npm/%40acme/core@1.0.0', '@acme/core'], ['pkg:npm/@acme/core', '@acme/core'], ['pkg:maven/com.acme/core@1?type=jar', 'com.acme:core'],
    ['pkg:golang/acme.example/x/y@v1', 'acme.example/x/y'], ['pkg:gem/x@1#sub', 'x'], ['pkg:generic/x@1', null], ['pkg:npm/%ZZ', null], ['npm/x', null], ['pkg:npm/', null],
  ] as const)('%s is %s', (text, name) => {
    expect(readPurl(text)?.name ?? null).toBe(name)
  })

  test('the newer version by value, releases above their candidates, of any length', () => {
    const sorted = ['0.9', '1.0.0-alpha', '1.0.0-rc.2', '1.0.0-rc.10', '1.0.0', '1.0.1', '1.10', 'v2', '99.0', '20260101123456789012', '20260101123456789013']
    expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted)
    expect(compareVersions('1.0', '1.0.0.RELEASE')).toBe(0)
  })

  test('settings of the command line are checked like those of the file', () => {
    expect(z.safeParse(importSettings, { type: 'artifactory', url: 'file:///etc/passwd' }).success).toBe(false)
    expect(z.safeParse(importSettings, { type: 'gitlab-packages' }).success).toBe(false)
  })
})
