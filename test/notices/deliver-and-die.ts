import { openDatabase } from '../../src/db/client.ts'
import { createHttp } from '../../src/net/http.ts'
import { deliver } from '../../src/notices/deliver.ts'
import { slack } from '../../src/notifiers/slack/index.ts'

/** A process of its own that delivers one notice; a test kills it while Slack answers. */
const [databaseUrl = '', webhookUrl = '', noticeId = ''] = process.argv.slice(2)
const now = new Date('2026-11-23T06:00:00Z')
const http = createHttp({ userAgent: 'namesake test', origins: [webhookUrl], now: () => now })
const notifier = slack.open({ slack: { webhookUrl } }, { http, now: () => now }).get('')
if (notifier === undefined) throw new Error('Slack is configured')
await deliver(openDatabase(databaseUrl).db, notifier, { kind: 'notice', channel: 'slack', noticeId: BigInt(noticeId) }, { organization: 'Acme Corp', now })
throw new Error('it should have been killed')
