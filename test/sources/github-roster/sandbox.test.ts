import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Memory } from '../../../src/contracts/source.ts'
import { NamesakeError } from '../../../src/errors.ts'
import { importCommits, type CommitSource } from '../../../src/sandbox/git/import-commits.ts'
import { runGit } from '../../../src/sandbox/git/run-git.ts'
import type { EventSource } from '../../../src/sandbox/publications.ts'
import type { Sandbox } from '../../../src/sandbox/start.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'
import { githubRoster } from '../../../src/sources/github-roster/index.ts'
import { commit, openSandbox, useShelf } from '../../sandbox/open-sandbox.ts'
import { fixedClock, type FixedClock } from '../../support/clock.ts'
import { drain, knownOf, textOf, type Drained } from '../drain.ts'
import { openOnSandbox } from '../open-on-sandbox.ts'

const leak = '{ "dependencies": { "@acme-corp/auth-client": "^2.0.0" } }\n'
const dated = (date: string, files: CommitSource['files'], more: Partial<CommitSource> = {}) => commit(files, { date, ...more })
const old = '2024-01-01T00:00:00Z'
const begun = dated(old, { 'README.md': 'hello\n', 'logo.png': new Uint8Array([137, 80, 0, 1]) })
const shelf = useShelf({
  'ann/app': [begun],
  'ann/young': [dated('2026-11-20T08:00:00Z', { 'README.md': 'young\n', 'deep/er/package.json': leak }, { message: 'everything at once\n' })],
  'acme-corp/own': [dated('2026-11-20T08:00:00Z', { 'package.json': leak })],
  'bob/busy': [begun],
  'bob/forced': [begun, dated('2026-11-10T00:00:00Z', { 'a.txt': 'a\n' })],
})
const accounts = [{ login: 'acme-corp', type: 'Organization' as const }, { login: 'ann', organizations: [{ login: 'acme-corp', public: true }] }, { login: 'bob' }, { login: 'carl' }]

interface Scene extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly clock: FixedClock
  readonly memory: Memory
  poll(known?: ReadonlyMap<string, string>): Promise<Drained>
  head(fullName: string, revision?: string): Promise<string>
  push(fullName: string, commits: readonly CommitSource[]): Promise<void>
}

async function stage(people: readonly string[], more: { at?: string; repositories?: readonly string[]; members?: boolean } = {}): Promise<Scene> {
  const clock = fixedClock(more.at ?? '2026-11-22T12:00:00Z')
  const memory = createForgetfulMemory()
  const sandbox = await openSandbox(shelf, { now: clock.now, accounts, repositories: (more.repositories ?? ['ann/app', 'ann/young', 'acme-corp/own', 'bob/busy', 'bob/forced']).map((one) => shelf.source(one)) })
  const gitDir = (fullName: string) => path.join(shelf.folder, `${fullName}.git`)
  return {
    sandbox, clock, memory,
    poll: (known) => drain(openOnSandbox(githubRoster, sandbox, { place: 'roster', now: clock.now, memory, organizations: more.members === true ? ['acme-corp'] : [], settings: { people } }), known === undefined ? {} : { known }),
    head: async (fullName, revision = 'HEAD') => (await runGit(gitDir(fullName), ['rev-parse', revision])).toString().trim(),
    push: (fullName, commits) => importCommits(gitDir(fullName), commits),
    [Symbol.asyncDispose]: () => sandbox.close(),
  }
}

const filesOf = ({ documents }: Drained) => documents.filter(({ path: file }) => file !== null).map(({ container, path: file }) => `${container.name} ${file ?? ''}`).sort()
const sent = (sandbox: Sandbox, pattern: RegExp) => sandbox.requests().filter(({ path: asked }) => pattern.test(asked))

