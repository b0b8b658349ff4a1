import { startWeb } from '../api/serve.ts'
import { consumers, type Running } from '../app/consumers.ts'
import type { App } from '../app/open.ts'

/** The long-running processes of the service, by name: `workers/<name>.ts` starts one, `up` starts all. */
export const processes = {
  ...consumers,
  web: startWeb,
} satisfies Record<string, (app: App) => Promise<Running>>

export type ProcessName = keyof typeof processes
/** In the order in which they are started. */
export const processNames = Object.keys(processes) as ProcessName[] // keys of the object above, which Object.keys forgets
