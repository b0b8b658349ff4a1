import { expect, test } from 'vitest'
import { runDrill } from '../../bench/notices/drill.ts'
import { useDatabase } from '../support/database.ts'

/**
 * `npm run bench notices` in small. Slack's second is scaled to a tenth, and ours with it; what is counted is counted in
 * the channels of the sandbox, not in our own table.
 */
const opened = useDatabase()

test('a few hundred notices through a failing Slack by a notifier that is killed again and again: none lost, none of the bot repeated', async () => {
  const { channels, kills, stale, acknowledged, struck } = await runDrill({
    database: opened.database, databaseUrl: opened.url, notices: 160, botChannels: 4, everyMs: 110, answerWithinMs: 400, lifeMs: 1_500, mendMs: 500, seed: 20261127,
    faults: {
      slackRateLimit: 0.005, serverError: 0.02, unavailable: { share: 0.01, amount: 1 }, connectionReset: 0.02, connectionDropped: 0.02, slackHang: { calls: [40], amount: 1_000 },
      slackAcceptsThenHangs: { calls: [20, 90], amount: 1_000 }, slackAcceptsThenCloses: 0.05, slackAcceptsThenFails: 0.03, 'slack-api:internal_error': 0.02,
    },
    retry: { firstDelayMs: 50, maxDelayMs: 400, lockMs: 1_000, stalledCheckMs: 300, crashes: 1_000 },
  })
  expect(kills).toBeGreaterThan(2)
  expect(struck['slackAcceptsThenCloses']).toBeGreaterThan(0)
  for (const channel of channels) {
    expect(channel, channel.channel).toMatchObject({ delivered: channel.notices, lost: 0 })
    // A webhook cannot be asked: what it repeats is no more than namesake says that it may have repeated.
    expect(channel.repeats, channel.channel).toBeLessThanOrEqual(channel.counted)
    // Ten of Slack's (scaled) seconds hold ten messages.
    expect(channel.mostInTen, channel.channel).toBeLessThanOrEqual(10)
  }
  expect(channels.filter(({ channel }) => channel !== 'webhook').map(({ repeats, counted }) => [repeats, counted])).toEqual(Array.from({ length: 4 }, () => [0, 0]))
  // What people decided meanwhile stands in the messages.
  expect(acknowledged).toBeGreaterThan(0)
  expect(stale).toBe(0)
}, 240_000)
