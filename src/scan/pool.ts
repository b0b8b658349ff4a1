import { Worker } from 'node:worker_threads'
import type { Recipe } from './contract.ts'
import { createInspector } from './inspect.ts'
import { readBatch, type Batch, type BatchAnswer } from './read-batch.ts'

export interface Pool {
  /**
   * Inspects a batch; its buffer is gone afterwards. Resolves when the next one may come: two batches for every
   * thread are under way at most. `answered` is called once for every batch, null when the thread died over it.
   */
  run(batch: Batch, answered: (answer: BatchAnswer | null) => void): Promise<void>
  /** A buffer of at least so many bytes: one that came back, or a new one. */
  buffer(bytes: number): ArrayBuffer
  /** Resolves when every batch was answered. */
  drain(): Promise<void>
  /** Ends the threads at once. */
  close(): Promise<void>
}

export interface PoolOptions {
  readonly threads: number
  /** Bytes that are inspected in this thread before others are started: most scans never need them. */
  readonly alone: number
}

interface Reply {
  readonly answer: BatchAnswer
  readonly buffer: ArrayBuffer
}

interface Thread {
  readonly worker: Worker
  readonly waiting: ((answer: BatchAnswer | null) => void)[]
}

/** Batches under way for each thread: one is worked on, one waits. */
const depth = 2
/** Bytes in buffers that are kept for the next batch; larger ones are not kept. */
const keptBytes = 8 * 1024 * 1024

/** Inspects batches, a small scan in this thread, a large one in as many others as are wanted. */
export function createPool(recipe: Recipe, { threads, alone }: PoolOptions): Pool {
  let inspect: ReturnType<typeof createInspector> | undefined
  let seen = 0
  const state = { closed: false }
  const running = new Set<Thread>()
  const buffers: ArrayBuffer[] = []
  let wake: (() => void)[] = []

  function keep(buffer: ArrayBuffer): void {
    if (buffer.byteLength <= keptBytes && buffers.length < Math.max(1, threads) * depth) buffers.push(buffer)
  }

  function notify(): void {
    const woken = wake
    wake = []
    for (const resolve of woken) resolve()
  }

  function start(): Thread {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: recipe })
    const thread: Thread = { worker, waiting: [] }
    worker.on('message', ({ answer, buffer }: Reply) => {
      keep(buffer)
      thread.waiting.shift()?.(answer)
      notify()
    })
    // An error ends the thread, and so "exit" is told too; without a listener it would end the process.
    worker.on('error', () => {})
    worker.on('exit', () => {
      running.delete(thread)
      // What a person stopped is no failure.
      for (const answered of thread.waiting.splice(0)) if (!state.closed) answered(null)
      notify()
    })
    running.add(thread)
    return thread
  }

  function idlest(): Thread {
    let best: Thread | undefined
    for (const thread of running) if (best === undefined || thread.waiting.length < best.waiting.length) best = thread
    return best === undefined || (best.waiting.length > 0 && running.size < threads) ? start() : best
  }

  function underWay(): number {
    let count = 0
    for (const { waiting } of running) count += waiting.length
    return count
  }

  return {
    async run(batch, answered) {
      seen += batch.documents.reduce((sum, { length }) => sum + length, 0)
      if (threads === 0 || seen <= alone) {
        inspect ??= createInspector(recipe)
        answered(readBatch(batch, inspect))
        keep(batch.buffer)
        // Whoever waits for Ctrl-C or an answer gets a turn between batches.
        await new Promise<void>((resolve) => setImmediate(resolve))
        return
      }
      const thread = idlest()
      thread.waiting.push(answered)
      thread.worker.postMessage(batch, [batch.buffer])
      while (!state.closed && underWay() >= threads * depth) await new Promise<void>((resolve) => wake.push(resolve))
    },
    buffer(bytes) {
      const at = buffers.findIndex((buffer) => buffer.byteLength >= bytes)
      return at === -1 ? new ArrayBuffer(bytes) : (buffers.splice(at, 1)[0] ?? new ArrayBuffer(bytes))
    },
    async drain() {
      while (!state.closed && underWay() > 0) await new Promise<void>((resolve) => wake.push(resolve))
    },
    async close() {
      state.closed = true
      await Promise.all([...running].map(({ worker }) => worker.terminate()))
      notify()
    },
  }
}
