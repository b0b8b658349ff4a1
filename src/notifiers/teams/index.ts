import type { HttpClient } from '../../contracts/http.ts'
import type { Notifier, OpenNotifier } from '../../contracts/notifier.ts'
import { post } from '../post.ts'
import type { NotifierSettings } from '../settings.ts'
import { formatCard, formatPlainCard, type TeamsMessage } from './card.ts'

/**
 * A channel or chat of Microsoft Teams, through a workflow of Power Automate. 202 says that the workflow was started,
 * not that the card arrived: a workflow that fails, or whose owner has left, is seen in Teams only.
 */
export const teams = {
  id: 'teams',
  title: 'Microsoft Teams',
  docs: 'https://support.microsoft.com/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498',
  open({ teams: rows = [] }, { http }) {
    return new Map(rows.map(({ name, url }) => [name ?? '', openTeams(url, http)]))
  },
} as const satisfies Notifier<NotifierSettings>

function openTeams(url: string, http: HttpClient): OpenNotifier {
  const send = (message: TeamsMessage) => post(http, { called: 'the workflow', url, body: JSON.stringify(message) })
  return {
    destination: new URL(url).host,
    limit: { max: 1, perMs: 1_000 },
    send: (notice) => send(formatCard(notice)),
    sendPlain: (notice) => send(formatPlainCard(notice)),
    check: () => Promise.resolve(['whether cards arrive is not known without sending one: "namesake notices --test" does']),
  }
}
