import type { z } from 'zod'

/** Reads each element by itself: what cannot be read is counted, so that it is not lost quietly. */
export function readEach<Schema extends z.ZodType>(items: readonly unknown[], schema: Schema): { readonly read: readonly z.output<Schema>[]; readonly unreadable: number } {
  const parsed = items.map((item) => schema.safeParse(item))
  const read = parsed.flatMap((item) => (item.success ? [item.data] : []))
  return { read, unreadable: items.length - read.length }
}
