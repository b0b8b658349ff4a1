import type { Config } from '../config.ts'

/** By which addresses people reach the page. */
export interface Origin {
  /** For links, without a slash at the end. */
  readonly url: string
  /** Over https: cookies and headers say so. */
  readonly secure: boolean
  /** The origin that belongs to each Host header that is ours. */
  readonly byHost: ReadonlyMap<string, string>
}

/** `web.url`, and this machine itself as far as it listens there alone. */
export function originOf({ host, port, url }: Config['web']): Origin {
  const local = ['localhost', '127.0.0.1', '[::1]', host.includes(':') ? `[${host}]` : host].map((name) => new URL(`http://${name}:${port}`).origin)
  const own = url ?? local.at(-1) ?? ''
  // Behind a name everybody comes by that name; a page of another name that resolves to us is refused either way.
  const origins = url === undefined ? [own, ...local] : [own]
  return { url: own, secure: own.startsWith('https:'), byHost: new Map(origins.map((origin) => [new URL(origin).host, origin])) }
}
