import { useEffect } from 'react'
import type { RouteName } from '../../api/contract.ts'
import { addressOf } from './call.ts'
import { queryClient } from './use-call.ts'

/** While no stream can be had, everything is asked again this often. */
const pollMs = 30_000
const listeners = new Set<(kind: string) => void>()

/** Lists whose rows must not move under the hand: they ask for themselves what is new. */
const keepsStill = (key: readonly unknown[]): boolean => key[0] === ('GET /api/findings' satisfies RouteName)
/** What never changes by itself. */
const lasts = (key: readonly unknown[]): boolean => key[0] === ('GET /api/session' satisfies RouteName)

function changed(kind: string): void {
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => !keepsStill(queryKey) && !lasts(queryKey) })
  for (const listener of listeners) listener(kind)
}

/** Hears what changed on the server, for as long as the shell stands; several changes within a moment are one. */
export function useLive(): void {
  useEffect(() => {
    let stream: EventSource | null = null
    let soon: ReturnType<typeof setTimeout> | undefined
    let heard = true
    const kinds = new Set<string>()
    const note = (kind: string): void => {
      kinds.add(kind)
      soon ??= setTimeout(() => {
        soon = undefined
        for (const kind of kinds) changed(kind)
        kinds.clear()
      }, 400)
    }
    const open = (): void => {
      stream = new EventSource(addressOf('GET /api/live' satisfies RouteName))
      // What happened while nobody listened is not told again: everything may have changed.
      stream.addEventListener('open', () => {
        if (!heard) note('everything')
        heard = true
      })
      stream.addEventListener('changed', (event: MessageEvent<string>) => note(event.data))
      stream.addEventListener('error', () => { heard = false })
    }
    open()
    const poll = setInterval(() => {
      if (heard && stream?.readyState === EventSource.OPEN) return
      note('everything')
      if (stream?.readyState === EventSource.CLOSED) open()
    }, pollMs)
    return () => {
      stream?.close()
      clearInterval(poll)
      clearTimeout(soon)
    }
  }, [])
}

/** Calls back when something changed on the server; `kind` as the server names it. */
export function useChanges(onChange: (kind: string) => void): void {
  useEffect(() => {
    listeners.add(onChange)
    return () => {
      listeners.delete(onChange)
    }
  }, [onChange])
}
