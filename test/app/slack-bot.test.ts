import { expect, test, vi } from 'vitest'
import { accounts, findings } from '../../src/db/schema/index.ts'
import { processes } from '../../src/processes/all.ts'
import { createDatabase } from '../support/database.ts'
import { createWorld, sweepOnce } from '../support/world.ts'

test('a sweep tells each leak as one message of the bot; a click through Socket Mode shows in that message and its thread', async () => {
  await using database = await createDatabase()
  await using world = await createWorld({
    baseline: false,
    sandbox: { slack: { burst: 1_000, workspace: { everyMs: 1 } } },
    slack: ({ workspace, apiUrl, responseUrl }) => `{ botToken: ${workspace.botToken}, channel: C0ALERTS, apiUrl: "${apiUrl}", responseUrl: "${responseUrl}", appToken: ${workspace.appToken}, teamId: ${workspace.teamId}, users: { U0ANN: ann@acme-corp.com }, messageEveryMs: 20 }`,
  })
  const { db } = database.database
  await db.insert(accounts).values({ email: 'ann@acme-corp.com', name: 'Ann', role: 'analyst', createdAt: new Date() })
  const app = await world.open(database.url)
  try {
    await sweepOnce(app)
    const found = await db.select().from(findings)
    const top = () => world.sandbox.slack.workspace.messages('C0ALERTS').filter(({ threadTs }) => threadTs === null)
    expect(found.length).toBeGreaterThan(3)
    expect(top().filter(({ text }) => text.includes(' leak: '))).toHaveLength(found.length)

    const running = await processes.notify(app)
    try {
      await vi.waitFor(() => expect(world.sandbox.slack.socket.connections()).toBe(1), { timeout: 10_000, interval: 20 })
      const ts = top()[0]?.ts ?? ''
      await world.sandbox.slack.socket.deliver(world.sandbox.slack.workspace.click({ room: 'C0ALERTS', ts, action: 'finding.acknowledge', user: 'U0ANN' }).payload, { withinMs: 10_000 })
      const threadOf = () => world.sandbox.slack.workspace.messages('C0ALERTS').filter(({ threadTs }) => threadTs === ts)
      await vi.waitFor(() => {
        expect(JSON.stringify(top()[0]?.blocks)).toContain('*Acknowledged* by `ann@acme-corp.com`')
        expect(threadOf().filter(({ blocks }) => JSON.stringify(blocks).includes('*Acknowledged* by `ann@acme-corp.com`'))).toHaveLength(1)
      }, { timeout: 20_000, interval: 50 })
      expect(top()[0]?.ts).toBe(ts)
    } finally {
      await running.close()
    }
    expect((await db.select().from(findings)).filter(({ state }) => state === 'acknowledged')).toHaveLength(1)
    expect(world.sandbox.slack.workspace.messages().flatMap(({ warnings, pings }) => [...warnings, ...pings])).toEqual([])
  } finally {
    await app.close()
  }
}, 90_000)
