import { describe, expect, test } from 'vitest'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'
import type { GistSource } from '../../../src/sandbox/publications.ts'
import { githubGists } from '../../../src/sources/github-gists/index.ts'
import { commit, openSandbox, useShelf } from '../../sandbox/open-sandbox.ts'
import { drain, knownOf, textOf } from '../drain.ts'
import { openOnSandbox } from '../open-on-sandbox.ts'

const now = () => new Date('2026-11-22T12:00:00Z')
const leak = '{ "dependencies": { "@acme-corp/auth-client": "^2.0.0" } }\n'
const shelf = useShelf({ 'ann/app': [commit({ 'a.txt': 'a\n' })] })
const id = (digit: string) => digit.repeat(32)
const gist = (more: Partial<GistSource> = {}): GistSource => ({ owner: 'ann', id: id('a'), description: 'how I build', files: { 'package.json': leak, 'notes.md': 'hm\n' }, createdAt: '2026-11-01T00:00:00Z', ...more })

async function stage(...gists: readonly GistSource[]) {
  const sandbox = await openSandbox(shelf, { now })
  sandbox.publish({ gists })
  const memory = createForgetfulMemory()
  const poll = (known?: ReadonlyMap<string, string>, people: readonly string[] = ['ann']) =>
    drain(openOnSandbox(githubGists, sandbox, { place: 'gists', now, memory, organizations: [], settings: { people } }), known === undefined ? {} : { known })
  return { sandbox, poll, [Symbol.asyncDispose]: () => sandbox.close() }
}

describe('gists of people on the roster', () => {
  test('are read whole: each file with its name, and the description', async () => {
    await using scene = await stage(gist())
    const { documents, shortfalls } = await scene.poll()
    expect(shortfalls).toEqual([])
    expect(documents.map((one) => [one.ref, one.path, textOf(one)])).toEqual([
      [`gist:${id('a')}:package.json`, 'package.json', leak], [`gist:${id('a')}:notes.md`, 'notes.md', 'hm\n'], [`gist:${id('a')}`, null, 'how I build'],
    ])
    expect(documents[0]).toMatchObject({ author: 'ann', publishedAt: new Date('2026-11-01T00:00:00Z'), publishedAtIsLowerBound: false, lineAnchor: '#file-package-json-L' })
  })

  test('are not read again before they change; then since when is a lower bound', async () => {
    await using scene = await stage(gist(), gist({ id: id('b') }))
    const first = await scene.poll()
    const known = knownOf(first.documents)
    expect((await scene.poll(known)).fetches).toBe(0)
    expect(scene.sandbox.requests().at(-1)).toMatchObject({ status: 304 })
    scene.sandbox.publish({ gists: [gist({ id: id('b'), updatedAt: '2026-11-20T00:00:00Z' })] })
    const third = await scene.poll(known)
    expect(third.fetches).toBe(1)
    expect(third.documents[0]).toMatchObject({ revision: '2026-11-20T00:00:00Z', publishedAtIsLowerBound: true })
  })

  test('that were never stored are told again by a 304', async () => {
    await using scene = await stage(gist())
    const first = await scene.poll()
    expect(knownOf((await scene.poll()).documents)).toEqual(knownOf(first.documents))
  })

  test('more than a page of them are all listed', async () => {
    await using scene = await stage(...Array.from({ length: 101 }, (_, index) => gist({ id: index.toString(16).padStart(32, '0'), files: { a: 'a' } })))
    expect((await scene.poll()).fetches).toBe(101)
  })

  test('a file that is cut is told, and marked', async () => {
    await using scene = await stage(gist({ files: { 'big.txt': 'x'.repeat(1_000_001) } }))
    const { documents, shortfalls } = await scene.poll()
    expect(documents[0]?.truncated).toBe(true)
    expect(shortfalls).toEqual(['a file of a gist is longer than what GitHub shows of it'])
  })

  test('a blocked gist is absent, and stops nobody', async () => {
    await using scene = await stage(gist({ blocked: true }), gist({ id: id('c') }))
    const { absent, documents } = await scene.poll()
    expect([absent, documents.length]).toEqual([['the gist is gone, blocked, or not public any more'], 3])
  })

  test('of somebody whom GitHub does not know are told, without naming them', async () => {
    await using scene = await stage(gist())
    expect((await scene.poll(undefined, ['nobody-at-all'])).shortfalls).toEqual(['GitHub does not know somebody on the roster (any more)'])
  })
})
