import { Invalid } from '../errors.ts'

/** What a job carries: ids and page numbers. The worker loads everything else from the database. */
export type Payload = Readonly<Record<string, string | number>>

const maxKeys = 8
/** Keys whose value is an id of our own lists (`github-code`, `npm`); every other string must look like an id. */
const wordKeys: readonly string[] = ['source', 'registry', 'channel', 'kind']

/**
 * The guard at the queue's door: what does not look like an id or a number never reaches Redis or the jobs table.
 * Strings are database ids, UUIDs, hashes or dates of at most 64 characters; under `source`, `registry`, `channel`
 * and `kind` also lower-case words. The message names no value, which may be the very text that must not leave.
 * @throws Invalid
 */
export function checkPayload(data: unknown): Payload {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Invalid('a job payload is an object of ids and page numbers')
  const entries = Object.entries(data)
  if (entries.length > maxKeys) throw new Invalid(`a job payload has at most ${maxKeys} keys`)
  const checked: Record<string, string | number> = {}
  for (const [key, value] of entries) {
    if (!/^[a-z][a-zA-Z]{0,23}$/.test(key)) throw new Invalid('a key of a job payload is one word of at most 24 letters')
    if (!isHarmless(key, value)) throw new Invalid('a job payload holds only ids and page numbers: load the rest in the job')
    checked[key] = value
  }
  return checked
}

function isHarmless(key: string, value: unknown): value is string | number {
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (typeof value !== 'string' || value.length > 64) return false
  if (wordKeys.includes(key)) return /^[a-z][a-z0-9.-]*$/.test(value)
  return /^[\d:.TZ-]+$/.test(value) || (/^[0-9a-f-]{8,}$/.test(value) && /\d/.test(value))
}

/**
 * A job's id as BullMQ stores it. Its own ids may be no plain integer and hold no colon; `~` cannot stand in ours,
 * so two ids stay two. @throws Invalid for anything but 1 to 128 characters of `A-Z a-z 0-9 _ : . -`
 */
export function storedId(id: string): string {
  if (!/^[\w:.-]{1,128}$/.test(id)) throw new Invalid('a job id is 1 to 128 characters of letters, digits, "_", ":", "." and "-"')
  return `~${id.replaceAll(':', '~')}`
}

/** @throws Invalid for anything but 1 to 64 characters of `a-z 0-9 . -`, a letter first */
export function checkQueueName(name: string): string {
  if (!/^[a-z][a-z0-9.-]{0,63}$/.test(name)) throw new Invalid('a queue is named with at most 64 lower-case letters, digits, "." and "-"')
  return name
}