describe('the fast path', () => {
  test('a leak that is pushed to a personal repository is read within two polling intervals of becoming visible', async () => {
    await using scene = await stage(['ann'], { repositories: ['ann/app'] })
    let known = knownOf((await scene.poll()).documents)
    const pushedAt = Date.parse('2026-11-22T12:00:20Z')
    await scene.push('ann/app', [begun, dated('2026-11-22T12:00:20Z', { 'package.json': leak })])
    const visibleAt = pushedAt + 30_000
    let readAt = Infinity
    for (let polls = 0; polls < 5 && readAt === Infinity; polls += 1) {
      scene.clock.advance(60_000)
      const polled = await scene.poll(known)
      known = new Map([...known, ...knownOf(polled.documents)])
      if (polled.documents.some((one) => textOf(one) === leak)) readAt = scene.clock.now().getTime()
    }
    expect(readAt - visibleAt).toBeLessThanOrEqual(2 * 60_000)
    expect(readAt).toBeGreaterThanOrEqual(visibleAt)
  })

  test('what it reads is the document that code search would show: same source, same ref, same content, with who and when', async () => {
    await using scene = await stage(['ann'], { repositories: ['ann/app'] })
    await scene.push('ann/app', [begun, dated('2026-11-21T12:00:20Z', { 'package.json': leak })])
    const { documents, shortfalls } = await scene.poll()
    const [file] = documents.filter(({ path: one }) => one === 'package.json')
    expect(shortfalls).toEqual([])
    expect(file).toMatchObject({
      source: 'github-code', ref: `${file?.container.id ?? ''}:package.json`, revision: await scene.head('ann/app'), author: 'ann',
      publishedAt: new Date('2026-11-21T12:00:20Z'), contentHash: (await scene.head('ann/app', 'HEAD:package.json')),
    })
    expect(file?.url).toBe(`${scene.sandbox.url}/ann/app/blob/${file?.revision ?? ''}/package.json`)
  })

  test('another branch is another place', async () => {
    await using scene = await stage(['ann'], { repositories: ['ann/app'] })
    await scene.push('ann/app', [begun, dated('2026-11-21T12:00:20Z', { 'package.json': leak }, { branch: 'wip/x' })])
    const [file] = (await scene.poll()).documents.filter(({ path: one }) => one === 'package.json')
    expect(file).toMatchObject({ source: 'github-roster', ref: `${file?.container.id ?? ''}:wip/x:package.json` })
  })

  test('a new repository is read whole; what a branch held before it was pushed is not', async () => {
    await using scene = await stage(['ann'], { repositories: ['ann/young'] })
    const polled = await scene.poll()
    expect(filesOf(polled)).toEqual(['ann/young README.md', 'ann/young deep/er/package.json'])
    expect(polled.shortfalls).toEqual([])
  })

  test('the message of a push is read too, and pictures are no gap', async () => {
    await using scene = await stage(['ann'], { repositories: ['ann/app'] })
    await scene.push('ann/app', [begun, dated('2026-11-21T12:00:20Z', { 'other.png': new Uint8Array([137, 0, 1, 2]) }, { message: 'use @acme-corp/x\n' })])
    const { documents, shortfalls, absent } = await scene.poll()
    expect(documents.map(textOf)).toContain('use @acme-corp/x')
    expect([shortfalls, absent]).toEqual([[], ['binary file']])
  })
})

