import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { Permanent } from '../errors.ts'

/** Keeps git from the network (a partial clone would fetch what is missing) and from what a person configured. */
const quiet = ['protocol.allow=never', 'core.quotepath=false', 'gc.auto=0', 'log.showRoot=true', 'log.showSignature=false', 'core.fsmonitor=false']

/** How git ended. */
export type GitEnd = 'done' | 'refused' | 'killed'

export interface RunningGit {
  readonly output: Readable
  readonly input: Writable
  /** Resolves when git has ended. @throws Permanent when git could not be started */
  readonly ended: Promise<{ readonly how: GitEnd; readonly code: number | null }>
  kill(): void
}

/** Starts git in a folder. What it complains about is not read: it quotes paths. */
export function startGit(folder: string, args: readonly string[], signal: AbortSignal): RunningGit {
  const child: ChildProcess = spawn('git', ['-C', folder, ...quiet.flatMap((setting) => ['-c', setting]), ...args], { stdio: ['pipe', 'pipe', 'ignore'] })
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('git was started without its pipes')
  const kill = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  if (signal.aborted) kill()
  // A git that ends early closes its input; how it ended says so.
  stdin.on('error', () => {})
  const ended = new Promise<{ how: GitEnd; code: number | null }>((resolve, reject) => {
    child.once('error', (cause) => reject(new Permanent('git could not be started; is it installed?', { cause })))
    child.once('close', (code) => resolve({ how: code === 0 ? 'done' : code === null ? 'killed' : 'refused', code }))
  })
  const forget = (): void => signal.removeEventListener('abort', kill)
  // Whoever started it awaits `ended`, perhaps after the output; until then nobody else is to see the failure.
  ended.then(forget, forget)
  return { output: stdout, input: stdin, ended, kill }
}

/** Runs git to its end; for answers that fit in memory. @throws Permanent when git could not be started */
export async function runGit(folder: string, args: readonly string[], signal: AbortSignal): Promise<{ readonly how: GitEnd; readonly code: number | null; readonly output: Buffer }> {
  const git = startGit(folder, args, signal)
  git.input.end()
  const chunks: Buffer[] = []
  for await (const chunk of git.output) chunks.push(chunk)
  return { ...(await git.ended), output: Buffer.concat(chunks) }
}

/** Cuts a stream into records that end in a byte; the rest after the last end is a record too. */
export async function* cutRecords(stream: AsyncIterable<Buffer>, end: number): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  for await (const chunk of stream) {
    let from = 0
    for (let at = chunk.indexOf(end); at !== -1; at = chunk.indexOf(end, from)) {
      const piece = chunk.subarray(from, at)
      yield pieces.length === 0 ? piece : Buffer.concat([...pieces, piece])
      pieces = []
      from = at + 1
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from))
  }
  if (pieces.length > 0) yield Buffer.concat(pieces)
}
