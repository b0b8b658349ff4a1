import type { FaultName } from './faults.ts'

/** One request that reached the sandbox, as it was received and answered. */
export interface RecordedRequest {
  readonly at: Date
  readonly method: string
  /** Percent-encoded as sent, without the query. */
  readonly path: string
  /** Decoded; of a repeated parameter the last. */
  readonly query: Readonly<Record<string, string>>
  /** Lower-case names; credentials and cookies are left out. */
  readonly headers: Readonly<Record<string, string>>
  /** The first 256 KiB, as text. */
  readonly body: string
  /** 0 while it is being answered, and for a connection that was cut before a status was sent. */
  readonly status: number
  /** Login of the token, where the request had a known one. */
  readonly login: string | null
  /** The client had been told to wait (bucket empty, secondary limit, Retry-After) and asked all the same. */
  readonly sentWhileExhausted: boolean
  /** The faults that struck it. */
  readonly faults: readonly FaultName[]
}

/** A record under construction: the doors fill it while they answer. */
export type Entry = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] }

export interface Journal {
  open(request: { method: string; url: URL; headers: Headers; body: string }): Entry
  all(): readonly RecordedRequest[]
  clear(): void
}

const secretHeaders = new Set(['authorization', 'cookie', 'proxy-authorization'])
const bodyCharacters = 262_144
/** Requests, and characters of their bodies: beyond either the oldest tenth is dropped. */
const capacity = { requests: 100_000, characters: 128 * 1024 * 1024 }

export function createJournal(now: () => Date): Journal {
  let entries: Entry[] = []
  let characters = 0

  function makeRoom(): void {
    if (entries.length < capacity.requests && characters < capacity.characters) return
    const dropped = entries.slice(0, Math.ceil(entries.length / 10))
    entries = entries.slice(dropped.length)
    for (const { body } of dropped) characters -= body.length
  }

  return {
    open({ method, url, headers, body }) {
      const entry: Entry = {
        at: now(),
        method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: Object.fromEntries([...headers].filter(([name]) => !secretHeaders.has(name))),
        body: body.slice(0, bodyCharacters),
        status: 0,
        login: null,
        sentWhileExhausted: false,
        faults: [],
      }
      makeRoom()
      entries.push(entry)
      characters += entry.body.length
      return entry
    },
    all: () => entries,
    clear() {
      entries = []
      characters = 0
    },
  }
}
