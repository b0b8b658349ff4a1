import type { Person, Relation } from '../contracts/place.ts'

/** What is known of the company, to tell its people from strangers. */
export interface Company {
  readonly name: string
  /** Logins of its organisations. */
  readonly organizations: readonly string[]
  readonly domains: readonly string[]
  /** Logins of people on the company's own list: former employees, contractors. */
  readonly people: readonly string[]
}

/**
 * What a person is to the company, the strongest that the facts show, with the reason in words. A guess about a
 * person: an address and a profile are what that person wrote there, and nothing shown proves nothing.
 */
export function relate(person: Person, company: Company): { readonly relation: Relation; readonly reason: string } {
  const { login, memberOf, emailDomain } = person
  if (isIn(company.organizations, login)) return { relation: 'own', reason: 'the account is one of the company' }
  const [membership] = (memberOf ?? []).filter((organization) => isIn(company.organizations, organization))
  if (membership !== undefined) return { relation: 'member', reason: `public member of ${membership}` }
  if (isIn(company.people, login)) return { relation: 'known', reason: 'on the company\'s list of people' }
  const domain = emailDomain?.toLowerCase() ?? null
  if (domain !== null && company.domains.some((own) => domain === own || domain.endsWith(`.${own}`))) {
    return { relation: 'email-domain', reason: `writes with an address at ${domain}, which whoever commits may choose` }
  }
  if (names(person.company, company)) return { relation: 'profile', reason: 'names the company in the profile' }
  return { relation: 'unknown', reason: 'nothing public connects the account with the company' }
}

function isIn(logins: readonly string[], login: string | null): boolean {
  return login !== null && logins.some((one) => one.toLowerCase() === login.toLowerCase())
}

/** `@acme-corp`, or the company's name as whole words. */
function names(profile: string | null, { name, organizations }: Company): boolean {
  if (profile === null) return false
  const words = (text: string) => ` ${text.toLowerCase().replace(/[^\p{L}\p{N}@-]+/gu, ' ').trim()} `
  const inProfile = words(profile)
  return organizations.some((login) => inProfile.includes(` @${login.toLowerCase()} `)) || inProfile.includes(words(name))
}
