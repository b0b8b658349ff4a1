import { expect, test } from 'vitest'
import type { ConversationSource, GistSource } from '../../src/sandbox/publications.ts'
import { createTrace, type Trace } from '../support/trace.ts'

const now = '2026-11-01T10:00:00Z'
const accounts = [
  { login: 'petervdb', organizations: [{ login: 'acme-corp', public: true }] }, { login: 'jana', company: 'previously Acme Corp' }, { login: 'acme-corp', type: 'Organization' as const },
]
const repository = 'jana/weekend'
const repositories = { [repository]: [{ author: { name: 'Jana', email: 'jana@home.example' }, date: '2026-09-01T10:00:00Z', message: 'begin\n', files: { 'README.md': 'hello\n' } }] }
const issue: ConversationSource = { kind: 'issue', repository, number: 4, title: 'does not build', body: 'npm ERR! 404 acme-corp-auth is not in this registry', author: 'petervdb', createdAt: '2026-10-05T10:00:00Z' }
const quiet: ConversationSource = { ...issue, body: 'npm ERR! 404' }
const said = { author: 'petervdb', body: 'it wants acme-corp-auth', createdAt: '2026-10-06T10:00:00Z' }
const gist: GistSource = { owner: 'jana', id: 'a'.repeat(32), description: 'how I build', files: { 'package.json': '{ "dependencies": { "acme-corp-auth": "^2.0.0" } }\n' }, createdAt: '2026-10-05T10:00:00Z' }
const ofIssues = (...conversations: ConversationSource[]) => createTrace({ repositories, accounts, places: ['issues'], conversations, now })
const ofGists = (...gists: GistSource[]) => createTrace({ repositories, accounts, places: ['gists'], people: ['jana'], gists, now })
const day = 24

/** What two looks, an hour apart, make of it. */
async function lookTwice(trace: Trace): Promise<readonly [string, string | null]> {
  trace.later(day)
  await trace.ask()
  trace.later(1.5)
  await trace.ask()
  const { status, statusReason } = await trace.place()
  return [status, statusReason]
}

test('who wrote an issue, when, and what they are to the company, with what its repository is', async () => {
  await using trace = await ofIssues(issue)
  await trace.sweep()
  expect(await trace.place()).toMatchObject({
    author: 'petervdb', introducedAt: '2026-10-05T10:00:00.000Z',
    introduction: { exact: true, doubts: [], author: { login: 'petervdb', relation: 'member', reason: 'public member of acme-corp' } },
    container: { owner: { login: 'jana', relation: 'profile' }, facts: { archived: false } },
  })
  expect(await trace.finding()).toMatchObject({ publicSince: '2026-10-05T10:00:00.000Z', publicSinceIsLowerBound: false })
})

test('of an issue that was edited only the edit is told: the name may have come with it', async () => {
  await using trace = await ofIssues({ ...issue, editedAt: '2026-10-09T10:00:00Z' })
  await trace.sweep()
  expect(await trace.place()).toMatchObject({ introducedAt: '2026-10-09T10:00:00.000Z', introduction: { exact: false, author: { relation: 'member' } } })
})

test.each([
  ['comment of an issue', { ...quiet, comments: [said] }],
  ['comment of a discussion', { ...quiet, kind: 'discussion', comments: [said] }],
  ['answer in a discussion', { ...quiet, kind: 'discussion', comments: [{ ...said, author: 'jana', body: 'why?', replies: [said] }] }],
  ['remark on a pull request', { ...issue, kind: 'pull', body: 'acme-corp-auth again', reviewComments: [said] }],
] satisfies [string, ConversationSource][])('a %s is attributed, and asked for again', async (_what, conversation) => {
  await using trace = await ofIssues(conversation)
  await trace.sweep()
  const before = (await trace.finding()).occurrences
  expect(before.length).toBeGreaterThan(0)
  for (const place of before) expect(place).toMatchObject({ author: 'petervdb', introduction: { exact: true, author: { relation: 'member' } } })
  trace.later(day)
  await trace.ask()
  expect((await trace.finding()).occurrences.map(({ status }) => status)).toEqual(before.map(() => 'live'))
  trace.sandbox.unpublish({ conversation: `${repository}#4` })
  trace.later(8 * day)
  await trace.ask()
  trace.later(1.5)
  await trace.ask()
  expect((await trace.finding()).occurrences.map(({ status }) => status)).toEqual(before.map(() => 'gone'))
})

test('a comment that is deleted is gone after a second look, and the issue beside it is asked for as well', async () => {
  await using trace = await ofIssues({ ...quiet, comments: [said] })
  await trace.sweep()
  trace.sandbox.unpublish({ conversation: `${repository}#4`, comment: said })
  trace.later(day)
  await trace.ask()
  expect((await trace.place()).status).toBe('live')
  trace.later(1.5)
  await trace.ask()
  expect(await trace.place()).toMatchObject({ status: 'gone', statusReason: expect.stringContaining('deleted') })
  expect((await trace.finding()).proposed).not.toBeNull()
})

