import type { Notifier } from '../contracts/notifier.ts'
import { email } from './email/index.ts'
import { ocsf } from './ocsf/index.ts'
import { pagerduty } from './pagerduty/index.ts'
import type { NotifierSettings } from './settings.ts'
import { slack } from './slack/index.ts'
import { teams } from './teams/index.ts'
import { webhook } from './webhook/index.ts'

/** Every kind of channel: the only list, one line each, alphabetical. */
export const notifiers: readonly Notifier<NotifierSettings>[] = [
  email,
  ocsf,
  pagerduty,
  slack,
  teams,
  webhook,
]
