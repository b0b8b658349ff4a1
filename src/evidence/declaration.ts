import type { Ecosystem } from '../contracts/inventory.ts'
import type { SourceText } from './source-text.ts'
import type { Node } from './structure/outline.ts'

/** Where a declared name comes from, as far as its file says; all null: the file does not say. */
export interface Origin {
  /** Lower-cased, without port: the host of the URL that the name is resolved from, published to, or begins with. */
  readonly host: string | null
  /** Path of that URL, without query and fragment: it may show which repository of the host it is. */
  readonly path: string | null
  /** The npm scope that the name stands in: `@acme-corp`. */
  readonly scope: string | null
  /** The Maven group that the name stands in: `com.acmecorp.auth`. */
  readonly group: string | null
}

/** A name that a file declares: installs, locks, publishes, or binds to a registry. */
export interface Declaration {
  readonly name: string
  readonly kind: 'package' | 'scope'
  readonly ecosystem: Ecosystem
  /** Byte offsets of the name (or of what it is bound to, where the name is put together), end exclusive. */
  readonly start: number
  readonly end: number
  readonly from: Origin
  /** Words that lead from the name to its host: `resolved from`. */
  readonly how: string
}

/** A name as a format's declarer found it. Offsets into `SourceText.text`, end exclusive. */
export interface Named {
  readonly name: string
  /** Absent: a package. */
  readonly kind?: 'package' | 'scope'
  readonly ecosystem: Ecosystem
  readonly start: number
  readonly end: number
  /** The URL that says where it comes from; absent or null: unknown. */
  readonly url?: string | null
  /** The same, for names that begin with their host. */
  readonly host?: string | null
  readonly group?: string | null
  /** Absent: `resolved from`. */
  readonly how?: string
}

/** Tells every name that one kind of file declares. Linear in the text, never throws, whatever the text is. */
export type Declarer = (file: SourceText, tell: (named: Named) => void) => void

/** How far before the first text of a node its key is looked for, in characters. */
const keyReach = 1_000

/**
 * Where a name that is (the end of) a node's key stands: the outline keeps no offsets of keys. Where it cannot be
 * found (written with escapes), the first text of the node stands for it; a node without any text is at the beginning.
 */
export function keySpan(text: string, node: Node, name: string): { readonly start: number; readonly end: number } {
  let first: Node | undefined = node
  while (first !== undefined && first.start < 0) first = first.children[0]
  if (first === undefined) return { start: 0, end: 0 }
  const from = Math.max(0, first.start - keyReach)
  const found = text.slice(from, first.start).lastIndexOf(name)
  return found < 0 ? { start: first.start, end: first.end } : { start: from + found, end: from + found + name.length }
}

/** The node and everything below it, in the order of the file. */
export function* walk(top: Node): Generator<Node> {
  const left = [top]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    yield node
    for (let at = node.children.length - 1; at >= 0; at -= 1) {
      const child = node.children[at]
      if (child !== undefined) left.push(child)
    }
  }
}