describe('what is asked', () => {
  test('public members of the organisation and the people of the configuration, each once an interval', async () => {
    await using scene = await stage(['carl', 'ann'], { members: true })
    await scene.poll()
    expect(sent(scene.sandbox, /\/events\/public$/).map(({ path: asked }) => asked).sort()).toEqual(['/users/ann/events/public', '/users/carl/events/public'])
    scene.sandbox.clearRequests()
    scene.clock.advance(59_000)
    await scene.poll()
    expect(sent(scene.sandbox, /\/events\/public$/)).toEqual([])
  })

  test('a page that did not change is a 304, costs nothing, and says what it said', async () => {
    await using scene = await stage(['ann'], { repositories: ['ann/young'] })
    const first = await scene.poll()
    scene.clock.advance(60_000)
    scene.sandbox.clearRequests()
    const second = await scene.poll()
    expect(sent(scene.sandbox, /events/).map(({ status, headers }) => [status, headers['if-none-match'] !== undefined])).toEqual([[304, true]])
    // Nothing is lost if the first answer was never stored.
    expect(filesOf(second)).toEqual(filesOf(first))
    scene.clock.advance(60_000)
    expect((await scene.poll(knownOf(second.documents))).fetches).toBe(0)
  })

  test('the poll interval that GitHub asks for is kept to, but never more than an hour', async () => {
    await using scene = await stage(['ann'], { repositories: ['ann/young'] })
    scene.sandbox.setFaults({ pollIntervalGrows: { share: 1, amount: 300 } })
    await scene.poll()
    scene.clock.advance(299_000)
    await scene.poll()
    expect(sent(scene.sandbox, /events/)).toHaveLength(1)
    scene.clock.advance(1_000)
    scene.sandbox.setFaults({ pollIntervalGrows: { share: 1, amount: 9_999 } })
    scene.sandbox.publish({ events: [{ type: 'WatchEvent', actor: 'ann', repository: 'ann/young', at: '2026-11-22T11:00:00Z' }] })
    await scene.poll()
    scene.clock.advance(3_600_000)
    await scene.poll()
    expect(sent(scene.sandbox, /events/)).toHaveLength(3)
  })

  test('our own repositories are not read, whoever pushes', async () => {
    await using scene = await stage([], { members: true })
    scene.sandbox.publish({ events: [{ type: 'PushEvent', actor: 'ann', repository: 'acme-corp/own', at: '2026-11-21T00:00:00Z', ref: 'refs/heads/main', before: '0'.repeat(40), head: await scene.head('acme-corp/own') }] })
    const polled = await scene.poll()
    expect(filesOf(polled).filter((one) => one.startsWith('acme-corp/'))).toEqual([])
  })

  test('no name is sent to anybody: the roster covers everything and asks for people', async () => {
    await using scene = await stage(['ann'], { members: true })
    await scene.poll()
    expect(scene.sandbox.requests().length).toBeGreaterThan(3)
    expect(JSON.stringify(scene.sandbox.requests())).not.toContain('auth-client')
  })

  test('nobody on the roster is told as such', async () => {
    await using scene = await stage([])
    const source = openOnSandbox(githubRoster, scene.sandbox, { place: 'roster', now: scene.clock.now, organizations: [] })
    expect(source.plan({ terms: [], everything: ['1', '2'] })).toMatchObject({ queries: [], unsearchable: [{ covers: ['1', '2'] }] })
  })
})

