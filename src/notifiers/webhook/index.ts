import type { HttpClient } from '../../contracts/http.ts'
import type { Notifier, OpenNotifier } from '../../contracts/notifier.ts'
import { post } from '../post.ts'
import type { NotifierSettings } from '../settings.ts'
import { minimalPayload, payloadOf, type Payload } from './payload.ts'
import type { WebhookSettings } from './settings.ts'
import { signatureHeaders } from './sign.ts'

/**
 * A webhook of any service, by the Standard Webhooks specification: signed, with an id that is the same for every
 * attempt, so that the receiver can recognise a repeat. 2xx is taken; a redirect is a failure; 410 ends it.
 */
export const webhook = {
  id: 'webhook',
  title: 'Webhook (Standard Webhooks)',
  docs: 'https://www.standardwebhooks.com',
  open({ webhook: rows = [] }, { http, now }) {
    return new Map(rows.map((row) => [row.name ?? '', openWebhook(row, http, now)]))
  },
} as const satisfies Notifier<NotifierSettings>

type Row = WebhookSettings[number]

function openWebhook({ url, secret, previousSecret }: Row, http: HttpClient, now: () => Date): OpenNotifier {
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret]
  async function send(noticeId: string, payload: Payload, at: Date): Promise<void> {
    const body = JSON.stringify(payload)
    await post(http, { called: 'the webhook', url, body, headers: signatureHeaders({ id: idOf(noticeId), at, body }, secrets) })
  }
  return {
    destination: new URL(url).host,
    limit: { max: 1, perMs: 250 },
    follows: true,
    send: (notice) => {
      const at = now()
      return send(notice.id, payloadOf(notice, at), at)
    },
    sendPlain: (notice) => {
      const at = now()
      return send(notice.id, minimalPayload(notice, at), at)
    },
    check: () => Promise.resolve(['whether messages arrive is not known without sending one: "namesake notices --test" does']),
  }
}

/** The id is signed with dots around it: it has none of its own. */
function idOf(noticeId: string): string {
  return `notice_${noticeId.replaceAll(/[^\w-]/g, '_').slice(0, 60)}`
}
