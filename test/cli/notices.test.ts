import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { mutes, notices } from '../../src/db/schema/index.ts'
import { addLeak, addNotice } from '../notices/outbox.ts'
import { useReceiver } from '../notifiers/receiver.ts'
import { useDatabase } from '../support/database.ts'
import { namesake, type Ended } from './run-namesake.ts'

// Every step is a process of its own; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const opened = useDatabase({ truncate: true })
const receiver = useReceiver({ status: 202 })
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-notices-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function run(...args: string[]): Promise<Ended> {
  const file = path.join(folder, 'namesake.yaml')
  await writeFile(file, [
    'organization: { name: Acme }',
    `notify: { teams: [{ url: "${receiver.url}/hooks/secretpart" }, { name: oncall, url: "${receiver.url}/hooks/secretpart2" }], routes: [{ to: [teams] }] }`,
  ].join('\n'))
  return namesake(args, { env: { NAMESAKE_CONFIG: file, DATABASE_URL: opened.url }, cwd: folder })
}

describe('a mute on the command line', () => {
  test('holds, shows with its end and reason, and is ended early; who did both is kept', async () => {
    await addNotice(opened.database.db, { channel: 'teams', findingId: (await addLeak(opened.database.db, 'acme-corp-auth')).findingId })
    const muted = await run('mute', '--for', '2h', '--reason', 'the pager is moved', '--as', 'ann')
    expect(muted.stderr).toBe('')
    expect(muted.stdout).toMatch(/^Every destination is told nothing until \d{4}-.*Z; what happens meanwhile waits/)
    const listed = await run('notices')
    expect(listed.stdout).toMatch(/✓ teams: was sent nothing yet; muted until .* UTC: the pager is moved/)
    expect(listed.stdout).toMatch(/teams +leaked +#1 acme-corp-auth +held +muted: the pager is moved \(until /)
    expect((await run('doctor')).stdout).toMatch(/every destination is muted until .* by ann: the pager is moved/)
    expect((await run('findings')).stdout).toMatch(/Every destination is muted until .*: the pager is moved/)
    expect((await run('unmute', '--as', 'bob')).stdout).toBe('1 mute ended; the service, or the next sweep, tells what waited.\n')
    expect(await opened.database.db.select().from(mutes)).toMatchObject([{ channel: null, actor: 'ann', endedBy: 'bob' }])
    expect((await run('unmute')).stdout).toBe('Nothing is muted.\n')
  })

  test.each([
    [['mute', '--reason', 'x'], /a mute needs an end: --for 2h/],
    [['mute', '--for', '2h'], /--reason/],
    [['mute', '--for', '2h', '--destination', 'team', '--reason', 'x'], /no such destination is configured; did you mean "teams"\?/],
    [['resend', '4711'], /no destination refused a notice of this number/],
  ])('%j is refused in words, with exit code 2', async (args, words) => {
    const { code, stderr } = await run(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(words)
    expect(await opened.database.db.select().from(mutes)).toEqual([])
  })
})

describe('notices', () => {
  test('are listed with their reason, as JSON too, and sent again by number', async () => {
    const { db } = opened.database
    expect((await run('notices')).stdout).toContain('Nothing waits, and nothing was refused.')
    const { findingId } = await addLeak(db, 'acme-corp-auth')
    await db.update(notices).set({ channel: 'teams', state: 'dead', reason: 'the workflow refused us (403)', attempts: 1 })
    await addNotice(db, { channel: 'teams', kind: 'reopened', findingId, state: 'dead', reason: 'the workflow refused us (403)' })
    const listed = await run('notices', '--state', 'dead')
    expect(listed.stdout).toMatch(/1 +teams +leaked +#1 acme-corp-auth +dead +the workflow refused us \(403\) after 1 attempt/)
    expect(JSON.parse((await run('notices', '--json')).stdout)).toMatchObject({
      destinations: [{ name: 'teams', dead: 2, state: 'idle' }, { name: 'teams-oncall', dead: 0 }],
      notices: [{ id: '1', findingId: '1', state: 'dead', kind: 'leaked' }, { id: '2', kind: 'reopened' }],
    })
    expect((await run('resend', '2')).stdout).toMatch(/^1 notice waiting again/)
    expect((await db.select().from(notices).orderBy(notices.id)).map(({ state }) => state)).toEqual(['dead', 'pending'])
    expect((await run('resend', '--destination', 'teams')).stdout).toMatch(/^1 notice waiting again/)
  })

  test('--test sends a message that says so, and tells when it was not taken, without the secret', async () => {
    const taken = await run('notices', '--test', 'teams')
    expect(taken.stdout).toMatch(/^teams at 127\.0\.0\.1:\d+ took the message/)
    expect(receiver.received[0]?.body).toContain('Test: messages to teams arrive')
    receiver.script({ status: 410 })
    const refused = await run('notices', '--test', 'teams-oncall')
    expect(refused.code).toBe(2)
    expect(refused.stdout).toMatch(/teams-oncall at .* did not take the message: the workflow is gone \(410\)/)
    expect(`${refused.stdout}${refused.stderr}`).not.toContain('secretpart')
  })

  test('doctor warns of a destination that can never be told anything', async () => {
    expect((await run('doctor')).stdout).toMatch(/! routes\n +teams-oncall can never be told anything but operator alerts/)
  })
})
