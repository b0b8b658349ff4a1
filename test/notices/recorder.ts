import type { Notice, OpenNotifier } from '../../src/contracts/notifier.ts'

export interface Recorder extends OpenNotifier {
  readonly told: readonly Notice[]
  /** The next messages fail with these, in order. */
  fail(...errors: readonly Error[]): void
}

/** A destination that keeps what it is told. */
export function createRecorder(change: Partial<OpenNotifier> = {}): Recorder {
  const told: Notice[] = []
  const failures: Error[] = []
  const send = (notice: Notice): Promise<void> => {
    const failure = failures.shift()
    if (failure !== undefined) return Promise.reject(failure)
    told.push(notice)
    return Promise.resolve()
  }
  return {
    destination: 'recorder.example', limit: { max: 1, perMs: 1 }, send, sendPlain: send, check: () => Promise.resolve([]),
    told,
    fail: (...errors) => void failures.push(...errors),
    ...change,
  }
}
