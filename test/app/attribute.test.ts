import { expect, test } from 'vitest'
import type { CommitSource } from '../../src/sandbox/git/import-commits.ts'
import { createTrace } from '../support/trace.ts'

const jana = { name: 'Jana', email: 'jana@home.example' }
const peter = { name: 'Peter', email: 'peter@acme-corp.com' }
const manifest = (...dependencies: string[]) => `{\n  "name": "weekend",\n  "private": true,\n  "dependencies": {\n    ${dependencies.join(',\n    ')}\n  }\n}\n`
const before: CommitSource = { author: jana, date: '2026-09-01T10:00:00Z', message: 'begin\n', files: { 'package.json': manifest('"express": "^5.0.0"') } }
const leak: CommitSource = { author: peter, date: '2026-10-05T10:00:00Z', message: 'auth\n', files: { 'package.json': manifest('"express": "^5.0.0"', '"acme-corp-auth": "^1.0.0"') } }
const after: CommitSource = { author: jana, date: '2026-10-20T10:00:00Z', message: 'more\n', files: { 'package.json': manifest('"express": "^5.1.0"', '"acme-corp-auth": "^1.0.0"') } }
const repository = 'jana/weekend'
const now = '2026-11-01T10:00:00Z'

test('the line is blamed on whoever wrote it, when they did, with the reason of their relation; the exposure begins there', async () => {
  await using trace = await createTrace({
    repositories: { [repository]: [before, leak, after] }, about: { [repository]: { stars: 7, archived: true } }, now,
    accounts: [
      { login: 'jana', company: 'previously Acme Corp', organizations: [] },
      { login: 'petervdb', emails: ['peter@acme-corp.com'], organizations: [{ login: 'acme-corp', public: true }] },
      { login: 'acme-corp', type: 'Organization' },
    ],
  })
  await trace.sweep()
  expect(await trace.place()).toMatchObject({
    author: 'petervdb',
    introducedAt: '2026-10-05T10:00:00.000Z',
    introduction: { exact: true, doubts: [], author: { login: 'petervdb', emailDomain: 'acme-corp.com', relation: 'member', reason: 'public member of acme-corp' } },
    container: { facts: { stars: 7, archived: true, fork: false, lastPush: '2026-10-20T10:00:00.000Z' }, owner: { login: 'jana', relation: 'profile' } },
  })
  expect(await trace.finding()).toMatchObject({ publicSince: '2026-10-05T10:00:00.000Z', publicSinceIsLowerBound: false })
  expect(await trace.verbs()).toEqual(['found', 'dated'])
  // No address is kept, of nobody.
  expect(JSON.stringify(await trace.findings())).not.toContain('peter@')
})

test('somebody on the list of people is known, an address of the company is a hint, and nothing shown is unknown', async () => {
  const by = (name: string, email: string): CommitSource => ({ ...leak, author: { name, email } })
  await using trace = await createTrace({
    repositories: { 'former/a': [by('F', 'former@home.example')], 'hint/b': [by('H', 'h@mail.acme-corp.com')], 'nobody/c': [by('N', 'n@home.example')] }, now,
    people: ['former'], accounts: [{ login: 'former', emails: ['former@home.example'] }],
  })
  await trace.sweep()
  const relations = (await trace.finding()).occurrences.map(({ repository: name, introduction }) => `${name} ${introduction?.author.relation}`)
  expect(relations.sort()).toEqual(['former/a known', 'hint/b email-domain', 'nobody/c unknown'])
})

const doubtful: readonly [string, Partial<CommitSource>, { createdAt?: string; pushedAt?: string }, string][] = [
  ['in the future', { date: '2031-01-01T00:00:00Z' }, {}, 'the date lies in the future'],
  ['from before the repository existed', { date: '2019-01-01T00:00:00Z' }, { createdAt: '2026-08-01T00:00:00Z' }, 'the date is before the repository existed'],
  ['later than the last push', { date: '2026-10-05T10:00:00Z' }, { createdAt: '2026-08-01T00:00:00Z', pushedAt: '2026-09-01T00:00:00Z' }, 'the date is later than the last push to the repository'],
  ['that nobody gave', { date: '1970-01-01T00:00:00Z' }, { createdAt: '2026-08-01T00:00:00Z' }, 'the change has no date'],
]

test('a date that something speaks against is shown with the reason, and moves no exposure', async () => {
  const repositories = Object.fromEntries(doubtful.map(([, change], index) => [`forger/r${index}`, [{ ...leak, ...change, files: { [`d${index}/package.json`]: leak.files['package.json'] ?? '' } }]]))
  const about = Object.fromEntries(doubtful.map(([, , facts], index) => [`forger/r${index}`, facts]))
  await using trace = await createTrace({ repositories, about, now })
  await trace.sweep()
  const finding = await trace.finding()
  for (const [index, [, , , reason]] of doubtful.entries()) {
    expect(finding.occurrences.find((place) => place.repository === `forger/r${index}`)?.introduction?.doubts).toContain(reason)
  }
  expect(finding).toMatchObject({ publicSince: finding.firstSeenAt, publicSinceIsLowerBound: true })
  expect(await trace.verbs()).not.toContain('dated')
})

test('of author\'s and committer\'s date the committer\'s counts: a rebase is a note, no forgery', async () => {
  await using trace = await createTrace({ repositories: { [repository]: [{ ...leak, date: '2025-01-01T00:00:00Z', committedDate: '2026-10-05T10:00:00Z' }] }, now })
  await trace.sweep()
  expect((await trace.place()).introduction).toMatchObject({ authoredAt: '2025-01-01T00:00:00.000Z', doubts: [], notes: ['its author dates it earlier than it was committed'] })
  expect((await trace.finding()).publicSince).toBe('2026-10-05T10:00:00.000Z')
})

test('a blame that is too heavy falls back to the last change of the file: public by then, and asked again tomorrow', async () => {
  await using trace = await createTrace({ repositories: { [repository]: [before, leak, after] }, now })
  // The first GraphQL request fetches the file, the second blames.
  trace.sandbox.setFaults({ graphqlTimeoutHtml: { calls: [2] } })
  await trace.sweep()
  expect(await trace.place()).toMatchObject({ introducedAt: '2026-10-20T10:00:00.000Z', introduction: { exact: false } })
  expect(await trace.finding()).toMatchObject({ publicSince: '2026-10-20T10:00:00.000Z', publicSinceIsLowerBound: true })
  trace.sandbox.setFaults({})
  trace.later(25)
  await trace.ask()
  expect(await trace.place()).toMatchObject({ introducedAt: '2026-10-05T10:00:00.000Z', introduction: { exact: true } })
  expect(await trace.finding()).toMatchObject({ publicSince: '2026-10-05T10:00:00.000Z', publicSinceIsLowerBound: false })
})

test('a path that holds a name with disclose: never is told to nobody: its line is blamed on nobody, and nothing is called gone', async () => {
  await using trace = await createTrace({
    repositories: { [repository]: [{ ...leak, files: { 'services/nightjar/package.json': leak.files['package.json'] ?? '' } }] }, now,
  })
  await trace.sweep()
  trace.later(24 * 8)
  await trace.ask()
  // What goes to the channel is for us.
  const sent = JSON.stringify(trace.sandbox.requests().filter(({ path }) => !path.startsWith('/services/')).map(({ path, query, body }) => [path, query, body]))
  expect(sent.length).toBeGreaterThan(100)
  expect(sent).not.toMatch(/nightjar/i)
  expect(await trace.place()).toMatchObject({ path: 'services/nightjar/package.json', introduction: null, status: 'unknown' })
})
