import type { Writable } from 'node:stream'
import { startGit } from './run-git.ts'

/** What becomes of one blob, told in the order in which they were asked for. */
export interface BlobReader {
  /**
   * The size of a blob is known, its bytes follow: where they go. Null: they are passed over.
   * Must fill nothing by itself; `end` is called when the place is full.
   */
  begin(index: number, size: number): Uint8Array | null
  end(index: number): Promise<void>
  /** It could not be read. */
  fail(index: number, reason: string): void
}

/** Objects that grow while others are still being listed. */
export interface BlobList {
  readonly oids: readonly string[]
  /** Resolves when there are more than `count`, or when there will be no more: false. */
  moreThan(count: number): Promise<boolean>
}

const lineFeed = 10
/** A header is an id, a word and a number. */
const maxHeader = 200
/** Times that git may die over the same blob before it is given up. */
const attempts = 2

/**
 * Streams blobs of a repository through `git cat-file --batch`. When git dies over a damaged object, that one fails
 * and the others are read by another process.
 * @throws Permanent when git could not be started
 */
export async function readBlobs(folder: string, list: BlobList, reader: BlobReader, signal: AbortSignal): Promise<void> {
  let done = 0
  let died = 0
  while (!signal.aborted && (await list.moreThan(done))) {
    const before = done
    // Without its buffer git has answered everything before the object that it dies of.
    done = await readOnce(folder, list, reader, { from: done, buffered: died === 0, signal })
    if (signal.aborted || !(await list.moreThan(done))) return
    died = done === before ? died + 1 : 1
    if (died < attempts) continue
    reader.fail(done, 'git cannot read it: the object is damaged')
    done += 1
  }
}

interface Part {
  readonly from: number
  readonly buffered: boolean
  readonly signal: AbortSignal
}

/** Reads as many as one process answers; the number of blobs that are over. */
async function readOnce(folder: string, list: BlobList, reader: BlobReader, { from, buffered, signal }: Part): Promise<number> {
  const git = startGit(folder, ['cat-file', '--batch', ...(buffered ? ['--buffer'] : [])], signal)
  let stopped = false
  const asking = ask(git.input, list, from, () => stopped)
  const answers = createAnswers(list, reader, from)
  try {
    for await (const chunk of git.output) await answers.read(chunk)
    await git.ended
  } finally {
    stopped = true
    git.kill()
    git.input.destroy()
    await asking
  }
  return answers.done()
}

const linesAtOnce = 500

async function ask(input: Writable, list: BlobList, from: number, stopped: () => boolean): Promise<void> {
  for (let next = from; !stopped() && (await list.moreThan(next));) {
    const some = list.oids.slice(next, next + linesAtOnce)
    next += some.length
    if (stopped() || input.destroyed) return
    if (!input.write(`${some.join('\n')}\n`)) await drained(input)
  }
  if (!stopped()) input.end()
}

/** Resolves when there is room again, or never will be. */
function drained(input: Writable): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      input.off('drain', settle)
      input.off('close', settle)
      resolve()
    }
    input.on('drain', settle)
    input.on('close', settle)
    if (input.destroyed) settle()
  })
}

/** Cuts the answers `ID blob SIZE\n` and SIZE bytes and `\n`, or `ID missing\n`; content is copied once, to its place. */
function createAnswers(list: BlobList, reader: BlobReader, from: number) {
  let index = from
  let header = ''
  /** Bytes of content that are still to come, with the line feed behind them; -1 in a header. */
  let left = -1
  let place: Uint8Array | null = null
  let filled = 0

  async function finish(): Promise<void> {
    if (place !== null) await reader.end(index)
    place = null
    left = -1
    index += 1
  }

  function begin(): void {
    const [oid = '', type = '', size = ''] = header.split(' ')
    header = ''
    if (type === 'blob' && oid === list.oids[index] && /^\d+$/.test(size)) {
      left = Number(size) + 1
      place = reader.begin(index, Number(size))
      filled = 0
      return
    }
    reader.fail(index, type === 'missing' ? 'the object is not in this repository' : 'git answered something else')
    index += 1
  }

  return {
    done: () => index,
    async read(chunk: Buffer): Promise<void> {
      let at = 0
      while (at < chunk.length) {
        if (left < 0) {
          const end = chunk.indexOf(lineFeed, at)
          header += chunk.toString('latin1', at, end === -1 ? chunk.length : end)
          at = end === -1 ? chunk.length : end + 1
          if (end !== -1 || header.length > maxHeader) begin()
          continue
        }
        const piece = chunk.subarray(at, at + left)
        if (place !== null && filled < place.length) place.set(piece.subarray(0, place.length - filled), filled)
        filled += piece.length
        left -= piece.length
        at += piece.length
        if (left === 0) await finish()
      }
    },
  }
}
