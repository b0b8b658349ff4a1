import { foldedByte, isAt, runByte, spaceByte, wordByte } from './byte-classes.ts'
import {
  atSignPrecedes, descriptorBefore, descriptorFollows, isEmphasised, labelFollows, labelPrecedes, runMayEnd, runMayStart, scopePrecedes, slashFollows,
  versionFollows, wordMayEnd, wordMayStart,
} from './boundaries.ts'
import { longestJoint, spelledAt, spelledBefore } from './escapes.ts'
import type { Name } from './names.ts'

/** A name found literally: bytes `[start, end)`, and whether its labels are joined as a path. */
export interface Literal {
  readonly start: number
  readonly end: number
  readonly isPath: boolean
}

const slash = 0x2f
const dot = 0x2e
const plus = 0x2b
const hyphen = 0x2d
const underscore = 0x5f
const space = 0x20
const bracket = 0x5b

/**
 * Compares a name with the text, exactly by its kind's rules, but without judging what stands around it. `word` is
 * where the first word of the name begins in the text. Null: not this name.
 */
export function compareAt(bytes: Uint8Array, word: number, name: Name): Literal | null {
  const first = name.words[0] ?? 0
  const start = compareLead(bytes, word, name, first)
  if (start === -1) return null
  const { text, foldUntil } = name
  let offset = word
  let isPath = false
  for (let index = first; index < text.length;) {
    const code = text.charCodeAt(index)
    const byte = bytes[offset]
    if (byte === undefined) return null
    if (wordByte[code] === 1) {
      if ((index < foldUntil ? foldedByte[byte] : byte) !== code) return null
      offset += 1
    } else {
      // The first separator of a group decides between `com.acmecorp` and `com/acmecorp`.
      if (name.separators === 'labels' && code === dot && index === text.indexOf('.')) isPath = spelledAt(bytes, offset, slash) > 0
      const length = separatorAt(bytes, offset, code, name, isPath)
      if (length === 0) return null
      offset += length
    }
    index += 1
  }
  return { start, end: offset, isPath }
}

/** Compares what stands before the first word (`@` of a scope) backwards; answers where the name begins, -1: elsewhere. */
function compareLead(bytes: Uint8Array, word: number, name: Name, first: number): number {
  let offset = word
  for (let index = first - 1; index >= 0; index -= 1) {
    const code = name.text.charCodeAt(index)
    const length = name.separators === 'exact' ? spelledBefore(bytes, offset, code) : Number(bytes[offset - 1] === code)
    if (length === 0) return -1
    offset -= length
  }
  return offset
}

/** Bytes of a separator of the name as it stands in the text here; 0: it does not. */
function separatorAt(bytes: Uint8Array, offset: number, code: number, name: Name, isPath: boolean): number {
  const byte = bytes[offset]
  switch (name.separators) {
    case 'exact':
      if (code === slash && byte === plus && name.surroundings === 'package' && name.term.ecosystem === 'npm') return 1
      return spelledAt(bytes, offset, code)
    case 'crates':
      return spelledAt(bytes, offset, code) || (code === hyphen ? spelledAt(bytes, offset, underscore) : 0)
    case 'pypi':
      return code === hyphen ? separatorRun(bytes, offset) : spelledAt(bytes, offset, code)
    case 'labels':
      return spelledAt(bytes, offset, code === dot && isPath ? slash : code)
    case 'prose':
      return code === space ? whiteSpace(bytes, offset) : spelledAt(bytes, offset, code)
  }
}

/** Any number of plain separators, or one that is spelled otherwise. */
function separatorRun(bytes: Uint8Array, offset: number): number {
  let end = offset
  while (end < offset + longestJoint && (bytes[end] === hyphen || bytes[end] === underscore || bytes[end] === dot)) end += 1
  return end - offset || spelledAt(bytes, offset, hyphen) || spelledAt(bytes, offset, underscore) || spelledAt(bytes, offset, dot)
}

/** White space between two words of prose: ASCII white space and no-break spaces. */
export function whiteSpace(bytes: Uint8Array, offset: number): number {
  let end = offset
  while (end < offset + longestJoint) {
    if (isAt(spaceByte, bytes, end)) end += 1
    else if (bytes[end] === 0xc2 && bytes[end + 1] === 0xa0) end += 2
    else break
  }
  return end - offset
}

/** Cheap and before anything behind the name is read: could any name of this kind begin here? */
export function mayBegin(bytes: Uint8Array, name: Name, start: number): boolean {
  if (name.surroundings === 'prose') return wordMayStart(bytes, start)
  if (name.surroundings === 'labels' && descriptorBefore(bytes, start) !== -1) return true
  return runMayStart(bytes, start) || bytes[start - 1] === underscore
}

/** May the name stand between what is in front of it and behind it? For prefixes `end` is the end of the spelled-out name. */
export function standsAlone(bytes: Uint8Array, name: Name, literal: Literal): boolean {
  const { start, end } = literal
  switch (name.surroundings) {
    case 'package':
      return packageStandsAlone(bytes, name, start, end)
    case 'npm':
      return packageStandsAlone(bytes, name, start, end) && !scopePrecedes(bytes, start)
        && !(atSignPrecedes(bytes, start) && slashFollows(bytes, end))
    case 'dotted':
      return packageStandsAlone(bytes, name, start, end) && !labelPrecedes(bytes, start)
        && !(name.text.includes('/') && atSignPrecedes(bytes, start))
    case 'scope':
      return runMayStart(bytes, start) && runMayEnd(bytes, end) && !labelFollows(bytes, end)
    case 'host':
      return runMayStart(bytes, start) && (name.isPrefix || runMayEnd(bytes, end)) && !labelFollows(bytes, end)
    case 'labels':
      return (runMayStart(bytes, start) || standsInDescriptor(bytes, literal)) && (name.isPrefix || runMayEnd(bytes, end)) && !labelPrecedes(bytes, start)
    case 'prose':
      return wordMayStart(bytes, start) && (name.isPrefix || wordMayEnd(bytes, end))
  }
}

/** In `Lcom/acmecorp/auth/Client;`, or with dots in the name of an array's class: `[Lcom.acmecorp.auth.Client;`. */
function standsInDescriptor(bytes: Uint8Array, { start, end, isPath }: Literal): boolean {
  const first = descriptorBefore(bytes, start)
  return first !== -1 && (isPath || (first === start - 1 && bytes[first - 1] === bracket)) && descriptorFollows(bytes, end)
}

function packageStandsAlone(bytes: Uint8Array, name: Name, start: number, end: number): boolean {
  const mayEnd = name.isPrefix || runMayEnd(bytes, end) || versionFollows(bytes, end)
  return (mayEnd && runMayStart(bytes, start)) || (isAt(runByte, bytes, start - 1) && isEmphasised(bytes, start, end))
}
