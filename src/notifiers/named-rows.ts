import { z } from 'zod'

/** Part of every row: what tells several destinations of a kind apart. */
export const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}$/, 'expected a name of lower-case letters, digits and hyphens')
  .optional()
  .describe('Tells several apart: the destination is called teams-<name>, say; absent: teams')

/** A list of rows, each a destination, of which no two are called the same. */
export function rows<Row extends z.ZodType<{ readonly name?: string | undefined }>>(row: Row) {
  return z
    .array(row)
    .max(50)
    .check((context) => {
      const seen = new Set<string>()
      for (const [index, one] of context.value.entries()) {
        const called = one.name ?? ''
        if (seen.has(called)) context.issues.push({ code: 'custom', path: [index, 'name'], message: 'another one of the list is called the same: give each a name of its own', input: one.name ?? '' })
        seen.add(called)
      }
    })
}

/** https, or http to this machine: what is said to a destination are names of ours. */
export const safeUrl = z.string().max(3_000).check((context) => {
  const fault = urlFault(context.value)
  if (fault !== null) context.issues.push({ code: 'custom', message: fault, input: context.value })
})

function urlFault(value: string): string | null {
  if (!URL.canParse(value)) return 'expected a URL (https://…)'
  const { protocol, hostname, username, password } = new URL(value)
  if (username !== '' || password !== '') return 'expected a URL without user and password in it'
  if (protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname))) return null
  return 'expected https://…: what is sent are names of ours, which nobody on the way may read'
}

export function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
