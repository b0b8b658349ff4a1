import { RE2JS } from 're2js'
import type { Line } from '../contracts/inventory.ts'
import type { Fault } from '../errors.ts'
import { quote } from './describe-issues.ts'
import { identityOf, normalisePrefix, type Normalise } from './merge-duplicates.ts'

/**
 * Marks the names that may be public. A name that only a pattern covers becomes a line of its own, so that the pattern
 * still finds the others. A name that nothing covers is a warning: nobody would report it anyway, or it is misspelt.
 */
export function markPublic(
  lines: readonly Line[],
  listed: { readonly names: readonly string[]; readonly where: string },
  normalise: Normalise,
): { readonly lines: readonly Line[]; readonly faults: readonly Fault[]; readonly warnings: readonly string[] } {
  const marked = new Map(lines.map((line) => [identityOf(line, normalise), line]))
  const names = new Map<string, Pick<Line, 'kind' | 'ecosystem'>>()
  for (const { form, kind, ecosystem } of lines) if (form === 'name') names.set(`${kind}\n${ecosystem ?? ''}`, { kind, ecosystem })
  const patterns = lines.filter(({ form }) => form !== 'name').map((line) => ({ line, covers: coverage(line, normalise) }))
  const faults: Fault[] = []
  const warnings: string[] = []
  for (const [index, name] of listed.names.entries()) {
    const key = `publicOnPurpose.${index}`
    if (name.includes('*')) {
      faults.push({ where: listed.where, key, value: quote(name), expected: 'a name has no star: list the names one by one, or put publicOnPurpose: true on the pattern itself' })
      continue
    }
    let known = false
    for (const shape of names.values()) {
      // Its canonical key has an @ in any case: the package acme-corp would stand for the scope @acme-corp.
      if (shape.kind === 'scope' && !name.startsWith('@')) continue
      const identity = identityOf(nameLine(name, shape), normalise)
      const line = marked.get(identity)
      if (line === undefined) continue
      known = true
      marked.set(identity, { ...line, publicOnPurpose: true })
    }
    for (const { line: pattern, covers } of patterns) {
      if (!covers(name)) continue
      known = true
      const line = { ...nameLine(name, shapeUnder(pattern, name)), team: pattern.team, disclose: pattern.disclose, publicOnPurpose: true, where: `${listed.where}: ${key}` }
      const identity = identityOf(line, normalise)
      if (!marked.has(identity)) marked.set(identity, line)
    }
    if (!known) warnings.push(`${listed.where}: ${key}: ${quote(name)} is covered by no line of the inventory`)
  }
  return { lines: [...marked.values()], faults, warnings }
}

function coverage(line: Line, normalise: Normalise): (name: string) => boolean {
  if (line.form === 'regex') {
    const expression = RE2JS.compile(line.text)
    return (name) => expression.matches(name)
  }
  const prefix = normalisePrefix(line, normalise)
  return (name) => {
    const key = normalise(name, line.kind, line.ecosystem)
    return key.length > prefix.length && key.startsWith(prefix)
  }
}

/** `com.acmecorp.open:sdk` under the group pattern `com.acmecorp.*` is a package. */
function shapeUnder(pattern: Line, name: string): Pick<Line, 'kind' | 'ecosystem'> {
  return { kind: pattern.kind === 'group' && name.includes(':') ? 'package' : pattern.kind, ecosystem: pattern.ecosystem }
}

function nameLine(text: string, { kind, ecosystem }: Pick<Line, 'kind' | 'ecosystem'>): Line {
  return { form: 'name', kind, ecosystem, text, team: null, disclose: 'name', publicOnPurpose: false, near: [], where: '' }
}
