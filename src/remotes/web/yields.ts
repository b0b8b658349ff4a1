import { z } from 'zod'
import type { Validators } from '../../contracts/http.ts'
import type { Document } from '../../contracts/document.ts'
import type { Memory } from '../../contracts/source.ts'
import { digestOf } from './addresses.ts'

/** What an answer brought the last time, so that a 304 can stand for it: its documents, and where it led. */
export interface Yield {
  readonly validators: Validators
  readonly documents: readonly { readonly ref: string; readonly contentHash: string }[]
  /** Addresses (or what else the source needs) of what it led to. */
  readonly led: readonly (readonly string[])[]
}

export interface Yields {
  /** Null: not known, ask without validators. */
  recall(ref: string): Promise<Yield | null>
  remember(ref: string, brought: { readonly validators: Validators | null; readonly documents: readonly Document[]; readonly led: Yield['led'] }): Promise<void>
}

const stored = z.object({
  ref: z.string(),
  validators: z.object({ etag: z.string().nullable(), lastModified: z.string().nullable() }),
  documents: z.array(z.tuple([z.string(), z.string()])),
  led: z.array(z.array(z.string())),
})

/** Characters of JSON; what brought more is fetched in full each time. */
const largest = 256 * 1024

export function createYields(memory: Memory): Yields {
  const nameOf = (ref: string): string => `yield ${digestOf(ref).slice(0, 32)}`
  return {
    async recall(ref) {
      const known = stored.safeParse(await memory.get(nameOf(ref)))
      if (!known.success || known.data.ref !== ref) return null
      const { validators, documents, led } = known.data
      return { validators, led, documents: documents.map(([document, contentHash]) => ({ ref: document, contentHash })) }
    },
    async remember(ref, { validators, documents, led }) {
      if (validators === null) return
      const value = {
        ref,
        validators: { etag: validators.etag, lastModified: validators.lastModified },
        documents: documents.map((document) => [document.ref, document.contentHash]),
        led: led.map((one) => [...one]),
      }
      if (JSON.stringify(value).length <= largest) await memory.set(nameOf(ref), value)
    },
  }
}

