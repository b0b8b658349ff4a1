import type { Term } from '../contracts/match.ts'
import { recognise } from '../evidence/recognise.ts'
import { hostOf } from '../evidence/urls.ts'
import { compile } from '../matching/compile.ts'
import { normalise } from '../matching/normalise.ts'
import type { Ours, Use } from './contract.ts'

/** Kinds of names that a registry serves. */
const installable = new Set(['package', 'scope', 'group', 'other'])

/** Mentions in one manifest that are looked at; each name counts once, where it is installed first. */
const maxMentions = 5_000

/** @param domains of the organisation: every host below one is ours */
export function createOurs(terms: readonly Term[], domains: readonly string[]): Ours {
  const matcher = compile(terms)
  const isPublic = new Set(terms.flatMap(({ form, publicOnPurpose, text, kind, ecosystem }) => (form === 'name' && publicOnPurpose ? [normalise(text, kind, ecosystem)] : [])))
  const hosts = new Set(terms.flatMap(({ kind, form, text }) => (kind === 'host' && form === 'name' ? [text.toLowerCase()] : [])))
  const isOurs = (host: string): boolean => hosts.has(host) || domains.some((domain) => host === domain || host.endsWith(`.${domain}`))
  return {
    host: [...hosts][0] ?? 'registry.example',
    uses(ecosystem, files) {
      return files.flatMap((file): Use[] => {
        const text = Buffer.from(file.text, 'latin1')
        const matches = matcher.find(text).filter((match) => installable.has(match.kind) && (match.ecosystem === null || match.ecosystem === ecosystem)
          && !match.term.publicOnPurpose && !isPublic.has(normalise(match.name, match.kind, match.ecosystem)))
        if (matches.length === 0) return []
        const uses = recognise({ path: file.path, text }, matches.slice(0, maxMentions)).flatMap(({ role, name, line, start }): Use[] => (role === 'dependency' ? [{ name, path: file.path, line, start }] : []))
        return [...new Map(uses.reverse().map((use) => [use.name, use])).values()].reverse()
      })
    },
    direction(url) {
      const host = hostOf(url)
      // A variable in front of or inside the host: nobody can tell. Behind it, it is a part of the way.
      if (host === null || /^[^/]*\/\/[^/]*[$%{<]/.test(url)) return /^@\w|[$%{<]/.test(url) ? 'unknown' : 'other'
      return isOurs(host) ? 'ours' : 'other'
    },
  }
}
