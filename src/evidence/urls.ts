/** Characters of a detail. */
const maxDetail = 200

/**
 * A value of a file as a detail: secrets out (user and password of a URL, query, fragment), control characters out,
 * at most 200 characters, decoded from one character per byte to text.
 */
export function asDetail(value: string | null): string | null {
  if (value === null) return null
  const decoded = Buffer.from(value.slice(0, 2 * maxDetail), 'latin1').toString('utf8')
  return withoutSecrets(decoded).replaceAll(/[\p{Cc}\p{Cf}]/gu, '').trim().slice(0, maxDetail)
}

/** Cuts user and password, query and fragment out of every URL-like text; other texts stay as they are. */
function withoutSecrets(value: string): string {
  const scheme = value.indexOf('://')
  if (scheme < 0) return value
  const rest = value.slice(scheme + 3)
  const path = firstOf(rest, '/?#')
  const at = rest.slice(0, path).lastIndexOf('@')
  const tail = rest.slice(at + 1)
  return value.slice(0, scheme + 3) + tail.slice(0, firstOf(tail, '?#'))
}

function firstOf(text: string, characters: string): number {
  for (let at = 0; at < text.length; at += 1) {
    if (characters.includes(text.charAt(at))) return at
  }
  return text.length
}

/**
 * Host of the first URL in a text, lower-cased and without user, password and port; null where there is none.
 * Also understands `//host/path` and `git@host:path`.
 */
export function hostOf(value: string | null): string | null {
  if (value === null) return null
  const found = /(?:^|:)\/\/(?:[^/?#\s@]{0,200}@)?(?<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])/.exec(value)?.groups?.['host']
    ?? /^[\w.-]{1,64}@(?<host>[A-Za-z0-9.-]{1,253}):/.exec(value)?.groups?.['host']
  return found?.toLowerCase() ?? null
}

/** Whether the text at `offset` of `value` belongs to a URL or to the host of a Git address. */
export function isInsideUrl(value: string, offset: number): boolean {
  const before = value.slice(Math.max(0, offset - 500), offset)
  if (/(?:^|[a-z0-9+.:"'(=\s[<])(?:[a-z][a-z0-9+.-]{0,20}:)?\/\/[^\s"'<>]*$/i.test(before)) return true
  return /(?:^|\s|["'])[\w.-]{1,64}@[^\s"'<>]*$/.test(before) && /^[\w.-]*:/.test(value.slice(offset, offset + 253))
}
