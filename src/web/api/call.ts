import type { Answer, Input, Problem, RouteName } from '../../api/contract.ts'

/** An answer that is not 2xx, or none at all. `detail` may be shown to a person. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed'
  /** HTTP status; 0: the server was not reached. */
  readonly status: number
  /** `code` of the problem (RFC 9457); `unreachable`: no answer; `failed`: none of ours. */
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly faults: NonNullable<Problem['faults']>
  constructor(problem: Pick<Problem, 'status' | 'code' | 'title' | 'detail' | 'faults'>) {
    super(problem.title)
    this.status = problem.status
    this.code = problem.code
    this.title = problem.title
    this.detail = problem.detail ?? ''
    this.faults = problem.faults ?? []
  }
}

type Loose = Readonly<Record<string, unknown>>
export interface CallOptions {
  readonly signal?: AbortSignal
}

/** What to do when the session has ended; the shell shows the login. */
let onSessionEnd: () => void = () => undefined
export function whenSessionEnds(act: () => void): void {
  onSessionEnd = act
}

/** Address of a route: braces filled from `params`, lists in `query` written as the key again and again. */
export function addressOf(route: string, input: { readonly params?: Loose; readonly query?: Loose } = {}): string {
  const path = route.slice(route.indexOf(' ') + 1).replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(input.params?.[key])))
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(input.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== null && one !== '') query.append(key, String(one))
  }
  return query.size === 0 ? path : `${path}?${query.toString()}`
}

/** A route that takes nothing, or nothing that it insists on, may be called without input. */
type Arguments<Name extends RouteName> = Record<never, never> extends Input<Name> ? [input?: Input<Name>, options?: CallOptions] : [input: Input<Name>, options?: CallOptions]

/**
 * Calls a route of the API. Types are the contract's; the server is trusted to keep it.
 * @throws CallFailed
 */
export async function call<const Name extends RouteName>(name: Name, ...[input, options]: Arguments<Name>): Promise<Answer<Name>> {
  // The parts that a route takes are known by its row only; here any of the three may be there.
  const parts = (input ?? {}) as { readonly params?: Loose; readonly query?: Loose; readonly body?: unknown }
  const method = name.slice(0, name.indexOf(' '))
  let answer: Response
  try {
    answer = await fetch(addressOf(name, parts), {
      method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(parts.body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
      ...(options?.signal === undefined ? {} : { signal: options.signal }),
    })
  } catch (error) {
    if (options?.signal?.aborted === true) throw error
    throw new CallFailed({ status: 0, code: 'unreachable', title: 'The server did not answer', detail: 'It is stopped, or the network between is. Nothing was lost: what you see is the last that was known.' })
  }
  if (answer.ok) return (await answer.json()) as Answer<Name>
  const problem = await problemOf(answer)
  if (problem.status === 401 && problem.code === 'no-session') onSessionEnd()
  throw problem
}

async function problemOf(answer: Response): Promise<CallFailed> {
  if ((answer.headers.get('content-type') ?? '').startsWith('application/problem+json')) {
    try {
      return new CallFailed((await answer.json()) as Problem)
    } catch {
      // Said to be a problem and none: told as any other failure.
    }
  }
  return new CallFailed({ status: answer.status, code: 'failed', title: 'The server failed', detail: `It answered with status ${answer.status}.` })
}
