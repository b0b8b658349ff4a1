import type { FindingRow, OccurrenceRow } from '../../api/contract.ts'
import type { Tone } from '../parts/badge.tsx'

/** What the words of the API are called on the page. One place, so that a thing has one name everywhere. */
export const stateWords: Readonly<Record<FindingRow['state'], string>> = { open: 'Open', acknowledged: 'Acknowledged', resolved: 'Resolved', dismissed: 'Dismissed' }
export const stateTones: Readonly<Record<FindingRow['state'], Tone>> = { open: 'accent', acknowledged: 'medium', resolved: 'good', dismissed: 'neutral' }
export const severityOrder = ['critical', 'high', 'medium', 'low'] as const satisfies readonly FindingRow['severity'][]

export const dismissalWords = {
  'not-ours': { label: 'Not ours', hint: 'The name means something else there.' },
  'public-on-purpose': { label: 'Public on purpose', hint: 'This name may be known. To say so for good: mark it public.' },
  'test-data': { label: 'Test data', hint: 'An example, a fixture, a tutorial.' },
  'accepted-risk': { label: 'Accepted risk', hint: 'True, and we live with it.' },
  other: { label: 'Other', hint: 'The comment says why.' },
} as const
export type Dismissal = keyof typeof dismissalWords
/** What a person wrote at the command line stays as it is. */
export function dismissalWord(reason: string): string {
  return Object.entries(dismissalWords).find(([key]) => key === reason)?.[1].label ?? reason
}

type Claim = NonNullable<FindingRow['claim']>
const claimWords: Readonly<Record<Claim['state'], string>> = { unclaimed: 'Unclaimed', ours: 'Ours', placeholder: 'Placeholder', stranger: 'Stranger', unknown: 'Unknown' }
/** State of a claim in a word, what that means for us, and how alarming it is. */
export function claimInWords(claim: Pick<Claim, 'state' | 'claimable'>): { readonly word: string; readonly more: string; readonly tone: Tone } {
  const word = claimWords[claim.state]
  switch (claim.state) {
    case 'unclaimed':
      return claim.claimable === 'yes' ? { word, more: 'anybody can take it', tone: 'critical' } : claim.claimable === 'no' ? { word, more: 'nobody can take it', tone: 'good' } : { word, more: 'perhaps free to take', tone: 'high' }
    case 'stranger':
      return { word, more: 'somebody else holds it', tone: 'critical' }
    case 'ours':
    case 'placeholder':
      return { word, more: '', tone: 'good' }
    case 'unknown':
      return { word, more: 'could not be told', tone: 'neutral' }
  }
}
export function claimStateWord(state: string): string {
  return Object.entries(claimWords).find(([key]) => key === state)?.[1] ?? state
}

const registryWords: Readonly<Record<string, string>> = { npm: 'npm', pypi: 'PyPI', maven: 'Maven Central', nuget: 'NuGet', rubygems: 'RubyGems', crates: 'crates.io', packagist: 'Packagist', go: 'Go', docker: 'Docker Hub' }
export function registryWord(registry: string): string {
  return registryWords[registry] ?? registry
}
export function ecosystemWord(ecosystem: string): string {
  return ecosystem === 'none' ? 'No ecosystem' : ecosystem === 'maven' ? 'Maven' : ecosystem === 'docker' ? 'Docker' : registryWord(ecosystem)
}
/** Sources are plug-ins: their ids are words already. */
export function sourceWord(source: string): string {
  const text = source.replaceAll('-', ' ')
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`.replace('Github', 'GitHub').replace('Gitlab', 'GitLab')
}

export const statusWords: Readonly<Record<OccurrenceRow['status'], { readonly word: string; readonly tone: Tone }>> = {
  live: { word: 'Still public', tone: 'high' },
  gone: { word: 'Gone', tone: 'good' },
  'gone-from-head': { word: 'Gone, but in the history', tone: 'medium' },
  unknown: { word: 'Could not be told', tone: 'neutral' },
}
export const roleWords: Readonly<Record<OccurrenceRow['role'], string>> = {
  dependency: 'Dependency', 'own-name': 'Its own name', 'resolved-url': 'Resolved address', 'registry-config': 'Registry configuration', import: 'Import', ci: 'CI', 'stack-trace': 'Stack trace', code: 'Code', prose: 'Prose',
}
export function roleWord(role: string): string {
  return Object.entries(roleWords).find(([key]) => key === role)?.[1] ?? role
}

/** `1 place`, `3 places`. */
export function many(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : several}`
}
