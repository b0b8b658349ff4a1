/**
 * The closed set of errors. The class says what happens next; nobody reads messages to decide.
 *
 * | class            | what happens next                                                              |
 * | ---------------- | ------------------------------------------------------------------------------ |
 * | `RetryLater`     | wait until a time; costs no attempt                                              |
 * | `Transient`      | try again with backoff, a limited number of times                                |
 * | `Permanent`      | give up on this piece of work and record why                                     |
 * | `ContractBroken` | a remote answered something we cannot read: give up, record, tell the operator    |
 * | `NotFound`       | the thing asked for is not there (a clean "absent", never "could not tell")       |
 * | `Conflict`       | somebody else changed it first                                                   |
 * | `Invalid`        | the input is wrong: tell the person who gave it, exit code 2                     |
 *
 * No message may hold a secret or the body of a remote answer.
 */

interface ErrorOptions {
  cause?: unknown
}

export abstract class NamesakeError extends Error {
  override get name(): string {
    return this.constructor.name
  }
}

/** What a wait applies to: the whole destination (a rate limit) or only the one job at hand. */
export type WaitScope = 'destination' | 'job'

export class RetryLater extends NamesakeError {
  readonly until: Date
  readonly scope: WaitScope
  constructor(message: string, until: Date, scope: WaitScope = 'destination', options?: ErrorOptions) {
    super(message, options)
    this.until = until
    this.scope = scope
  }
}

export class Transient extends NamesakeError {}

export class Permanent extends NamesakeError {}

export class ContractBroken extends NamesakeError {}

export class NotFound extends NamesakeError {}

export class Conflict extends NamesakeError {}

/** One thing that is wrong with an input: where it is, what was found there, what was expected. */
export interface Fault {
  /** File (as the person wrote it), command line, or environment variable. */
  readonly where: string
  /** Dotted path inside it, for example `sources.github.token`; empty for the whole. */
  readonly key: string
  /** The value received, already shortened, `undefined` where there is none or it is a secret. */
  readonly value?: string | undefined
  readonly expected: string
}

export class Invalid extends NamesakeError {
  readonly faults: readonly Fault[]
  constructor(faults: readonly Fault[] | string, options?: ErrorOptions) {
    super(typeof faults === 'string' ? faults : faults.map(describeFault).join('\n'), options)
    this.faults = typeof faults === 'string' ? [] : faults
  }
}

/** One line for a person: `namesake.yaml: sources.github.tokn: unknown key; did you mean "token"?` */
export function describeFault(fault: Fault): string {
  const value = fault.value === undefined ? '' : ` (got ${fault.value})`
  return `${fault.where}: ${fault.key === '' ? '' : `${fault.key}: `}${fault.expected}${value}`
}

/** The reason of any thrown thing, as stored on a run: class and message, without a stack. */
export function describeError(error: unknown): string {
  if (error instanceof NamesakeError) return error.message
  if (error instanceof Error) return `${error.name}: ${error.message}`
  return String(error)
}
