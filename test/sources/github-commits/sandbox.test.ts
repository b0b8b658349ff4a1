import { describe, expect, test } from 'vitest'
import { githubCommits } from '../../../src/sources/github-commits/index.ts'
import { githubRepositories } from '../../../src/sources/github-repositories/index.ts'
import { commit, useSandbox, useShelf } from '../../sandbox/open-sandbox.ts'
import { drain, textOf } from '../drain.ts'
import { openOnSandbox } from '../open-on-sandbox.ts'

const now = new Date('2026-11-22T12:00:00Z')
const name = 'acme-corp-auth-client'
const terms = [{ text: name, covers: ['1'] }]
const shelf = useShelf({
  'ann/app': [commit({ 'a.txt': 'a\n' }, { message: 'begin\n' }), commit({ 'a.txt': 'b\n' }, { message: `bump ${name}\n\nto 2.0\n`, date: '2099-01-01T00:00:00Z' })],
  'acme-corp/own': [commit({ 'a.txt': 'a\n' }, { message: `${name}\n` })],
  'bob/notes': [commit({ 'a.txt': 'a\n' })],
  'bob/acme-corp-auth-client-fork': [commit({ 'a.txt': 'a\n' })],
})
const world = useSandbox(shelf, () => ({
  now: () => now, limits: { searchPerMinute: 1_000 },
  repositories: [
    shelf.source('ann/app'), shelf.source('acme-corp/own', { description: name }), shelf.source('bob/notes', { description: 'on builds', topics: [name] }),
    shelf.source('bob/acme-corp-auth-client-fork', { forkOf: 'ann/app' }),
  ],
}))

describe('commit messages', () => {
  const open = () => openOnSandbox(githubCommits, world.sandbox, { place: 'commits', now: () => now })

  test('come whole with the search; forged dates hide nothing and are not believed', async () => {
    const { documents, shortfalls } = await drain(open(), { terms })
    expect(shortfalls).toEqual([])
    expect(documents.map(textOf)).toEqual([`bump ${name}\n\nto 2.0`])
    expect(documents[0]).toMatchObject({ source: 'github-commits', publishedAt: null, container: { name: 'ann/app' }, path: null, author: 'Ann' })
    expect(documents[0]?.ref).toBe(`${documents[0]?.container.id}@${documents[0]?.revision}`)
    expect(documents[0]?.url).toBe(`${world.sandbox.url}/ann/app/commit/${documents[0]?.revision}`)
  })

  test('of our own repositories are no leak', async () => {
    await drain(open(), { terms })
    expect(world.sandbox.requests().map(({ query }) => query['q'])).toEqual([`"${name}" is:public -org:acme-corp`])
  })

  test('nothing is fetched; a hit that nobody made is told as unreadable', async () => {
    expect((await open().fetch([{ ref: 'x', contentHash: null, locator: {}, container: 'a/b', path: null }])).unreadable).toHaveLength(1)
  })
})

describe('repository names, descriptions and topics', () => {
  test('come whole with the search, forks too; what they say was said at the last change, or before', async () => {
    const open = openOnSandbox(githubRepositories, world.sandbox, { place: 'repositories', now: () => now })
    const { documents, shortfalls } = await drain(open, { terms })
    expect(shortfalls).toEqual([])
    expect(documents.map(({ title }) => title).sort()).toEqual(['bob/acme-corp-auth-client-fork', 'bob/notes'])
    const notes = documents.find(({ title }) => title === 'bob/notes')
    expect(notes).toMatchObject({ author: 'bob', publishedAtIsLowerBound: true, url: `${world.sandbox.url}/bob/notes`, ref: notes?.container.id })
    expect(notes === undefined ? '' : textOf(notes)).toBe(`notes\non builds\n${name}`)
  })
})
