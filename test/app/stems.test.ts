import { describe, expect, test } from 'vitest'
import { desc } from '../../src/db/drizzle.ts'
import { lessons, watches } from '../../src/db/schema/index.ts'
import { listFindings } from '../../src/findings/list-findings.ts'
import { listDoubts } from '../../src/runs/read-knowledge.ts'
import type { Place } from '../../src/remotes/github/shares.ts'
import type { Tokenisation } from '../../src/sandbox/github/find-words.ts'
import { commit, useShelf, type Files } from '../sandbox/open-sandbox.ts'
import { createDatabase } from '../support/database.ts'
import { createWorld, sweepOnce } from '../support/world.ts'

const names = Array.from({ length: 12 }, (_, at) => `zentara-corp-tool${at}`)
const scoped = Array.from({ length: 12 }, (_, at) => `@zentara-corp/kit${at}`)
const leaks: Files = {
  'requirements.txt': names.map((name) => `${name}==1.0\n`).join(''),
  'web/package.json': JSON.stringify({ dependencies: { [scoped[0] ?? '']: '1' } }),
}
const leaked = [...names, scoped[0] ?? ''].sort()
const told = [...names.slice(0, 3), scoped[0] ?? '']
const messages = told.map((name, at) => commit({ 'a.txt': `${at}\n` }, { message: `bump ${name}\n` }))
const shelf = useShelf({ 'sam/dotfiles': [commit(leaks)], 'pat/tools': messages })
const inventory = `organization: { name: Zentara, github: [zentara-corp] }
inventory:
${names.map((name) => `  - { name: ${name}, ecosystem: pypi }`).join('\n')}
${scoped.map((name) => `  - { name: "${name}", ecosystem: npm }`).join('\n')}`

async function openCompany(tokenisation: Tokenisation, place: Place = 'code') {
  const database = await createDatabase()
  const world = await createWorld({ inventory, places: [place], sandbox: { repositories: shelf.sources(), tokenisation } })
  const app = await world.open(database.url, { now: movingClock() })
  return {
    database, world, app,
    searches: () => world.sandbox.requests().filter(({ path }) => path.includes('/search/')),
    async [Symbol.asyncDispose]() {
      await app.close()
      await world[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

describe('a sweep by stems', () => {
  test('finds every leak with a few queries where the search reads over hyphens', async () => {
    await using company = await openCompany('tokens')
    const report = await sweepOnce(company.app)
    expect(await foundIn(company)).toEqual(leaked)
    expect(report.incomplete).toEqual([])
    // A stem and one check instead of 24 names.
    expect(company.searches().length).toBe(2)
    const stored = await company.database.database.db.select().from(watches).orderBy(desc(watches.purpose))
    expect(stored).toMatchObject([{ term: 'zentara-corp', purpose: 'cover', price: 1, trialSince: null }, { purpose: 'check' }])
  }, 60_000)

  test('that proves nothing searches the names one by one in the same sweep, remembers it, and tells one baseline', async () => {
    await using company = await openCompany('compounds')
    await sweepOnce(company.app)
    expect(await foundIn(company)).toEqual(leaked)
    expect((await company.database.database.db.select().from(lessons)).filter(({ subject }) => subject === '>-')).toMatchObject([{ lesson: 'tried' }])
    expect(company.world.sandbox.slack.messages()).toHaveLength(1)
    // The scoped names are still one query; the one trial was in vain.
    const first = company.searches().length
    expect(first).toBeLessThanOrEqual(names.length + 3)
    await sweepOnce(company.app)
    expect(company.searches().length - first).toBeLessThanOrEqual(names.length + 2)
  }, 60_000)

  test('stops believing when another query brings what the stem does not, and says why', async () => {
    await using company = await openCompany('tokens')
    await sweepOnce(company.app)
    // From now on the search joins words at hyphens; every name that may be checked is leaked.
    await using changed = await createWorld({ inventory, sandbox: { repositories: shelf.sources(), tokenisation: 'compounds' } })
    const app = await changed.open(company.database.url)
    try {
      await sweepOnce(app)
      expect(await foundIn(company)).toEqual(leaked)
      const doubts = await listDoubts(company.database.database.db, 'github-code', new Date())
      expect(doubts).toMatchObject([{ kind: 'edge', subject: '>-', reason: expect.stringContaining('requirements.txt') }])
      expect((await company.database.database.db.select().from(watches)).filter(({ purpose, retiredAt }) => purpose === 'cover' && retiredAt === null)).toHaveLength(names.length + 1)
    } finally {
      await app.close()
    }
  }, 60_000)
})

test.each([
  ['tokens', 4, 'a few queries for all, once a message has shown that the search reads over hyphens'],
  ['compounds', names.length + scoped.length + 4, 'a query for each name, where none has: nothing is lost'],
] as const)('commit messages in a search by %s: at most %i queries: %s', async (tokenisation, most, _why) => {
  await using company = await openCompany(tokenisation, 'commits')
  const report = await sweepOnce(company.app)
  expect(await foundIn(company)).toEqual(told.toSorted())
  expect(report.incomplete).toEqual([])
  expect(company.searches().length).toBeLessThanOrEqual(most)
}, 60_000)

/** A millisecond later at each look: no two moments of a sweep are the same. */
function movingClock(): () => Date {
  const began = Date.now()
  let looks = 0
  return () => new Date(began + looks++)
}

async function foundIn({ database }: { readonly database: Awaited<ReturnType<typeof createDatabase>> }): Promise<string[]> {
  return (await listFindings(database.database.db)).map(({ identifier }) => identifier).sort()
}
