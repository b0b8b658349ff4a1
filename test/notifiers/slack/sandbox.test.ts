import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Notice, NoticeFinding } from '../../../src/contracts/notifier.ts'
import { openSlack } from './open-slack.ts'
import { startSandbox, type Sandbox } from '../../../src/sandbox/start.ts'
import { finding, leaked, place, summary } from './notices.ts'

/** The sandbox judges messages by Slack's documents, without knowing how ours are made. */
let sandbox: Sandbox
const now = () => new Date('2026-11-23T06:00:00Z')

beforeAll(async () => {
  sandbox = await startSandbox({ repositories: [], now, slack: { burst: 1_000 } })
})
afterAll(async () => {
  await sandbox.close()
})

const open = () => openSlack({ webhookUrl: sandbox.slack.webhookUrl }, { now })

const evil = `<!channel> <@U1> <https://evil.example|x> \`\`\` *b* & \u202e ${'&<>"\\'.repeat(700)}`
const worst: NoticeFinding = {
  ...finding, id: evil, identifier: evil, kind: evil, ecosystem: evil, team: evil, severity: evil, reasons: Array.from({ length: 9 }, () => evil),
  places: Array.from({ length: 100 }, () => ({ ...place, container: evil, path: evil, author: evil, role: evil, snippet: evil })), placeCount: 1e9,
}
const notices: readonly (readonly [string, Notice])[] = [
  ['a leak', leaked()],
  ['a leak that is back', { ...leaked(), kind: 'reopened', finding }],
  ['a leak at its worst', leaked(worst)],
  ['a first sweep', summary('baseline')],
  ['a first sweep without a finding', summary('baseline', { findings: [], findingCount: 0, placeCount: 0 })],
  ['a first sweep at its worst', summary('baseline', { findings: Array.from({ length: 20 }, () => worst), findingCount: 1e9, placeCount: 1e9, gaps: Array.from({ length: 20 }, () => evil) })],
  ['a digest', summary('digest')],
  ['a digest at its worst', summary('digest', { findings: Array.from({ length: 20 }, () => worst), findingCount: 20, placeCount: 100 })],
]

describe.each(notices)('%s', (_, notice) => {
  test.each(['send', 'sendPlain'] as const)('is taken by Slack (%s), escaped, pinging nobody and linking only to its places', async (form) => {
    await open()[form](notice)
    const message = sandbox.slack.messages().at(-1)
    expect(message).toMatchObject({ pings: [], warnings: [], settings: { unfurl_links: false, unfurl_media: false } })
    expect(message?.links.filter((url) => url !== place.url)).toEqual([])
    expect(sandbox.slack.refusals()).toEqual([])
  })
})

describe('the check of doctor', () => {
  test('posts nothing and learns that the webhook is alive', async () => {
    const before = sandbox.slack.messages().length
    expect(await open().check()).toEqual(['the webhook is alive: it refused an empty message for being empty'])
    expect(sandbox.slack.messages()).toHaveLength(before)
  })
})