describe('what events do not tell', () => {
  const event = (more: Partial<EventSource>): EventSource => ({ type: 'PushEvent', actor: 'bob', repository: 'bob/forced', at: '2026-11-21T10:00:00Z', ref: 'refs/heads/main', ...more })

  test('a forced push whose former commit is gone: the whole branch is read', async () => {
    await using scene = await stage(['bob'], { repositories: ['bob/forced'], at: '2026-12-20T00:00:00Z' })
    scene.sandbox.publish({ events: [event({ at: '2026-12-19T00:00:00Z', before: '1'.repeat(40), head: await scene.head('bob/forced') })] })
    expect(filesOf(await scene.poll())).toEqual(['bob/forced README.md', 'bob/forced a.txt'])
  })

  test('a pushed commit that is gone is absent, and so is a repository that is gone', async () => {
    await using scene = await stage(['bob'], { repositories: ['bob/forced'], at: '2026-12-20T00:00:00Z' })
    scene.sandbox.publish({ events: [event({ at: '2026-12-19T00:00:00Z', before: '1'.repeat(40), head: '2'.repeat(40) })] })
    const polled = await scene.poll()
    expect([polled.documents, polled.absent, polled.shortfalls]).toEqual([[], ['what was pushed is not there any more'], []])
  })

  test('a push that no event tells of lies between two others, and is read with the later one', async () => {
    await using scene = await stage(['bob'], { repositories: ['bob/busy'] })
    await scene.push('bob/busy', [
      begun, dated('2026-11-18T10:00:00Z', { 'one.txt': '1\n' }), dated('2026-11-19T10:00:00Z', { 'lost.json': leak }), dated('2026-11-20T10:00:00Z', { 'three.txt': '3\n' }),
    ])
    // The second of the three is left out on every call.
    scene.sandbox.setFaults({ eventsMissing: { share: 1, amount: 0.34 } })
    const polled = await scene.poll()
    const pushes = polled.documents.filter(({ path: one }) => one === null)
    expect(pushes.length).toBeLessThan(3)
    scene.sandbox.setFaults({})
    scene.clock.advance(60_000)
    expect(filesOf(await scene.poll())).toEqual(['bob/busy lost.json', 'bob/busy one.txt', 'bob/busy three.txt'])
  })

  test('several pushes of a day are one comparison', async () => {
    await using scene = await stage(['bob'], { repositories: ['bob/busy'] })
    await scene.push('bob/busy', [begun, ...[1, 2, 3, 4].map((hour) => dated(`2026-11-19T0${hour}:00:00Z`, { [`${hour}.txt`]: `${hour}\n` }))])
    expect(filesOf(await scene.poll())).toHaveLength(4)
    expect(sent(scene.sandbox, /\/compare\//)).toHaveLength(1)
  })

  test('more files than a comparison shows are told', async () => {
    await using scene = await stage(['bob'], { repositories: ['bob/busy'] })
    await scene.push('bob/busy', [begun, dated('2026-11-19T01:00:00Z', Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`f${index}.txt`, `${index}\n`])))])
    const polled = await scene.poll()
    expect(filesOf(polled)).toHaveLength(300)
    expect(polled.shortfalls).toEqual(['a push changed more files than the 300 that GitHub compares'])
    // Batches of twenty, not one request a file.
    expect(sent(scene.sandbox, /graphql/)).toHaveLength(15)
  })

  test('more events than GitHub shows are told, until a poll reaches back to the one before', async () => {
    await using scene = await stage(['carl'], { repositories: ['bob/busy'] })
    const stars = (count: number, from: string): EventSource[] => Array.from({ length: count }, (_, index) => ({ type: 'WatchEvent', actor: 'carl', repository: 'bob/busy', at: new Date(Date.parse(from) + index * 1_000).toISOString() }))
    scene.sandbox.publish({ events: stars(310, '2026-11-20T00:00:00Z') })
    const words = 'somebody on the roster did more than the 300 things that GitHub shows'
    expect((await scene.poll()).shortfalls).toEqual([words])
    scene.clock.advance(60_000)
    scene.sandbox.publish({ events: stars(3, '2026-11-21T00:00:00Z') })
    expect((await scene.poll()).shortfalls).toEqual([])
  })

  test('somebody whom GitHub does not know is told, without naming them', async () => {
    await using scene = await stage(['nobody-at-all'])
    expect((await scene.poll()).shortfalls).toEqual(['GitHub does not know somebody on the roster (any more)'])
  })

  test.each(['connectionReset', 'truncatedJson', 'badGatewayHtml', 'secondaryLimit403'] as const)('a poll that meets %s fails; the next one has all of it', async (fault) => {
    await using scene = await stage(['ann'], { repositories: ['ann/young'] })
    scene.sandbox.setFaults({ [fault]: { calls: [1] } })
    await expect(scene.poll()).rejects.toBeInstanceOf(NamesakeError)
    scene.clock.advance(61_000)
    expect(filesOf(await scene.poll())).toHaveLength(2)
  })
})
