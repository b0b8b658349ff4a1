import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyImport, planImport, type ImportOptions, type ImportPlan } from '../../src/app/import-inventory.ts'
import { loadConfig } from '../../src/config.ts'
import { Permanent } from '../../src/errors.ts'
import { readInventory } from '../../src/app/read-inventory.ts'
import type { ImportSettings } from '../../src/importers/all.ts'
import { startArtifactory, type ArtifactoryRepository } from '../../src/sandbox/artifactory/serve.ts'
import { inventRepositories } from '../../src/sandbox/company-names.ts'
import { startNexus } from '../../src/sandbox/nexus/serve.ts'
import type { Hiccups } from '../../src/sandbox/serve-alone.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-import-'))
})
afterEach(() => rm(folder, { recursive: true }))

const file = (): string => path.join(folder, 'inventory.csv')
const written = (): Promise<string> => readFile(file(), 'utf8')

async function plan(imports: readonly ImportSettings[], { yaml = '', ...more }: Partial<ImportOptions> & { readonly yaml?: string } = {}): Promise<ImportPlan> {
  const config = path.join(folder, 'namesake.yaml')
  await writeFile(config, `organization: { name: Acme Corp }\n${yaml}`)
  return planImport(await loadConfig({ path: config, env: {} }), {
    imports, into: 'inventory.csv', prune: false, withoutFlagged: false, onProgress: () => undefined, signal: new AbortController().signal, wait: async () => undefined, ...more,
  })
}

const artifactoryAt = (url: string, more: object = {}): ImportSettings => ({ type: 'artifactory', url: `${url}/artifactory`, pageSize: 7, ...more })
const npmFiles = (...files: readonly (readonly [path: string, name: string])[]): ArtifactoryRepository[] => [
  { key: 'npm-local', type: 'LOCAL', packageType: 'npm', files: files.map(([at, name], index) => ({ path: at, name, created: `2021-0${index + 1}-01T00:00:00.000Z` })) },
]

describe('importing from Artifactory and Nexus', () => {
  test('a first import is written whole, and importing again after 100 changes is exactly these', async () => {
    let world = inventRepositories(600)
    await using artifactory = await startArtifactory({ repositories: () => world.artifactory, token: 't', hardLimit: 100 })
    await using nexus = await startNexus({ repositories: () => world.nexus, login: { user: 'u', password: 'p' } })
    const imports: ImportSettings[] = [artifactoryAt(artifactory.url, { token: 't', pageSize: 5_000 }), { type: 'nexus', url: nexus.url, user: 'u', password: 'p' }]
    const first = await plan(imports)
    expect([first.added.length, first.changed, first.removed, first.unreadable.size]).toEqual([600, [], [], 0])
    await applyImport(first)
    expect((await plan(imports)).unchanged).toBe(600)

    // 40 newer versions, 30 names that are new, 30 that are gone.
    world = inventRepositories(600, { version: (at) => (at >= 280 && at < 320 ? '2.0.0' : '1.2.0') })
    const [npm, remote] = world.artifactory
    if (npm === undefined || remote === undefined) throw new Error('the sandbox has two repositories')
    const extra = Array.from({ length: 30 }, (_, at) => ({ path: `@acme-corp/new-${at}/-/@acme-corp`, name: `new-${at}-1.0.0.tgz`, created: '2026-01-01T00:00:00.000Z' }))
    world = { ...world, artifactory: [{ ...npm, files: [...npm.files.slice(30), ...extra] }, remote] }
    const second = await plan(imports)
    expect([second.added.length, second.changed.length, second.removed.length, second.unchanged]).toEqual([30, 40, 30, 530])
    expect(second.added.map(({ name }) => name)).toContain('@acme-corp/new-29')
    expect(second.changed.every(({ latestVersion }) => latestVersion.before === '1.2.0' && latestVersion.after === '2.0.0')).toBe(true)
    expect(second.removed.map(({ name }) => name)).toContain('@acme-corp/auth-0')
    await applyImport(second)
    // Gone names stay until they are pruned.
    expect((await written()).trim().split('\n')).toHaveLength(631)
    await applyImport(await plan(imports, { prune: true }))
    expect((await written()).trim().split('\n')).toHaveLength(601)
  })

  test('remote repositories and proxies hold what others publish: they are not asked', async () => {
    const world = inventRepositories(4)
    await using artifactory = await startArtifactory({ repositories: () => world.artifactory })
    await using nexus = await startNexus({ repositories: () => world.nexus })
    const { added } = await plan([artifactoryAt(artifactory.url), { type: 'nexus', url: nexus.url }])
    expect(added.map(({ name }) => name)).toEqual(['com.acmecorp:client-2', 'com.acmecorp:core-3', '@acme-corp/auth-0', '@acme-corp/billing-1'])
  })

  test('versions fold into one name with the newest version and the first publication', async () => {
    const world = npmFiles(['acme-ledger/-', 'acme-ledger-1.9.0.tgz'], ['acme-ledger/-', 'acme-ledger-1.10.0.tgz'], ['acme-ledger/-', 'acme-ledger-2.0.0-rc.1.tgz'])
    await using artifactory = await startArtifactory({ repositories: () => world })
    const { added } = await plan([artifactoryAt(artifactory.url)])
    expect(added).toMatchObject([{ name: 'acme-ledger', ecosystem: 'npm', latestVersion: '2.0.0-rc.1', firstPublishedAt: '2021-01-01T00:00:00.000Z' }])
  })
})

