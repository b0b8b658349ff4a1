import { exitCodes } from './exit.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Aborts on Ctrl-C, SIGTERM, or a terminal that went away; a second signal ends the process at once. Dispose it when
 * the work is over, so that the process can exit by itself.
 */
export function interruptible(): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  for (const name of signals) process.on(name, onSignal)
  return {
    signal: controller.signal,
    dispose() {
      for (const name of signals) process.off(name, onSignal)
    },
  }
}

/**
 * Does the work of a command that a signal may cut off. What then fails (a program that got the signal too, a
 * connection that was closed) is a consequence, and no error of its own.
 */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interrupt = interruptible()
  try {
    await work(interrupt.signal)
  } catch (error) {
    if (!interrupt.signal.aborted) throw error
    console.error('namesake: interrupted')
    process.exitCode = exitCodes.failed
  } finally {
    interrupt.dispose()
  }
}

/** Resolves when the signal comes, and keeps the process alive until then. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // A pending promise keeps no process alive; the timer does.
    const alive = setInterval(() => undefined, 60_000)
    const stop = (): void => {
      clearInterval(alive)
      resolve()
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
