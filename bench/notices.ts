/**
 * npm run bench notices [-- --count 10000 --channels 4 --every 110 --life 4000 --seed 1 --redis redis://…]
 *
 * Many notices through a Slack that answers 429 and 500, hangs, breaks connections off, and takes a message without
 * saying so, by a notifier that is killed (SIGKILL) again and again. Counts in the channels: none may be lost, and by
 * the bot none repeated; repeats by the webhook cannot be avoided and may not be more than namesake itself counted.
 *
 * Slack takes one message a second and channel: 10,000 of them would need hours. So Slack's second and ours are scaled
 * by the same factor: `--every` is what namesake keeps (`notify.slack.messageEveryMs`, 1,100 in earnest), the sandbox's
 * limit is a tenth less. Exit code 1 when a notice was lost, or one by the bot repeated.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openDatabase } from '../src/db/client.ts'
import { openEmbedded } from '../src/db/embedded.ts'
import { migrate } from '../src/db/migrate.ts'
import { runDrill, scaledSecond } from './notices/drill.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' }, channels: { type: 'string', default: '4' }, every: { type: 'string', default: '110' },
    life: { type: 'string', default: '4000' }, seed: { type: 'string', default: '1' }, redis: { type: 'string' },
  },
})
const everyMs = Number(values.every)
const folder = await mkdtemp(path.join(tmpdir(), 'namesake-bench-notices-'))
const embedded = await openEmbedded({ dataDir: folder })
const database = openDatabase(embedded.url)
try {
  await migrate(database)
  const result = await runDrill({
    database, databaseUrl: embedded.url, ...(values.redis === undefined ? {} : { redisUrl: values.redis }),
    notices: Number(values.count), botChannels: Number(values.channels), everyMs, answerWithinMs: 3_000, lifeMs: Number(values.life), mendMs: 60_000, seed: Number(values.seed),
    faults: {
      slackRateLimit: 0.003, serverError: 0.01, badGatewayHtml: 0.005, unavailable: { share: 0.002, amount: 1 }, connectionReset: 0.01, connectionDropped: 0.01,
      slackHang: { share: 0.001, amount: 10_000 }, slackAcceptsThenHangs: { share: 0.001, amount: 10_000 }, slackAcceptsThenCloses: 0.02, slackAcceptsThenFails: 0.01,
      'slack-api:internal_error': 0.005, 'slack-api:ratelimited': 0.0005, 'slack:rollup_error': 0.01,
    },
    retry: { firstDelayMs: 500, maxDelayMs: 4_000, lockMs: 3_000, stalledCheckMs: 1_500, crashes: 1_000 },
    onProgress: (line) => process.stderr.write(`\r${line}        `),
  })
  process.stderr.write('\n')
  const { channels, kills, seconds, struck, stale, acknowledged } = result
  const scale = 1_000 / scaledSecond(everyMs)
  console.log(`${values.count} notices in ${seconds.toFixed(0)} s, ${kills} kills of the notifier, time scaled ${scale.toFixed(1)} times; ${acknowledged} findings acknowledged meanwhile, ${stale} messages that do not show it`)
  console.log(`faults that struck: ${Object.entries(struck).sort((a, b) => b[1] - a[1]).map(([fault, times]) => `${fault} ${times}`).join(', ')}`)
  console.table(channels.map((row) => ({ ...row, perSecond: Number((row.mostInTen / 10).toFixed(2)) })))
  if (channels.some(({ lost, channel, repeats, counted }) => lost > 0 || (channel === 'webhook' ? repeats > counted : repeats > 0))) process.exitCode = 1
} finally {
  await database.close()
  await embedded.close()
  await rm(folder, { recursive: true, force: true })
}