describe('what cannot be read completely changes nothing', () => {
  const pages: readonly (readonly [string, 'gateway' | 'broken' | 'reset'])[] = [['a gateway page', 'gateway'], ['half a JSON', 'broken'], ['a cut connection', 'reset']]

  test.each(pages)('%s once is asked again, and the import is complete', async (_, kind) => {
    const world = inventRepositories(60)
    const hiccups: Hiccups = new Map([[1, kind], [4, kind]])
    await using artifactory = await startArtifactory({ repositories: () => world.artifactory, hiccups: () => hiccups })
    expect((await plan([artifactoryAt(artifactory.url)])).added).toHaveLength(30)
  })

  test.each(pages)('%s that stays ends the import with its reason, and the file is as it was', async (_, kind) => {
    const world = inventRepositories(60)
    await using artifactory = await startArtifactory({ repositories: () => world.artifactory, hiccups: () => new Map(Array.from({ length: 10 }, (__, at) => [at + 4, kind])) })
    await writeFile(file(), 'name,ecosystem\nacme-old,npm\n')
    await expect(plan([artifactoryAt(artifactory.url)])).rejects.toThrow(/artifactory 127\.0\.0\.1:\d+: .*not complete.*nothing is written/)
    expect(await written()).toBe('name,ecosystem\nacme-old,npm\n')
  })

  test('a refused token is no empty list', async () => {
    const world = inventRepositories(4)
    await using artifactory = await startArtifactory({ repositories: () => world.artifactory, token: 'right' })
    await using nexus = await startNexus({ repositories: () => world.nexus, login: { user: 'u', password: 'p' } })
    for (const one of [artifactoryAt(artifactory.url, { token: 'wrong-secret' }), { type: 'nexus', url: nexus.url } as const]) {
      const error: unknown = await plan([one]).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(Permanent)
      expect(String(error)).toMatch(/refused \(401\)/)
      expect(String(error)).not.toContain('secret')
    }
  })

  test('no name at all is "could not tell": an account without rights sees empty repositories', async () => {
    await using artifactory = await startArtifactory({ repositories: () => npmFiles() })
    await expect(plan([artifactoryAt(artifactory.url)], { prune: true })).rejects.toThrow(/not a single name/)
  })

  test('a repository that was asked for by name and is not shown is told', async () => {
    await using artifactory = await startArtifactory({ repositories: () => npmFiles(['a-corp/-', 'a-corp-1.0.0.tgz']) })
    await expect(plan([artifactoryAt(artifactory.url, { repositories: ['npm-secret'] })])).rejects.toThrow(/npm-secret/)
  })

  test('a file that somebody changed between diff and writing is not overwritten', async () => {
    await using artifactory = await startArtifactory({ repositories: () => npmFiles(['acme-a/-', 'acme-a-1.0.0.tgz']) })
    const planned = await plan([artifactoryAt(artifactory.url)])
    await writeFile(file(), 'name,ecosystem\nacme-mine,npm\n')
    await expect(applyImport(planned)).rejects.toThrow(/changed since/)
    expect(await readdir(folder)).toEqual(['inventory.csv', 'namesake.yaml'])
  })
})

