import type { IdentifierKind, Ecosystem } from '../../../src/contracts/inventory.ts'
import { roles, type Match, type Role, type Term } from '../../../src/contracts/match.ts'

/**
 * A real-shaped file in which every mention carries what a person would call it:
 * `⟪dependency section=dev version=^1.2.0 → acme-corp-auth⟫`. Role first, then details that must be said (words,
 * separated by blanks; `␣` stands for a blank inside a value), then the name itself.
 */
export interface Sample {
  readonly path: string | null
  readonly marked: string
}

export interface Labelled {
  readonly path: string | null
  readonly text: Uint8Array
  readonly matches: readonly Match[]
  readonly labels: readonly { readonly role: Role; readonly details: Readonly<Record<string, string>> }[]
}

const marker = /⟪(?<label>[^⟪⟫→]*) → (?<name>[^⟪⟫]*)⟫/gu

export function sample(path: string | null, marked: string): Sample {
  return { path, marked }
}

/** Takes the marks out and turns them into matches with labels. */
export function unmark({ path, marked }: Sample): Labelled {
  let text = ''
  let behind = 0
  const matches: Match[] = []
  const labels: { role: Role; details: Record<string, string> }[] = []
  for (const found of marked.matchAll(marker)) {
    text += marked.slice(behind, found.index)
    behind = found.index + found[0].length
    const name = found.groups?.['name'] ?? ''
    const [role = '', ...said] = (found.groups?.['label'] ?? '').split(' ')
    const details = Object.fromEntries(said.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1).replaceAll('␣', ' ')]))
    const { ecosystem, ...rest } = details
    const start = Buffer.byteLength(text)
    matches.push(matchOf(name, (ecosystem ?? null) as Ecosystem | null, start))
    labels.push({ role: roleOf(role), details: rest })
    text += name
  }
  return { path, text: Buffer.from(text + marked.slice(behind)), matches, labels }
}

function roleOf(word: string): Role {
  const role = roles.find((role) => role === word)
  if (role === undefined) throw new Error(`a label names the role ${word}`)
  return role
}

export function matchOf(name: string, ecosystem: Ecosystem | null, start: number): Match {
  const kind = kindOf(name)
  const term: Term = { id: '1', form: 'name', kind, ecosystem, text: name, team: null, disclose: 'name', publicOnPurpose: false, near: [], where: 'test' }
  return { term, name, kind, ecosystem, start, end: start + Buffer.byteLength(name) }
}

function kindOf(name: string): IdentifierKind {
  if (/^[\w-]+(?:\.[\w-]+)*\.(?:acme-corp\.com|acme\.internal)$/.test(name)) return 'host'
  if (/^@[\w-]+$/.test(name)) return 'scope'
  if (/^com\.acmecorp[\w.]*$/.test(name)) return 'group'
  return /^[A-Z][a-z]+[A-Z]\w+$/.test(name) ? 'codename' : 'package'
}
