import type { createInspector, Inspected } from './inspect.ts'

/** Documents side by side in one buffer, so that one transfer moves them all to a worker without a copy. */
export interface Batch {
  readonly buffer: ArrayBuffer
  readonly documents: readonly { readonly path: string; readonly start: number; readonly length: number }[]
}

/** What a batch came to. Numbers are indices of its documents; a document in neither list is clean. */
export interface BatchAnswer {
  readonly found: readonly { readonly document: number; readonly mentions: readonly Inspected[] }[]
  /** Could not tell: the program itself failed on them. */
  readonly failed: readonly number[]
}

/** Inspects a batch. One document that breaks us does not cost the others. */
export function readBatch(batch: Batch, inspect: ReturnType<typeof createInspector>): BatchAnswer {
  const found: { document: number; mentions: readonly Inspected[] }[] = []
  const failed: number[] = []
  for (const [document, { path, start, length }] of batch.documents.entries()) {
    try {
      const mentions = inspect(path, new Uint8Array(batch.buffer, start, length))
      if (mentions.length > 0) found.push({ document, mentions })
    } catch {
      failed.push(document)
    }
  }
  return { found, failed }
}
