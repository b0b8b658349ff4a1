import type { components, paths } from '@octokit/openapi-types'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { CodeSearchBody } from '../../src/sandbox/github/code-search.ts'
import { parseNodeId } from '../../src/sandbox/github/catalogue.ts'
import { describeBlob, describeCodeHit, describeMinimalRepository, describeUser, type FullRepository } from '../../src/sandbox/github/shapes.ts'
import { ask, commit, search, useSandbox, useShelf } from './open-sandbox.ts'

type Schemas = components['schemas']

const shelf = useShelf({ 'ann/app': [commit({ 'a.txt': 'needle\n' })] })
const world = useSandbox(shelf)

/** Members of an object with the kinds of their values, in order of name. */
function kinds(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, one]) => [name, one === null ? 'null' : typeof one]))
}

describe('bodies have the form that GitHub publishes', () => {
  test('by their types', () => {
    expectTypeOf<CodeSearchBody>().toEqualTypeOf<paths['/search/code']['get']['responses'][200]['content']['application/json']>()
    expectTypeOf(describeCodeHit).returns.toEqualTypeOf<Schemas['code-search-result-item']>()
    expectTypeOf(describeMinimalRepository).returns.toEqualTypeOf<Schemas['minimal-repository']>()
    expectTypeOf(describeUser).returns.toEqualTypeOf<Schemas['simple-user']>()
    expectTypeOf(describeBlob).returns.toEqualTypeOf<Schemas['blob']>()
    expectTypeOf<FullRepository['full_name']>().toEqualTypeOf<string>()
  })

  test('on the wire: a hit of code search', async () => {
    const [hit] = (await search(world.sandbox, 'needle')).items
    expect(kinds(hit)).toEqual({ name: 'string', path: 'string', sha: 'string', url: 'string', git_url: 'string', html_url: 'string', repository: 'object', score: 'number' })
    const { owner, ...repository } = kinds(hit?.repository)
    expect(owner).toBe('object')
    expect(repository).toMatchObject({ id: 'number', node_id: 'string', name: 'string', full_name: 'string', private: 'boolean', html_url: 'string', description: 'null', fork: 'boolean', url: 'string', contents_url: 'string' })
    expect(kinds(hit?.repository.owner)).toMatchObject({ login: 'string', id: 'number', node_id: 'string', type: 'string', site_admin: 'boolean' })
  })

  test('on the wire: node ids name the database id', async () => {
    const [hit] = (await search(world.sandbox, 'needle')).items
    expect(hit?.repository.node_id).toMatch(/^R_kgDO/)
    expect(parseNodeId(hit?.repository.node_id ?? '')).toEqual({ prefix: 'R', id: hit?.repository.id, oid: null })
    expect(['', 'R_', 'R_AAAA', 'nonsense', `R_${'A'.repeat(200)}`].map(parseNodeId)).toEqual([null, null, null, null, null])
  })

  test('on the wire: the rate headers, in lower case, on every counted answer', async () => {
    const response = await ask(world.sandbox, '/repos/no/no')
    const rate = [...response.headers.keys()].filter((name) => name.startsWith('x-ratelimit'))
    expect(rate.sort()).toEqual(['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-ratelimit-resource', 'x-ratelimit-used'])
  })
})
