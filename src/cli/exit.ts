import { NamesakeError } from '../errors.ts'

/** Exit codes of the contract, for `sweep` and `scan`; every command uses 2 for bad input and failure. */
export const exitCodes = { complete: 0, newFindings: 1, failed: 2 } as const

/** Tells a person what went wrong, and sets the exit code. An error that is not ours is a bug: it shows its stack. */
export function failWith(error: unknown): void {
  process.exitCode = exitCodes.failed
  if (error instanceof NamesakeError) {
    console.error(`namesake: ${error.message}`)
  } else {
    console.error('namesake: an unexpected error; this is a bug in namesake')
    console.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

/** `namesake findings | head`: a reader that has seen enough is no error, and no reason to leave a database running. */
export function endQuietlyWithoutReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}