describe('the inventory file', () => {
  test('rows and cells that a person wrote stay, in their order and with their separator', async () => {
    await using artifactory = await startArtifactory({ repositories: () => npmFiles(['acme-auth/-', 'acme-auth-3.0.0.tgz'], ['acme-core/-', 'acme-core-1.0.0.tgz']) })
    await writeFile(file(), 'Team;Name;Ecosystem;Disclose\n"id;entity";acme-auth;npm;never\nweb;@acme/*;npm;stem\n')
    await applyImport(await plan([artifactoryAt(artifactory.url)]))
    const host = new URL(artifactory.url).host
    expect(await written()).toBe(
      [
        'Team;Name;Ecosystem;Disclose;publicOnPurpose;latestVersion;firstPublishedAt;importedFrom',
        '"id;entity";acme-auth;npm;never;;3.0.0;2021-01-01T00:00:00.000Z;',
        'web;@acme/*;npm;stem',
        `;acme-core;npm;;;1.0.0;2021-02-01T00:00:00.000Z;artifactory ${host}`,
        '',
      ].join('\n'),
    )
    // What a person wrote is no import's to remove.
    await using other = await startArtifactory({ repositories: () => npmFiles(['acme-new/-', 'acme-new-1.0.0.tgz']) })
    expect((await plan([artifactoryAt(other.url, { name: `artifactory ${host}` })], { prune: true })).removed.map(({ name }) => name)).toEqual(['acme-core'])
  })

  test('a new name takes the strictest disclosure of what covers it: import makes nothing sendable', async () => {
    await using artifactory = await startArtifactory({ repositories: () => npmFiles(['@acme/vault/-/@acme', 'vault-1.0.0.tgz'], ['acme-x/-', 'acme-x-1.0.0.tgz'], ['zyq-y/-', 'zyq-y-1.0.0.tgz']) })
    const yaml = 'inventory:\n  - { pattern: "@acme/*", ecosystem: npm, disclose: never, team: identity }\n  - { pattern: "acme-*", disclose: stem }\n'
    const { added } = await plan([artifactoryAt(artifactory.url)], { yaml })
    expect(added.map(({ name, disclose, team }) => [name, disclose, team])).toEqual([['@acme/vault', 'never', 'identity'], ['acme-x', 'stem', null], ['zyq-y', 'name', null]])
  })

  test('a name that another line settles gets a row of facts, which the inventory reads as one with it', async () => {
    await using artifactory = await startArtifactory({ repositories: () => npmFiles(['acme-auth/-', 'acme-auth-3.0.0.tgz']) })
    const yaml = 'inventory: [{ name: acme-auth, ecosystem: npm, team: identity, disclose: never }]\n'
    await applyImport(await plan([artifactoryAt(artifactory.url, { disclose: 'name', team: 'web' })], { yaml }))
    await writeFile(path.join(folder, 'namesake.yaml'), `organization: { name: Acme Corp }\n${yaml}inventoryFiles: [inventory.csv]\n`)
    const { lines, warnings } = await readInventory(await loadConfig({ path: path.join(folder, 'namesake.yaml'), env: {} }))
    expect([lines.map(({ text, team, disclose, latestVersion }) => [text, team, disclose, latestVersion]), warnings]).toEqual([[['acme-auth', 'identity', 'never', '3.0.0']], []])
  })

  test('names that will drown the reader are flagged, and left out when that is asked for', async () => {
    await using artifactory = await startArtifactory({ repositories: () => npmFiles(['react/-', 'react-18.0.0.tgz'], ['billing/-', 'billing-1.0.0.tgz'], ['abc/-', 'abc-1.0.0.tgz'], ['acme-billing/-', 'acme-billing-1.0.0.tgz'], ['@acme/react/-/@acme', 'react-1.0.0.tgz']) })
    const flags = (await plan([artifactoryAt(artifactory.url)])).added.map(({ name, flag }) => [name, flag])
    expect(Object.fromEntries(flags)).toEqual({ react: 'a well-known public package has this name', billing: 'an ordinary word', abc: 'very short', 'acme-billing': null, '@acme/react': null })
    const { added, leftOut } = await plan([artifactoryAt(artifactory.url)], { withoutFlagged: true })
    expect([added.length, leftOut.length]).toEqual([2, 3])
  })

  test('what is no name is counted, not lost and not fatal', async () => {
    await using artifactory = await startArtifactory({ repositories: () => npmFiles(['stray', 'readme.tgz'], ['evil"\nname,x/-', 'evil"\nname,x-1.0.0.tgz'], ['acme-a/-', 'acme-a-1.0.0.tgz']) })
    const { added, unreadable } = await plan([artifactoryAt(artifactory.url)])
    expect([added.length, [...unreadable.values()]]).toEqual([1, [1, 1]])
  })

  test('a file that is new is readable by its owner only', async () => {
    await using artifactory = await startArtifactory({ repositories: () => npmFiles(['acme-a/-', 'acme-a-1.0.0.tgz']) })
    await applyImport(await plan([artifactoryAt(artifactory.url)]))
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  test('a first publication only moves back: a registry that cleans up does not make our package younger', async () => {
    await using artifactory = await startArtifactory({ repositories: () => npmFiles(['acme-a/-', 'acme-a-1.0.0.tgz']) })
    await writeFile(file(), 'name,ecosystem,firstPublishedAt\nacme-a,npm,2019-01-01\n')
    expect((await plan([artifactoryAt(artifactory.url)])).changed).toMatchObject([{ firstPublishedAt: { before: '2019-01-01T00:00:00.000Z', after: '2019-01-01T00:00:00.000Z' } }])
  })

  test('what one import no longer has stays while another one that did not run wrote it too', async () => {
    await using artifactory = await startArtifactory({ repositories: () => npmFiles(['acme-b/-', 'acme-b-1.0.0.tgz']) })
    await writeFile(file(), 'name,ecosystem,latestVersion,importedFrom\nacme-a,npm,1.0.0,one|two\nacme-c,npm,1.0.0,one\n')
    expect((await plan([artifactoryAt(artifactory.url, { name: 'one' })])).removed.map(({ name }) => name)).toEqual(['acme-c'])
  })
})
