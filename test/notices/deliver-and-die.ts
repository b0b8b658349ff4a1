import { openDatabase } from '../../src/db/client.ts'
import { deliver } from '../../src/notices/deliver.ts'
import { unrouted } from '../../src/notices/route.ts'
import { openSlack } from '../notifiers/slack/open-slack.ts'

/** A process of its own that delivers one notice; a test kills it while Slack answers. */
const [databaseUrl = '', webhookUrl = '', noticeId = ''] = process.argv.slice(2)
const now = new Date('2026-11-23T06:00:00Z')
const notifier = openSlack({ webhookUrl }, { now: () => now })
await deliver(openDatabase(databaseUrl).db, notifier, { kind: 'notice', channel: 'slack', noticeId: BigInt(noticeId) }, { organization: 'Acme Corp', routing: unrouted(['slack']), now })
throw new Error('it should have been killed')
