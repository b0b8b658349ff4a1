import type { Asked, PackageFacts, RegistryAnswer } from '../contracts/registry.ts'

/** The forms of an answer. A reason is a sentence; what it says of rules names whose rules. */

export function answered(answer: RegistryAnswer): Asked {
  return { answer }
}

/** Nothing there, and no rule that we know of keeps a stranger from taking it. */
export function free(why: string, more: Pick<RegistryAnswer, 'doubtful' | 'facts'> | Record<string, never> = {}): Asked {
  return answered({ state: 'unclaimed', claimable: 'yes', why, facts: null, ...more })
}

/** Nothing there, and a rule keeps strangers out. */
export function blocked(why: string, more: Pick<RegistryAnswer, 'until'> & { readonly facts?: PackageFacts } = {}): Asked {
  return answered({ state: 'unclaimed', claimable: 'no', why, facts: null, ...more })
}

/** Nothing there, and whether it can be taken cannot be told from outside. */
export function undecided(why: string, more: Pick<RegistryAnswer, 'doubtful'> = {}): Asked {
  return answered({ state: 'unclaimed', claimable: 'unknown', why, facts: null, ...more })
}

/** Something is there: ours when one of its publishers is. Whose it is decides; that it is there never means that it is ours. */
export function taken(facts: PackageFacts, ours: readonly string[], holder?: string): Asked {
  const own = facts.publishers.find((publisher) => isOurs(publisher, ours)) ?? (holder !== undefined && isOurs(holder, ours) ? holder : undefined)
  if (own !== undefined) return answered({ state: 'ours', claimable: 'no', why: 'it exists, and one of its publishers is ours', facts })
  const why = facts.publishers.length === 0
    ? 'it exists, and the registry does not say that a publisher of it is ours'
    : 'it exists, and none of its publishers is ours'
  return answered({ state: 'stranger', claimable: 'no', why, facts })
}

/** Logins are compared without case, and without the `@` of a scope. */
export function isOurs(publisher: string, ours: readonly string[]): boolean {
  return ours.some((own) => own.replace(/^@/, '').toLowerCase() === publisher.replace(/^@/, '').toLowerCase())
}

/** Text of a stranger, cut. */
export function cut(text: string | null | undefined, max = 500): string | null {
  const trimmed = text?.trim()
  return trimmed === undefined || trimmed === '' ? null : trimmed.slice(0, max)
}

/** ISO 8601 of a registry's time; null for anything else. */
export function timeOf(text: string | number | null | undefined): string | null {
  if (text === null || text === undefined) return null
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}

/** The earliest and latest of some times. */
export function spanOf(times: readonly (string | null)[]): { readonly first: string | null; readonly last: string | null } {
  const known = times.filter((time) => time !== null).sort()
  return { first: known[0] ?? null, last: known.at(-1) ?? null }
}

/** Web addresses only, each once, at most five. */
export function linksOf(candidates: readonly (string | null | undefined)[]): string[] {
  const links = candidates.flatMap((link) => {
    const url = link?.replace(/^git\+/, '').replace(/^git:/, 'https:')
    return url !== undefined && url.length <= 500 && /^https?:\/\//.test(url) && URL.canParse(url) ? [url] : []
  })
  return [...new Set(links)].slice(0, 5)
}
