import type { HttpClient } from '../../contracts/http.ts'
import type { Notifier, OpenNotifier } from '../../contracts/notifier.ts'
import { post } from '../post.ts'
import type { NotifierSettings } from '../settings.ts'
import { eventOf, type PagerdutyEvent } from './event.ts'
import type { PagerdutySettings } from './settings.ts'

/** PagerDuty through its Events API v2: what is told here wakes people. A finding is one alert, which follows its state. */
export const pagerduty = {
  id: 'pagerduty',
  title: 'PagerDuty',
  docs: 'https://developer.pagerduty.com/docs/events-api-v2/overview/',
  open({ pagerduty: rows = [] }, { http }) {
    return new Map(rows.map((row) => [row.name ?? '', openPagerduty(row, http)]))
  },
} as const satisfies Notifier<NotifierSettings>

function openPagerduty({ url, routingKey }: PagerdutySettings[number], http: HttpClient): OpenNotifier {
  async function send(event: PagerdutyEvent | null): Promise<void> {
    if (event === null) return
    // 400 is its answer to an event that it cannot read and to a key that is none; which, only the plain form tells.
    await post(http, { called: 'PagerDuty', url, body: JSON.stringify({ routing_key: routingKey, ...event }), taken: [202] })
  }
  return {
    destination: new URL(url).host,
    // No number is documented: "retry on a 429, preferably with a backoff of a few minutes".
    limit: { max: 1, perMs: 1_000 },
    alertsOnly: true,
    follows: true,
    send: (notice) => send(eventOf(notice, true)),
    sendPlain: (notice) => send(eventOf(notice, false)),
    check: async () => {
      // An end of an alert that does not exist is taken and dropped, as documented: nobody sees it.
      await send({ event_action: 'resolve', dedup_key: 'namesake-doctor' })
      return ['it took an event that nobody sees: the integration key has the right form']
    },
  }
}
