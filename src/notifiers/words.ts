import type { Notice, NoticeChange, NoticeFinding, NoticeStanding } from '../contracts/notifier.ts'
import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'
import type { Role } from '../contracts/match.ts'

/** What a mention is, in words that fit behind the place. */
const roleWords = {
  dependency: 'declared as a dependency',
  'own-name': 'the name of a package published there',
  'resolved-url': 'an address that builds download from',
  'registry-config': 'in a registry configuration',
  import: 'imported by code',
  ci: 'in a build pipeline',
  'stack-trace': 'in a stack trace',
  code: 'in code',
  prose: 'in running text',
} as const satisfies Record<Role, string>

const ecosystemWords = {
  npm: 'npm',
  pypi: 'PyPI',
  maven: 'Maven',
  nuget: 'NuGet',
  rubygems: 'RubyGems',
  crates: 'crates.io',
  packagist: 'Packagist',
  go: 'Go',
  docker: 'Docker',
} as const satisfies Record<Ecosystem, string>

const kindWords = {
  package: 'package',
  scope: 'scope',
  group: 'group',
  host: 'host',
  codename: 'codename',
  other: 'name',
} as const satisfies Record<IdentifierKind, string>

/** What to do first about a name of this kind, before anybody is asked to remove it. */
const firstSteps = {
  package: 'Make sure that no build of ours can take this name from a public registry.',
  scope: 'Make sure that no build of ours can take this scope from a public registry.',
  group: 'Make sure that no build of ours can take this group from a public registry.',
  host: 'Look for credentials beside the address, and change those that are real.',
  codename: 'Look what the place says about the project.',
  other: 'Look what the place says about it.',
} as const satisfies Record<IdentifierKind, string>

export const stateWords = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  dismissed: 'Dismissed',
} as const satisfies Record<NoticeStanding['state'], string>

/** What happened to a finding that was told before. */
export const changeWords = {
  place: 'Another place',
  gone: 'A place is gone',
  claim: 'The registry changed its answer',
  acknowledged: 'Acknowledged',
  assigned: 'Assigned',
  resolved: 'Resolved',
  dismissed: 'Dismissed',
  reopened: 'Open again',
  proposed: 'Looks resolved, a person has to confirm it',
  'proposal-withdrawn': 'Not resolved after all',
  suppressed: 'Places were suppressed',
} as const satisfies Record<NoticeChange['what'], string>

/** A role that is not in the table is shown as it is. */
export function roleInWords(role: string): string {
  return wordOf(roleWords, role) ?? role
}

/** `npm package`, `host`, `Maven group`. */
export function kindInWords(finding: Pick<NoticeFinding, 'kind' | 'ecosystem'>): string {
  const kind = wordOf(kindWords, finding.kind) ?? finding.kind
  if (finding.ecosystem === null) return kind
  return `${wordOf(ecosystemWords, finding.ecosystem) ?? finding.ecosystem} ${kind}`
}

export function firstStep(kind: string): string {
  return wordOf(firstSteps, kind) ?? firstSteps.other
}

function wordOf(words: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined
}

/** `1 place`, `1,204 places`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

/** Minutes, in UTC: `2026-11-23 05:53 UTC`. */
export function minuteOf(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/**
 * `3 critical, 5 high, 232 medium or lower`. Of a long list only the worst are known, worst first: every severity
 * above the last one is complete, the last one is not, and the words say so.
 */
export function severitiesInWords(findings: readonly Pick<NoticeFinding, 'severity'>[], findingCount: number): string {
  const counts = new Map<string, number>()
  for (const { severity } of findings) counts.set(severity, (counts.get(severity) ?? 0) + 1)
  const last = findings.at(-1)?.severity
  if (last === undefined || findingCount <= findings.length || last === 'low') {
    if (last !== undefined) counts.set(last, (counts.get(last) ?? 0) + Math.max(0, findingCount - findings.length))
    return [...counts].map(([severity, count]) => `${count.toLocaleString('en-US')} ${severity}`).join(', ')
  }
  const atLeast = counts.get(last) ?? 0
  counts.delete(last)
  const worse = [...counts].map(([severity, count]) => `${count} ${severity}`)
  const rest = findingCount - findings.length + atLeast
  return [...worse, `${rest.toLocaleString('en-US')} ${last} or lower (at least ${atLeast} ${last})`].join(', ')
}

/** `30 new leaks, 2 leaks are back`, in the order of how loud they are. */
export function alertsInWords({ claim, leaked, reopened, escalation }: Extract<Notice, { kind: 'storm' }>['alerts']): string {
  const parts = [
    claim > 0 ? `${counted(claim, 'package')} of strangers under our names` : null,
    leaked > 0 ? counted(leaked, 'new leak') : null,
    reopened > 0 ? `${counted(reopened, 'leak')} ${reopened === 1 ? 'is' : 'are'} back` : null,
    escalation > 0 ? `${counted(escalation, 'leak')} that nobody acknowledged in time` : null,
  ]
  return parts.filter((part) => part !== null).join(', ')
}

type OperatorNotice = Extract<Notice, { kind: 'operator' }>

/** One line: which channel, and what is wrong with it. */
export function operatorHeadline({ news, about }: OperatorNotice): string {
  if (news === 'test') return `Test: messages to ${about} arrive`
  return news === 'dead' ? `Nobody is told by ${about}: it refused us for good` : `Nobody is told by ${about}: it has taken nothing for a while`
}

/** What is known about it and what to do, a line each. */
export function operatorLines({ news, about, reason, since, untold }: OperatorNotice): readonly string[] {
  if (news === 'test') return ['Somebody asked for this message. Nothing has leaked by it, and nothing is to be done.']
  return [
    `since ${minuteOf(since)}: ${reason}`,
    untold === 0 ? 'Nothing waits for it yet.' : `${counted(untold, 'notice')} ${untold === 1 ? 'is' : 'are'} not told there, and kept.`,
    `Mend it, see that it works with "namesake doctor", then "namesake resend --destination ${about}".`,
  ]
}
