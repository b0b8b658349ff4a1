/** The thread of a large scan: makes its own matcher once, then answers batches, and gives each buffer back. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Recipe } from './contract.ts'
import { createInspector } from './inspect.ts'
import { readBatch, type Batch } from './read-batch.ts'

// Both ends of the thread are ours: pool.ts sends exactly these.
const inspect = createInspector(workerData as Recipe)
parentPort?.on('message', (batch: Batch) => {
  parentPort?.postMessage({ answer: readBatch(batch, inspect), buffer: batch.buffer }, [batch.buffer])
})
