/** The notifier of the drill: what workers/notify.ts does, for a webhook and a bot at once. It is killed again and again. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { openDatabase } from '../../src/db/client.ts'
import { notifyJob } from '../../src/jobs/notify.ts'
import { createLog } from '../../src/log.ts'
import { createHttp } from '../../src/net/http.ts'
import { slack } from '../../src/notifiers/slack/index.ts'
import { slackSettings } from '../../src/notifiers/slack/settings.ts'
import { openQueues } from '../../src/queue/open.ts'
import { routingOf } from './routing.ts'

const [file = ''] = process.argv.slice(2)
const setup = z
  .object({ databaseUrl: z.string(), redisUrl: z.string().optional(), bot: slackSettings, webhook: slackSettings, retry: z.record(z.string(), z.number()) })
  .parse(JSON.parse(readFileSync(file, 'utf8')))

const now = () => new Date()
const log = createLog({ level: 'silent' })
const http = createHttp({ userAgent: 'namesake/bench', origins: [setup.bot.apiUrl, setup.webhook.webhookUrl ?? ''], now })
const bots = slack.open({ slack: setup.bot }, { http, now })
const [webhook] = slack.open({ slack: setup.webhook }, { http, now }).values()
if (webhook === undefined) throw new Error('the webhook is configured')
const notifiers = new Map([['webhook', webhook], ...[...bots].map(([suffix, bot]) => [suffix === '' ? 'slack' : `slack-${suffix}`, bot] as const)])
const database = openDatabase(setup.databaseUrl)
const queues = await openQueues({ databaseUrl: setup.databaseUrl, redisUrl: setup.redisUrl ?? null, log, retry: setup.retry })
const context = { database, notifiers, routing: routingOf([...notifiers.keys()]), organization: 'Acme Corp', now, log }
for (const [id, notifier] of notifiers) await queues.work(`notify.${id}`, notifyJob(context, id), { limit: notifier.limit, concurrency: 1 })
process.send?.('ready')
