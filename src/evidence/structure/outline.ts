import { lastAtOrBelow } from '../source-text.ts'

/** Deeper structure is attributed to its ancestor of this depth: nothing real nests so far. */
const maxDepth = 100
/** A file with more nodes keeps the structure of its beginning; the rest is read as plain text. */
export const maxNodes = 500_000
/** Characters of a value, and of a key, that anybody needs. */
const maxValue = 2_000
const maxKey = 300

/** A named thing in a structured file: an entry of a map, an item of a list, an element, an attribute. */
export interface Node {
  /** As written, unquoted; items of a list are called `[]`, attributes `@name`. */
  readonly key: string
  readonly parent: Node | null
  readonly depth: number
  readonly children: Node[]
  /** Own text of the value, without quotes; -1 where there is none. */
  start: number
  end: number
  /** Children by key, built on first use; the last of several wins, as parsers do it. */
  index: Map<string, Node> | null
}

export type Part = 'key' | 'value' | 'comment'

/** What stands at an offset. */
export interface Spot {
  readonly node: Node
  readonly part: Part
  readonly start: number
  readonly end: number
}

/** The structure of a file with offsets, in one flat, searchable form for JSON, YAML, TOML, XML and INI alike. */
export interface Outline {
  readonly text: string
  readonly root: Node
  /** What stands at the beginning of the range, else at its end, else first inside it; null for punctuation and blanks. */
  at(start: number, end: number): Spot | null
}

export interface OutlineBuilder {
  readonly text: string
  readonly root: Node
  /** The cap on nodes is reached: the parser stops. */
  full(): boolean
  /** Adds a node under `parent`; `keyStart` -1 where the key has no text of its own. */
  open(parent: Node, key: string, keyStart: number, keyEnd: number): Node
  /** Another place where the node is named, for example a header of TOML. */
  name(node: Node, start: number, end: number): void
  /** Text that belongs to the node. In ascending order with all other texts. */
  value(node: Node, start: number, end: number): void
  comment(node: Node, start: number, end: number): void
  done(): Outline
}

export function buildOutline(text: string): OutlineBuilder {
  const root = createNode('', null)
  const starts: number[] = []
  const spots: Spot[] = []
  let nodes = 0
  function span(node: Node, part: Part, start: number, end: number): void {
    starts.push(start)
    spots.push({ node, part, start, end })
  }
  return {
    text,
    root,
    full: () => nodes >= maxNodes,
    open(parent, longKey, keyStart, keyEnd) {
      nodes += 1
      const key = longKey.slice(0, maxKey)
      const node = parent.depth >= maxDepth ? parent : createNode(key, parent)
      if (node !== parent) parent.children.push(node)
      parent.index?.set(key, node)
      if (keyStart >= 0) span(node, 'key', keyStart, keyEnd)
      return node
    },
    name(node, start, end) {
      nodes += 1
      span(node, 'key', start, end)
    },
    value(node, start, end) {
      nodes += 1
      span(node, 'value', start, end)
      if (node.start < 0) node.start = start
      node.end = Math.max(node.end, end)
    },
    comment(node, start, end) {
      nodes += 1
      span(node, 'comment', start, end)
    },
    done: () => ({ text, root, at: (start, end) => spotAt(starts, spots, start, end) }),
  }
}

function createNode(key: string, parent: Node | null): Node {
  return { key, parent, depth: parent === null ? 0 : parent.depth + 1, children: [], start: -1, end: -1, index: null }
}

function spotAt(starts: readonly number[], spots: readonly Spot[], start: number, end: number): Spot | null {
  const index = lastAtOrBelow(starts, start)
  const before = spots[index]
  if (before !== undefined && before.start <= start && start < before.end) return before
  const last = spots[lastAtOrBelow(starts, end - 1)]
  if (last !== undefined && last.start <= end - 1 && end - 1 < last.end) return last
  const next = before !== undefined && before.start > start ? before : spots[index + 1]
  return next !== undefined && next.start < end ? next : null
}

/** Keys from the top down to the node itself; the root has none. At most 100. */
export function pathOf(node: Node): readonly string[] {
  const keys: string[] = []
  for (let at: Node | null = node; at !== null && at.parent !== null; at = at.parent) keys.push(at.key)
  return keys.reverse()
}

export function childOf(node: Node | null, key: string): Node | null {
  if (node === null) return null
  if (node.index === null) {
    node.index = new Map()
    for (const child of node.children) node.index.set(child.key, child)
  }
  return node.index.get(key) ?? null
}

/** The node's own text, at most 2,000 characters; null where it has none. */
export function valueOf(outline: Outline, node: Node | null): string | null {
  if (node === null || node.start < 0) return null
  return outline.text.slice(node.start, Math.min(node.end, node.start + maxValue))
}

export function childValue(outline: Outline, node: Node | null, key: string): string | null {
  return valueOf(outline, childOf(node, key))
}

/** The node at the path from `from` down; null where a step is missing. */
export function nodeAt(from: Node, path: readonly string[]): Node | null {
  let node: Node | null = from
  for (const key of path) node = childOf(node, key)
  return node
}

/** The closest of the node and its ancestors that has one of the keys; null where none has. */
export function closest(node: Node, keys: ReadonlySet<string>): Node | null {
  for (let at: Node | null = node; at !== null; at = at.parent) {
    if (keys.has(at.key)) return at
  }
  return null
}
