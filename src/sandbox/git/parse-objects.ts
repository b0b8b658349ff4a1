/** Who and when, as a commit says it. Forgeable: git checks nothing of it. */
export interface Signature {
  readonly name: string
  readonly email: string
  /** ISO 8601 with the offset that the commit states, for example `2024-05-01T10:00:00+02:00`. */
  readonly date: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface Commit {
  readonly oid: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Signature
  readonly committer: Signature
  readonly message: string
}

export interface TreeEntry {
  /** Octal text as git writes it: `100644`, `120000` (symlink), `160000` (submodule), `40000` (folder). */
  readonly mode: string
  readonly name: string
  readonly oid: string
}

function isoDate(seconds: number, offset: string): string {
  const sign = offset.startsWith('-') ? -1 : 1
  const minutes = sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5)))
  if (!Number.isFinite(minutes) || !Number.isFinite(seconds)) return new Date(0).toISOString()
  const local = new Date((seconds + minutes * 60) * 1_000).toISOString().slice(0, 19)
  return minutes === 0 ? `${local}Z` : `${local}${offset.slice(0, 3)}:${offset.slice(3, 5)}`
}

/** `Ann Smith <ann@example.org> 1700000000 +0100`; nothing in it is guaranteed to be there. */
function parseSignature(text: string): Signature {
  const open = text.lastIndexOf('<')
  const close = text.lastIndexOf('>')
  const [seconds = '0', offset = '+0000'] = text.slice(close + 1).trim().split(' ')
  const at = Number(seconds)
  return {
    name: text.slice(0, Math.max(open, 0)).trim(),
    email: open === -1 || close < open ? '' : text.slice(open + 1, close),
    date: isoDate(at, offset),
    at: Number.isFinite(at) ? at * 1_000 : 0,
  }
}

/** Reads the bytes of a commit object. */
export function parseCommit(oid: string, bytes: Buffer): Commit {
  const text = bytes.toString('utf8')
  const headEnd = text.indexOf('\n\n')
  const head = headEnd === -1 ? text : text.slice(0, headEnd)
  const lines = head.split('\n').filter((line) => !line.startsWith(' '))
  const values = (key: string) => lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1))
  return {
    oid,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: parseSignature(values('author')[0] ?? ''),
    committer: parseSignature(values('committer')[0] ?? ''),
    message: headEnd === -1 ? '' : text.slice(headEnd + 2),
  }
}

/** Reads the bytes of a tree object (of a SHA-1 repository). */
export function parseTree(bytes: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = []
  let position = 0
  while (position < bytes.length) {
    const space = bytes.indexOf(32, position)
    const zero = bytes.indexOf(0, space)
    if (space === -1 || zero === -1) break
    entries.push({
      mode: bytes.toString('latin1', position, space),
      name: bytes.toString('utf8', space + 1, zero),
      oid: bytes.toString('hex', zero + 1, zero + 21),
    })
    position = zero + 21
  }
  return entries
}

/** A blob that git and GitHub show as binary: a NUL among the first 8,000 bytes. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8_000).includes(0)
}