test('an issue whose text does not say it any more is gone from the head: GitHub shows the edits to everybody', async () => {
  await using trace = await ofIssues(issue)
  await trace.sweep()
  trace.sandbox.publish({ conversations: [{ ...quiet, editedAt: '2026-11-01T12:00:00Z' }] })
  expect((await lookTwice(trace))[0]).toBe('gone-from-head')
})

test('an issue is followed when its repository is renamed, and gone when that becomes private', async () => {
  await using trace = await ofIssues(issue)
  await trace.sweep()
  trace.change(repository, { as: 'jana/other', renamedFrom: [repository] })
  trace.later(day)
  await trace.ask()
  expect(await trace.place()).toMatchObject({ status: 'live', repository: 'jana/other', url: expect.stringContaining('/jana/other/issues/4') })
  trace.change('jana/other', { state: 'private' })
  expect((await lookTwice(trace))[0]).toBe('gone')
})

test.each([
  ['null data with errors', { graphqlResourceLimits: true }], ['502 as HTML', { graphqlTimeoutHtml: true }], ['connections that break', { connectionDropped: { routes: ['graphql', 'rest'] } }],
] as const)('%s: an issue, a gist and a commit are never gone for it', async (_name, faults) => {
  for (const open of [() => ofIssues(issue), () => ofGists(gist), ofCommits]) {
    await using trace = await open()
    await trace.sweep()
    trace.sandbox.setFaults(faults)
    expect((await lookTwice(trace))[0]).not.toMatch(/gone/)
  }
})

test('who published a gist and when, and what they are to the company', async () => {
  await using trace = await ofGists(gist)
  await trace.sweep()
  expect(await trace.place()).toMatchObject({
    introducedAt: '2026-10-05T10:00:00.000Z', introduction: { exact: true, author: { login: 'jana', relation: 'known' } }, container: { owner: { login: 'jana' }, facts: { fork: false } },
  })
})

test.each([
  ['deleted', (trace: Trace) => trace.sandbox.unpublish({ gist: gist.id ?? '' }), 'gone'],
  ['blocked', (trace: Trace) => trace.sandbox.publish({ gists: [{ ...gist, blocked: true }] }), 'gone'],
  ['emptied of the name: its revisions still have it', (trace: Trace) => trace.sandbox.publish({ gists: [{ ...gist, files: { 'package.json': '{}\n' }, updatedAt: '2026-11-01T11:00:00Z' }] }), 'gone-from-head'],
  ['rid of the file: its revisions still have it', (trace: Trace) => trace.sandbox.publish({ gists: [{ ...gist, files: { 'a.txt': 'a\n' }, updatedAt: '2026-11-01T11:00:00Z' }] }), 'gone-from-head'],
  ['as it was', () => undefined, 'live'],
] as const)('a gist that is %s', async (_what, change, status) => {
  await using trace = await ofGists(gist)
  await trace.sweep()
  change(trace)
  expect((await lookTwice(trace))[0]).toBe(status)
})

test('a description that does not say it any more is gone: nothing keeps former ones', async () => {
  await using trace = await ofGists({ ...gist, description: 'how acme-corp-auth is built', files: { 'a.txt': 'a\n' } })
  await trace.sweep()
  trace.sandbox.publish({ gists: [{ ...gist, description: 'how it is built', files: { 'a.txt': 'a\n' }, updatedAt: '2026-11-01T11:00:00Z' }] })
  expect((await lookTwice(trace))[0]).toBe('gone')
})

function ofCommits(): Promise<Trace> {
  const [begin] = repositories[repository]
  if (begin === undefined) throw new Error('there is a commit')
  return createTrace({ repositories: { [repository]: [begin, { ...begin, author: { name: 'Peter', email: 'peter@acme-corp.com' }, date: '2026-10-05T10:00:00Z', message: 'use acme-corp-auth\n', files: { 'a.txt': 'a\n' } }] }, accounts, places: ['commits'], now })
}

test('who wrote a commit message and when, with the doubts about its date', async () => {
  await using trace = await ofCommits()
  await trace.sweep()
  expect(await trace.place()).toMatchObject({ introducedAt: '2026-10-05T10:00:00.000Z', introduction: { exact: true, author: { name: 'Peter', relation: 'email-domain' } }, container: { owner: { login: 'jana' } } })
})

test.each([
  ['stays live while the repository has it', {}, 'live'],
  ['is gone when the repository is not public any more', { state: 'gone' }, 'gone'],
  ['is gone when the repository is blocked', { state: 'blocked-451' }, 'gone'],
] as const)('a commit message %s', async (_what, change, status) => {
  await using trace = await ofCommits()
  await trace.sweep()
  trace.change(repository, change)
  expect((await lookTwice(trace))[0]).toBe(status)
})
