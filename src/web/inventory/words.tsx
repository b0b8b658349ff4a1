import type { InventoryLine } from '../../api/contract.ts'
import { Badge, type Tone } from '../parts/badge.tsx'

/** What each rule means, in the words of the form. */
export const disclosures = [
  { value: 'name', label: 'Ask for the name', hint: 'Sources are sent the full name: they learn it.' },
  { value: 'stem', label: 'Only its shared stem', hint: 'Sources are sent only the part that it shares with other names, such as acme-corp.' },
  { value: 'never', label: 'Never', hint: 'No request contains it. It is matched only in what other queries bring.' },
] as const
export type Disclosure = (typeof disclosures)[number]['value']

const strictness: Readonly<Record<Disclosure, number>> = { name: 0, stem: 1, never: 2 }
export function isLooser(before: Disclosure, after: Disclosure): boolean {
  return strictness[after] < strictness[before]
}
export function discloseWords(rule: Disclosure): string {
  return { name: 'name', stem: 'stem only', never: 'never' }[rule]
}

export const ecosystems = ['npm', 'pypi', 'maven', 'nuget', 'rubygems', 'crates', 'packagist', 'go', 'docker'] as const

/** What kind of thing a line is about, in short. */
export function kindWords({ form, kind, ecosystem }: Pick<InventoryLine, 'form' | 'kind' | 'ecosystem'>): string {
  const what = kind === 'other' ? 'expression' : kind
  return [form === 'prefix' ? `${what} pattern` : what, ecosystem].filter((part) => part !== null).join(' · ')
}

const coverageTones: Readonly<Record<InventoryLine['coverage']['state'], Tone>> = { proven: 'good', partly: 'medium', never: 'neutral' }
/** Whether a zero is a proof. Public on purpose: nobody looks, and nobody has to. */
export function Coverage({ line }: { readonly line: Pick<InventoryLine, 'coverage' | 'publicOnPurpose'> }) {
  if (line.publicOnPurpose) return <span className="quiet">not searched</span>
  const { state, proven, sources } = line.coverage
  return (
    <span className="one-row">
      <Badge tone={coverageTones[state]}>{{ proven: 'Proven', partly: 'Partly', never: 'Not looked at' }[state]}</Badge>
      {state === 'never' ? null : <span className="quiet small nowrap">{proven} of {sources}</span>}
    </span>
  )
}

export function originWords(line: Pick<InventoryLine, 'origin' | 'place' | 'patternId'>): string {
  if (line.patternId !== null) return 'spelled out by a pattern'
  if (line.origin === 'accepted') return 'accepted from what was inferred'
  return line.origin === 'page' ? 'kept on this page' : (line.place ?? 'the configuration')
}
