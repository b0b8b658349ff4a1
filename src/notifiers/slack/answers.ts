import { z } from 'zod'
import type { HttpClient } from '../../contracts/http.ts'
import { NotFound, Permanent } from '../../errors.ts'
import { mrkdwn } from './escape.ts'
import { dismissView, type Interaction } from './interaction.ts'
import type { SlackSettings } from './settings.ts'
import { openWebApi } from './web-api.ts'

/** What is said to the one who clicked. Every method is one request. @throws as `WebApi.call` */
export interface Answers {
  /** Opens the dialog that asks why. @throws Permanent also when three seconds have passed since the click */
  askReason(interaction: Interaction): Promise<void>
  /** Only that person sees it. @throws NotFound when the address of the click is used up */
  tell(interaction: Pick<Interaction, 'responseUrl' | 'room' | 'userId'>, words: string): Promise<void>
}

const anything = z.looseObject({})

export function openAnswers(settings: SlackSettings, http: HttpClient, now: () => Date): Answers {
  const api = settings.botToken === undefined ? null : openWebApi(http, { apiUrl: settings.apiUrl, token: settings.botToken, timeoutMs: settings.answerWithinMs, now })
  return {
    async askReason(interaction) {
      if (api === null) throw new Permanent('a dialog needs a bot token')
      await api.call({ method: 'views.open', json: { trigger_id: interaction.triggerId, view: dismissView(interaction) }, schema: anything })
    },
    async tell({ responseUrl, room, userId }, words) {
      const text = mrkdwn(words, 1_000)
      if (responseUrl !== null) {
        await http.request({ method: 'POST', url: responseUrl, json: { response_type: 'ephemeral', replace_original: false, text }, timeoutMs: settings.answerWithinMs, maxBytes: 64 * 1024 })
        return
      }
      if (api === null) throw new NotFound('there is no way to answer this click')
      await api.call({ method: 'chat.postEphemeral', json: { channel: room, user: userId, text }, schema: anything })
    },
  }
}
