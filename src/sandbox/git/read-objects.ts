import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { Permanent } from '../../errors.ts'
import { gitArguments } from './run-git.ts'

export type GitType = 'blob' | 'commit' | 'tree' | 'tag'

export interface ObjectHeader {
  readonly oid: string
  readonly type: GitType
  /** Bytes. */
  readonly size: number
}

export interface GitObject extends ObjectHeader {
  readonly bytes: Buffer
}

type BatchProcess = ChildProcessByStdio<Writable, Readable, null>

interface Waiting<Answer> {
  resolve(answer: Answer | null): void
  reject(error: Error): void
}

/** A process and the questions that it has not answered yet, oldest first. */
interface Running<Answer> {
  readonly child: BatchProcess
  readonly waiting: Waiting<Answer>[]
}

interface Batch<Answer> {
  ask(name: string): Promise<Answer | null>
  /** Answers what was asked, then ends the process. A later question starts another. */
  close(): Promise<void>
}

const typeNames: ReadonlySet<string> = new Set(['blob', 'commit', 'tree', 'tag'])

function parseHeader(line: string): ObjectHeader | null {
  // "<name> missing" echoes the name that was asked for, which may itself look like the start of a header.
  const [oid = '', type = '', size = '', ...more] = line.split(' ')
  if (more.length > 0 || !/^[0-9a-f]{40,64}$/.test(oid) || !typeNames.has(type) || !/^\d+$/.test(size)) return null
  // The set above holds exactly the members of GitType.
  return { oid, type: type as GitType, size: Number(size) }
}

/**
 * Cuts the output of `cat-file` into answers. Chunks are joined only when one whole answer is there, so that a
 * large object costs one copy and not one per chunk.
 */
function createCutter(withContents: boolean, answered: (header: ObjectHeader | null, bytes: Buffer) => void) {
  let chunks: Buffer[] = []
  let length = 0
  let wanted = 1
  return (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    while (length >= wanted && length > 0) {
      const data = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      chunks = [data]
      const lineEnd = data.indexOf(10)
      if (lineEnd === -1) {
        wanted = length + 1
        return
      }
      const header = parseHeader(data.toString('utf8', 0, lineEnd))
      const contents = header === null || !withContents ? 0 : header.size + 1
      const end = lineEnd + 1 + contents
      if (length < end) {
        wanted = end
        return
      }
      answered(header, data.subarray(lineEnd + 1, end - (contents === 0 ? 0 : 1)))
      const rest = data.subarray(end)
      chunks = rest.length === 0 ? [] : [rest]
      length = rest.length
      wanted = 1
    }
  }
}

function openBatch<Answer>(gitDir: string, withContents: boolean, answerOf: (header: ObjectHeader, bytes: Buffer) => Answer): Batch<Answer> {
  let running: Running<Answer> | null = null

  function start(): Running<Answer> {
    const child = spawn('git', gitArguments(gitDir, ['cat-file', withContents ? '--batch' : '--batch-check']), {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const started: Running<Answer> = { child, waiting: [] }
    function fail(error: Error): void {
      if (running === started) running = null
      for (const one of started.waiting.splice(0)) one.reject(error)
    }
    child.stdout.on('data', createCutter(withContents, (header, bytes) => {
      started.waiting.shift()?.resolve(header === null ? null : answerOf(header, bytes))
    }))
    child.stdin.on('error', () => {})
    child.once('error', (cause) => fail(new Permanent('git could not be started', { cause })))
    child.once('close', () => fail(new Permanent('git ended while objects were read')))
    return started
  }

  return {
    ask(name) {
      return new Promise<Answer | null>((resolve, reject) => {
        running ??= start()
        running.waiting.push({ resolve, reject })
        running.child.stdin.write(`${name}\n`)
      })
    },
    async close() {
      if (running === null) return
      const { child } = running
      running = null
      const closed = new Promise((resolve) => child.once('close', resolve))
      child.stdin.end()
      await closed
    },
  }
}

/**
 * Whether a name can be asked for. One question is one line; a search through messages (`:/x`, `^{/x}`) is work
 * without end; the index does not exist here; and a relative path makes git end instead of answering.
 */
function isAskable(name: string): boolean {
  if (name === '' || name.length > 4_096 || /[\n\r\0]/.test(name)) return false
  return !name.startsWith(':') && !name.includes('^{/') && !/^[^:]*:\.{1,2}\//.test(name)
}

/** Streams many blobs of a repository in the order asked for, through one process that ends with the last. */
export async function readMany(gitDir: string, oids: readonly string[], each: (index: number, bytes: Buffer) => void): Promise<void> {
  if (oids.length === 0) return
  const child = spawn('git', gitArguments(gitDir, ['cat-file', '--batch', '--buffer']), { stdio: ['pipe', 'pipe', 'ignore'] })
  let index = 0
  child.stdout.on('data', createCutter(true, (header, bytes) => {
    if (header !== null) each(index, bytes)
    index += 1
  }))
  child.stdin.on('error', () => {})
  child.stdin.end(`${oids.join('\n')}\n`)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new Permanent('git could not be started', { cause })))
    child.once('close', resolve)
  })
  if (code !== 0 || index !== oids.length) throw new Permanent('git ended while objects were read')
}

/** Reads objects of many repositories through long-lived git processes. Close it, or the processes stay. */
export interface ObjectReader {
  /** Null: no such object, or a name that git does not accept. Names are git's (`HEAD:package.json`, an oid …). */
  describe(gitDir: string, name: string): Promise<ObjectHeader | null>
  read(gitDir: string, name: string): Promise<GitObject | null>
  close(): Promise<void>
}

interface Batches {
  readonly headers: Batch<ObjectHeader>
  readonly contents: Batch<GitObject>
}

function openBatches(gitDir: string): Batches {
  return {
    headers: openBatch(gitDir, false, (header) => header),
    contents: openBatch(gitDir, true, (header, bytes) => ({ ...header, bytes })),
  }
}

/** At most `capacity` repositories keep their processes; the longest unused is closed first. */
export function createObjectReader(capacity = 32): ObjectReader {
  const open = new Map<string, Batches>()
  const closing = new Set<Promise<unknown>>()

  function retire(gitDir: string, { headers, contents }: Batches): void {
    open.delete(gitDir)
    const closed = Promise.all([headers.close(), contents.close()])
    closing.add(closed)
    void closed.finally(() => closing.delete(closed))
  }

  function batches(gitDir: string): Batches {
    const found = open.get(gitDir) ?? openBatches(gitDir)
    // A map keeps the order of insertion: taking out and putting back makes it the most recently used.
    open.delete(gitDir)
    open.set(gitDir, found)
    const oldest = open.size > capacity ? open.entries().next().value : undefined
    if (oldest !== undefined) retire(...oldest)
    return found
  }

  return {
    describe: async (gitDir, name) => (isAskable(name) ? batches(gitDir).headers.ask(name) : null),
    read: async (gitDir, name) => (isAskable(name) ? batches(gitDir).contents.ask(name) : null),
    async close() {
      for (const [gitDir, one] of open) retire(gitDir, one)
      await Promise.all(closing)
    },
  }
}
