import { z } from 'zod'
import type { HttpClient } from '../../contracts/http.ts'
import { describeError, NamesakeError } from '../../errors.ts'
import { buttonsOf, type SlackSettings } from './settings.ts'
import { openWebApi } from './web-api.ts'

/** For `doctor`: whether clicks come back, by which way, and whether anybody may decide. */
export async function checkClicks(settings: SlackSettings, http: HttpClient, now: () => Date): Promise<readonly string[]> {
  const { signingSecret, appToken, users, apiUrl, answerWithinMs: timeoutMs } = settings
  if (buttonsOf(settings).length === 0) return ['no buttons: they need signingSecret or appToken']
  const says = signingSecret === undefined ? [] : ['buttons: clicks are taken at /api/slack/interactions, if the Slack app has that address']
  if (appToken !== undefined) {
    try {
      await openWebApi(http, { apiUrl, token: appToken, timeoutMs, now }).call({ method: 'apps.connections.open', json: {}, schema: z.looseObject({ url: z.string() }) })
      says.push('buttons: the app token opens connections of Socket Mode')
    } catch (error) {
      if (!(error instanceof NamesakeError)) throw error
      says.push(`warning: Socket Mode does not work, no click arrives by it: ${describeError(error)}`)
    }
  }
  const count = Object.keys(users).length
  return [...says, count === 0 ? 'warning: nobody stands in notify.slack.users: every click would be refused' : `${count} Slack ${count === 1 ? 'user' : 'users'} may decide`]
}
