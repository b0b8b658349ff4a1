import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useLink } from '../../src/accounts/use-link.ts'
import { auditTrail } from '../../src/db/schema/index.ts'
import { useDatabase } from '../support/database.ts'
import { namesake } from './run-namesake.ts'

const own = useDatabase()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-accounts-'))
  await writeFile(path.join(folder, 'namesake.yaml'), 'organization: { name: Acme Corp }\nweb: { url: "https://namesake.acme-corp.com" }\n')
})
afterAll(() => rm(folder, { recursive: true }))

const accounts = (...args: string[]) => namesake(['accounts', ...args], { cwd: folder, env: { DATABASE_URL: own.url } })

test('the first link, an invitation, a role, and a way back for who is locked out', async () => {
  const first = await accounts('first')
  expect(first.stdout).toMatch(/^Nobody has an account yet\. .*:\n {2}https:\/\/namesake\.acme-corp\.com\/welcome#[\w-]{43}\n$/)
  const token = /#(?<token>\S+)/.exec(first.stdout)?.groups?.['token'] ?? ''
  await useLink(own.database.db, { token, password: 'correct horse battery', email: 'ann@acme-corp.com', name: 'Ann', visitor: { agent: '', address: '' }, now: new Date() })

  const [again, invited] = await Promise.all([accounts('first'), accounts('invite', 'Bob@Acme-Corp.com', '--role', 'analyst')])
  expect(again.stdout).toContain('There are accounts already')
  expect(invited.stdout).toMatch(/^https:\/\/namesake\.acme-corp\.com\/welcome#[\w-]{43}\ngood for one use, until /)

  const [last, reset] = await Promise.all([accounts('role', 'ann@acme-corp.com', 'viewer'), accounts('reset', 'bob@acme-corp.com')])
  expect([last.code, last.stderr]).toEqual([2, expect.stringContaining('the last administrator')])
  expect(reset.stdout).toMatch(/\/welcome#[\w-]{43}\n/)

  const [nobody, list] = await Promise.all([accounts('disable', 'eve@acme-corp.com'), accounts('list', '--json')])
  expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('there is no account eve@acme-corp.com')])
  expect(JSON.parse(list.stdout)).toMatchObject([{ email: 'ann@acme-corp.com', role: 'administrator', status: 'active' }, { email: 'bob@acme-corp.com', name: 'bob@acme-corp.com', role: 'analyst', status: 'invited' }])
  const trail = await own.database.db.select().from(auditTrail)
  expect(trail.map(({ verb, actorKind }) => [verb, actorKind])).toEqual([['account-opened', 'user'], ['account-invited', 'cli'], ['password-reset-asked', 'cli']])
}, 120_000)
