import type { App } from '../app/open.ts'
import { readPulse, type Pulse } from '../runs/read-pulse.ts'
import { Refusal } from './refusal.ts'

/** What kind of thing changed. */
export type Kind = keyof Pulse

export interface Live {
  /**
   * Calls back with what changed until `end` is called, or `closed` is.
   * @throws Refusal 429 this account listens with too many pages already
   */
  listen(accountId: bigint, listener: Listener): { end(): void }
  close(): void
}

export interface Listener {
  heard(kinds: readonly Kind[]): void
  /** Nothing will be heard any more. */
  closed(): void
}

const usualPollMs = 2_000
/** Pages that an account, and all of them together, may have open on a process. */
export const listenersAtMost = { account: 10, process: 500 } as const

/**
 * One question of the database for all listeners, every two seconds and only while there are any. No LISTEN/NOTIFY: it
 * holds a connection of its own, goes through no pooler, and forgets what happened while it was lost. The last ids
 * tell the same, and a page that was away asks anew in any case.
 */
export function openLive({ database, log }: Pick<App, 'database' | 'log'>, { pollMs = usualPollMs }: { readonly pollMs?: number } = {}): Live {
  const listeners = new Map<Listener, bigint>()
  let last: Pulse | null = null
  let timer: NodeJS.Timeout | null = null

  async function poll(): Promise<void> {
    try {
      const next = await readPulse(database.db)
      const before = last
      last = next
      if (before === null) return
      // Keys of the one type that both are of.
      const changed = (Object.keys(next) as Kind[]).filter((kind) => next[kind] !== before[kind])
      if (changed.length > 0) for (const listener of listeners.keys()) listener.heard(changed)
    } catch (error) {
      // What happens meanwhile is told by the next poll that succeeds.
      log.warn({ class: error instanceof Error ? error.constructor.name : 'unknown' }, 'the page could not ask what changed')
    }
  }
  function tick(): void {
    timer = setTimeout(() => {
      void poll().finally(() => {
        if (listeners.size > 0) tick()
        else stop()
      })
    }, pollMs)
  }
  function stop(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    last = null
  }

  return {
    listen(accountId, listener) {
      const mine = [...listeners.values()].filter((listening) => listening === accountId).length
      if (mine >= listenersAtMost.account || listeners.size >= listenersAtMost.process) {
        throw new Refusal({ code: 'too-many-requests', title: 'Too many open pages', status: 429, detail: 'Close some pages; the others stay up to date.' }, { 'retry-after': '30' })
      }
      listeners.set(listener, accountId)
      if (timer === null) {
        void poll()
        tick()
      }
      return { end: () => void listeners.delete(listener) }
    },
    close() {
      for (const listener of listeners.keys()) listener.closed()
      listeners.clear()
      stop()
    },
  }
}
