import { isAscii } from 'node:buffer'
import { wordMayEnd, wordMayStart } from './boundaries.ts'
import { whiteSpace } from './compare.ts'
import type { Name } from './names.ts'
import { foldCharacter } from './normalise.ts'
import type { Raw } from './resolve.ts'
import { spellOut } from './spell-out.ts'

interface Node {
  readonly next: Map<number, Node>
  readonly names: Name[]
}

const space = 0x20

/**
 * Finds names that are not made of ASCII words (`Größenwahn`, `Проект Гермес`, `***`): character by character, folded as
 * it is read, along a tree of all such names. They are few; texts without any byte beyond ASCII are skipped unless a
 * name is plain punctuation. Names are found composed (NFC) and decomposed (NFD).
 */
export function createUnicodeFinder(names: readonly Name[]): (bytes: Uint8Array) => Raw[] {
  const root = newNode()
  for (const name of names) {
    for (const form of new Set([name.text.normalize('NFC'), name.text.normalize('NFD')])) plant(root, form, name)
  }
  const needsMoreThanAscii = names.every((name) => /[^\p{ASCII}]/u.test(name.text))
  // A first byte that begins none of the names needs no decoding.
  const mayStart = firstBytes(root)

  return function find(bytes) {
    const raws: Raw[] = []
    if (names.length === 0 || (needsMoreThanAscii && isAscii(bytes))) return raws
    for (let start = 0; start < bytes.length; start += 1) {
      if (mayStart[bytes[start]!] === 1) findAt(bytes, start, raws)
    }
    return raws
  }

  function findAt(bytes: Uint8Array, start: number, raws: Raw[]): void {
    let node: Node | undefined = root
    let at = start
    while (node !== undefined) {
      for (const name of node.names) judge(bytes, start, at, name, raws)
      const blank: number = node.next.has(space) ? whiteSpace(bytes, at) : 0
      if (blank > 0) {
        node = node.next.get(space)
        at += blank
        continue
      }
      const length = characterLength(bytes, at)
      if (length === 0) return
      node = node.next.get(foldedCharacter(bytes, at, length))
      at += length
    }
  }
}

function judge(bytes: Uint8Array, start: number, end: number, name: Name, raws: Raw[]): void {
  if (!wordMayStart(bytes, start)) return
  const { term, order } = name
  if (name.isPrefix) {
    const spelled = spellOut(bytes, name, { start, end, isPath: false })
    if (spelled !== null) raws.push({ term, order, text: spelled.text, start, end: spelled.end })
  } else if (wordMayEnd(bytes, end)) raws.push({ term, order, text: term.text, start, end })
}

function plant(root: Node, text: string, name: Name): void {
  let node = root
  for (const character of text) {
    const code = foldCharacter(character).codePointAt(0) ?? 0
    let next = node.next.get(code)
    if (next === undefined) node.next.set(code, (next = newNode()))
    node = next
  }
  if (node !== root) node.names.push(name)
}

function newNode(): Node {
  return { next: new Map(), names: [] }
}

function firstBytes(root: Node): Uint8Array {
  const table = new Uint8Array(256)
  for (const code of root.next.keys()) {
    if (code >= 0x80) continue
    table[code] = 1
    table[String.fromCodePoint(code).toUpperCase().charCodeAt(0) & 0xff] = 1
  }
  // Letters that fold to the same one may have different first bytes (`ſ` and `s`): all of UTF-8's lead bytes may start.
  return table.fill(1, 0xc2, 0xf5)
}

/** Bytes of the well-formed character that begins here; 0 when none does. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]
  if (lead === undefined) return 0
  const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
  for (let index = 1; index < length; index += 1) {
    if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0
  }
  return length
}

const folded = new Map<number, number>()

function foldedCharacter(bytes: Uint8Array, at: number, length: number): number {
  const code = codePoint(bytes, at, length)
  let fold = folded.get(code)
  if (fold === undefined) {
    fold = foldCharacter(String.fromCodePoint(code)).codePointAt(0) ?? code
    // Unicode has fewer than 300,000 assigned characters: the memory of this table has an end.
    folded.set(code, fold)
  }
  return fold
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  const lead = bytes[at]!
  if (length === 1) return lead
  let code = lead & (0xff >>> (length + 1))
  for (let index = 1; index < length; index += 1) code = (code << 6) | (bytes[at + index]! & 0x3f)
  return code > 0x10ffff ? 0xfffd : code
}
