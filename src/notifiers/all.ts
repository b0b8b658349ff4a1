import type { Notifier } from '../contracts/notifier.ts'
import type { NotifierSettings } from './settings.ts'
import { slack } from './slack/index.ts'

/** Every kind of channel: the only list, one line each, alphabetical. */
export const notifiers: readonly Notifier<NotifierSettings>[] = [
  slack,
]
