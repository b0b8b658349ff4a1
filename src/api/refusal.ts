import type { z } from 'zod'
import { Conflict, Invalid, NamesakeError, NotFound, RetryLater, Transient } from '../errors.ts'
import type { problem, Problem } from './contract/route.ts'

/** A request that is refused at the door, before any verb: the answer itself. */
export class Refusal extends Error {
  readonly problem: Omit<z.output<typeof problem>, 'type'>
  readonly headers: Readonly<Record<string, string>>
  constructor(problem: Refusal['problem'], headers: Refusal['headers'] = {}) {
    super(problem.title)
    this.problem = problem
    this.headers = headers
  }
}

export function noSession(detail = 'Log in, or send a token: Authorization: Bearer nsk_…'): Refusal {
  return new Refusal({ code: 'no-session', title: 'Nobody is logged in', status: 401, detail }, { 'www-authenticate': 'Bearer' })
}

export function notAllowed(detail: string): Refusal {
  return new Refusal({ code: 'not-allowed', title: 'Not allowed', status: 403, detail })
}

export function tooMany(detail: string, seconds: number): Refusal {
  return new Refusal({ code: 'too-many-requests', title: 'Too many attempts', status: 429, detail }, { 'retry-after': String(Math.max(1, Math.ceil(seconds))) })
}

/** What could not be done this moment. Seconds. */
const shortWait = 5

/**
 * The one place where an error becomes an answer (RFC 9457). Of an error that nobody expected nothing is told; the log
 * has its class and where it came from.
 */
export function answerProblem(error: unknown, now: Date): Response {
  const { status, headers = {}, ...problem } = describe(error, now)
  const body: Problem = { type: 'about:blank', status, ...problem }
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json', ...headers } })
}

/** Whether it is one that a caller can bring about. Anything else is a defect, or the world's trouble, and is logged. */
export function isExpected(error: unknown): boolean {
  return error instanceof Refusal || error instanceof Invalid || error instanceof NotFound || error instanceof Conflict || error instanceof RetryLater
}

function describe(error: unknown, now: Date): Omit<Problem, 'type'> & { readonly headers?: Readonly<Record<string, string>> } {
  if (error instanceof Refusal) return { ...error.problem, headers: error.headers }
  if (error instanceof NotFound) return { code: 'not-found', title: 'Not there', status: 404, detail: error.message }
  if (error instanceof Conflict) return { code: 'conflict', title: 'Somebody was faster, or it is in another state', status: 409, detail: error.message }
  if (error instanceof Invalid) {
    const faults = error.faults.map(({ key, expected }) => ({ key, expected }))
    const detail = faults.length === 0 ? error.message : faults.map(({ key, expected }) => (key === '' ? expected : `${key}: ${expected}`)).join('\n')
    return { code: 'invalid', title: 'The request does not fit', status: 422, detail, ...(faults.length === 0 ? {} : { faults }) }
  }
  if (error instanceof RetryLater) return later(error.message, (error.until.getTime() - now.getTime()) / 1000)
  if (error instanceof Transient) return later('It could not be done this moment.', shortWait)
  const known = error instanceof NamesakeError ? 'It could not be done; the log of the server says why.' : 'Something unexpected happened; the log of the server has more.'
  return { code: 'failed', title: 'It failed', status: 500, detail: known }
}

function later(detail: string, seconds: number): ReturnType<typeof describe> {
  return { code: 'retry-later', title: 'Try again later', status: 503, detail, headers: { 'retry-after': String(Math.max(1, Math.ceil(seconds))) } }
}
