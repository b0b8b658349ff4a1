/** What a make-believe registry answers, before faults. */
export interface RegistryReply {
  readonly status: number
  readonly json?: unknown
  readonly text?: string
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface RegistryQuestion {
  /** Percent-decoded segments below the registry's base URL; what was `%2F` stays inside its segment. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: string
  /** The registry's own base URL, for links in answers. */
  readonly base: string
  readonly now: Date
}

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): RegistryReply {
  return { status, json: body, headers }
}

export function plain(text: string, status = 200, type = 'text/plain; charset=utf-8'): RegistryReply {
  return { status, text, type }
}
