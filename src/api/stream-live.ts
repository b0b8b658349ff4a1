import { streamSSE } from 'hono/streaming'
import type { Handler } from './handler.ts'
import type { Kind } from './live.ts'

/** Proxies cut a connection on which nothing comes, most of them after a minute. Milliseconds. */
const silenceMs = 25_000
/** Then it ends and the browser comes back by itself: whoever was logged out meanwhile is not let in again. */
const lifeMs = 10 * 60_000

/** Server-sent events: `changed` with the kind of thing that did, `still-here` when nothing does. */
export const streamLive: Handler<'GET /api/live'> = async ({ service: { live }, who, http }) => {
  const waiting = new Set<Kind>()
  const stopped = new AbortController()
  let wake = () => {}
  const listening = live.listen(who.account.id, {
    heard(kinds) {
      for (const kind of kinds) waiting.add(kind)
      wake()
    },
    closed: end,
  })
  function end(): void {
    stopped.abort()
    listening.end()
    wake()
  }
  // nginx would gather what comes. https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
  http.header('x-accel-buffering', 'no')
  return streamSSE(http, async (stream) => {
    stream.onAbort(end)
    const over = setTimeout(end, lifeMs)
    try {
      await stream.writeSSE({ event: 'hello', data: '', retry: 3_000 })
      while (!stopped.signal.aborted) {
        if (waiting.size === 0) {
          await new Promise<void>((resolve) => {
            wake = resume
            const timer = setTimeout(resume, silenceMs)
            function resume(): void {
              clearTimeout(timer)
              resolve()
            }
          })
        }
        if (stopped.signal.aborted) break
        const kinds = [...waiting]
        waiting.clear()
        if (kinds.length === 0) await stream.writeSSE({ event: 'still-here', data: '' })
        for (const kind of kinds) await stream.writeSSE({ event: 'changed', data: kind })
      }
    } finally {
      clearTimeout(over)
      end()
    }
  })
}
