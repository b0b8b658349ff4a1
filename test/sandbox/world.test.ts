import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { runGit } from '../../src/sandbox/git/run-git.ts'
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts'
import { buildWorld, demoInventory, demoToken, expected, world } from '../../src/sandbox/world.ts'
import { ask, graphql, places, search } from './open-sandbox.ts'

let folder = ''
let sandbox: Sandbox
let buildMs = 0
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-world-'))
  const started = performance.now()
  await buildWorld(folder)
  buildMs = performance.now() - started
  sandbox = await startSandbox({ repositories: folder, tokens: [demoToken], limits: { codeSearchPerMinute: 1_000 } })
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

/** The words that a search would be made with. PyPI names are written with any separator. */
const query = (identifier: string) => `"${identifier}"`
const found = async (identifier: string) => places(await search(sandbox, query(identifier), { per_page: '100' }))
const place = (one: (typeof expected)[number]) => `${one.repository} ${one.path}`
/** Everything that its file ever held. */
function contentOf({ repository, path: file }: (typeof expected)[number]): string {
  const commits = world.repositories.find(({ fullName }) => fullName === repository)?.commits ?? []
  return commits.map(({ files }) => String(files[file] ?? '')).join('\n')
}

describe('the world', () => {
  test('is built in a moment', () => {
    expect(buildMs).toBeLessThan(3_000)
  })

  test('has the same commits every time', async () => {
    const again = await mkdtemp(path.join(tmpdir(), 'namesake-world-'))
    await buildWorld(again)
    const heads = (where: string) => Promise.all(world.repositories.map(async ({ fullName }) =>
      (await runGit(path.join(where, `${fullName}.git`), ['rev-parse', 'HEAD'])).toString().trim()))
    const [first, second] = [await heads(folder), await heads(again)]
    await rm(again, { recursive: true, force: true })
    expect(second).toEqual(first)
    expect(first[0]).toMatch(/^[0-9a-f]{40}$/)
  })

  test('expects only what its repositories hold', () => {
    const files = new Set(world.repositories.flatMap(({ fullName, commits }) => commits.flatMap(({ files: changed }) => Object.keys(changed).map((file) => `${fullName} ${file}`))))
    expect(expected.filter((one) => !files.has(place(one)))).toEqual([])
    expect(expected.filter(({ why }) => why === '')).toEqual([])
  })

  test.each(expected.filter(({ findable }) => findable))('$identifier is found by search in $repository $path: $why', async (one) => {
    expect(await found(one.identifier)).toContain(place(one))
  })

  test.each(expected.filter(({ why }) => why.includes('code search does not index it')))('$identifier is not found in $repository $path: $why', async (one) => {
    expect(await found(one.identifier)).not.toContain(place(one))
    expect(contentOf(one)).toContain(one.identifier)
  })

  test.each(expected.filter(({ findable, why }) => !findable && !why.includes('code search does not index it')))('$identifier in $repository $path is a trap, for its letters do stand there: $why', (one) => {
    expect(contentOf(one).toLowerCase()).toContain(one.identifier.toLowerCase())
  })

  test('has copies with the same content, and a person whose account is known', async () => {
    const hits = (await search(sandbox, '"@acme-corp/auth-client" filename:package.json')).items
    expect(new Set(hits.filter((hit) => hit.repository.full_name !== 'acme-corp/engineering-handbook').map((hit) => hit.sha)).size).toBe(1)
    const { data } = await graphql(sandbox, '{ repository(owner:"jana-doe",name:"checkout-prototype") { object(expression:"HEAD") { ... on Commit { history(first:1,path:"package.json") { nodes { author { user { login company } } } } } } } }')
    expect(data).toMatchObject({ repository: { object: { history: { nodes: [{ author: { user: { login: 'jana-doe', company: '@acme-corp' } } }] } } } })
  })

  test('has pages that links of alerts lead to', async () => {
    const [hit] = (await search(sandbox, '"@acme-corp/auth-client" repo:jana-doe/checkout-prototype filename:package.json')).items
    const html = await (await ask(sandbox, hit?.html_url ?? '', { token: null })).text()
    expect(html).toContain('<span id="L7"><a href="#L7">7</a>    &quot;@acme-corp/auth-client&quot;: &quot;^2.1.0&quot;,')
    expect(await (await fetch(sandbox.url)).text()).toContain('jana-doe/checkout-prototype')
    expect(await (await fetch(`${sandbox.url}/jana-doe/checkout-prototype`)).text()).toContain('package-lock.json')
  })

  test('has an inventory in the form of namesake.yaml, with every kind of line', () => {
    // The expectation compares its keys.
    const { organization, inventory } = parse(demoInventory) as { organization: unknown; inventory: readonly Record<string, unknown>[] }
    expect(organization).toEqual({ name: 'Acme Corp', domains: ['acme-corp.com'], github: ['acme-corp'] })
    const kinds = new Set(inventory.flatMap((line) => ['name', 'pattern', 'host', 'codename', 'regex'].filter((kind) => kind in line)))
    expect([...kinds].sort()).toEqual(['codename', 'host', 'name', 'pattern', 'regex'])
  })

  test('is described beside its repositories', async () => {
    expect(JSON.parse(await readFile(path.join(folder, 'sandbox.json'), 'utf8'))).toMatchObject({ repositories: { 'student42/checkout-prototype': { forkOf: 'jana-doe/checkout-prototype' } } })
  })
})
