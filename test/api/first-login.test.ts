import { beforeEach, expect, test } from 'vitest'
import { lookAtLink, makeFirstLink } from '../../src/accounts/link.ts'
import { useLink } from '../../src/accounts/use-link.ts'
import { invite } from '../../src/accounts/invite.ts'
import { accountLinks, accounts } from '../../src/db/schema/index.ts'
import { fixedClock } from '../support/clock.ts'
import { useDatabase } from '../support/database.ts'

const own = useDatabase({ truncate: true })
let clock = fixedClock('2026-11-02T09:00:00Z')
beforeEach(() => {
  clock = fixedClock('2026-11-02T09:00:00Z')
})
const first = (again = false) => makeFirstLink(own.database.db, { now: clock.now(), again })
const visitor = { agent: 'Test', address: '192.0.2.1' }
const use = (token: string, email = 'a@acme-corp.com') => useLink(own.database.db, { token, password: 'correct horse battery', email, name: 'A', visitor, now: clock.now() })

test('of all processes that start at once one tells the link, and the next start tells none', async () => {
  const links = await Promise.all(Array.from({ length: 5 }, () => first()))
  expect(links.filter((link) => link !== null)).toHaveLength(1)
  expect(await first()).toBeNull()
  expect(JSON.stringify((await own.database.db.select().from(accountLinks)).map(({ tokenHash }) => tokenHash))).not.toContain(links.find((link) => link !== null)?.token)
})

test('it makes one administrator, however often it is used at once', async () => {
  const link = await first()
  const uses = await Promise.allSettled(['a@acme-corp.com', 'b@acme-corp.com'].map((email) => use(link?.token ?? '', email)))
  expect(uses.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect((await own.database.db.select().from(accounts)).map(({ role }) => role)).toEqual(['administrator'])
  await expect(use(link?.token ?? '')).rejects.toThrow('used already')
  expect([await first(), await first(true)]).toEqual([null, null])
})

test('it ends after a day; then a start tells a new one', async () => {
  const link = await first()
  clock.advance(24 * 3_600_000)
  await expect(use(link?.token ?? '')).rejects.toThrow('has ended')
  const next = await first()
  expect(next).not.toBeNull()
  await use(next?.token ?? '')
})

test('whoever lost it asks for another, and the lost one ends', async () => {
  const lost = await first()
  const found = await first(true)
  await expect(lookAtLink(own.database.db, lost?.token ?? '', clock.now())).rejects.toThrow('none of ours')
  expect(await lookAtLink(own.database.db, found?.token ?? '', clock.now())).toMatchObject({ kind: 'first', email: null })
})

test('it makes nobody an administrator once somebody was invited on the command line', async () => {
  const link = await first()
  await invite(own.database.db, { email: 'b@acme-corp.com', name: 'B', role: 'administrator', actor: { kind: 'cli', name: 'root' }, now: clock.now() })
  await expect(use(link?.token ?? '')).rejects.toThrow('there are accounts already')
  expect(await own.database.db.select().from(accounts)).toHaveLength(1)
})
