import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

const program = path.join(import.meta.dirname, '../../src/cli/namesake.ts')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Invocation {
  /** On top of an environment that holds nothing of the developer's. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

export interface Started {
  readonly child: ChildProcess
  /** What it has said so far. */
  readonly said: { readonly stdout: string; readonly stderr: string }
  readonly ended: Promise<Ended>
}

const running = new Set<ChildProcess>()
// A test that failed half-way must not leave a service behind. Not SIGKILL: an embedded database outlives that.
afterAll(async () => {
  const ends = [...running].map(async (child) => {
    const closed = once(child, 'close')
    child.kill('SIGTERM')
    await closed
  })
  await Promise.all(ends)
})

/** Starts the command line as a person would, away from every terminal. */
export function startNamesake(args: readonly string[], { env = {}, cwd = tmpdir() }: Invocation = {}): Started {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => { said.stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said.stderr += text })
  const ended = once(child, 'close').then(([code]: unknown[]): Ended => {
    running.delete(child)
    return { code: typeof code === 'number' ? code : null, ...said }
  })
  return { child, said, ended }
}

let free = 2
const waiting: (() => void)[] = []

/** Runs it to its end; two at a time, as the machine has two cores. */
export async function namesake(args: readonly string[], invocation: Invocation = {}): Promise<Ended> {
  if (free === 0) await new Promise<void>((go) => waiting.push(go))
  else free -= 1
  try {
    return await startNamesake(args, invocation).ended
  } finally {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
}
