import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { importCommits } from './git/import-commits.ts'
import { inParallel } from './in-parallel.ts'
import type { AccountSource, Described } from './repositories.ts'
import type { TokenSource } from './start.ts'
import { decoyExpectations, decoys } from './world/decoys.ts'
import { laterLeak, type LaterLeak } from './world/later-leak.ts'
import { leakExpectations, leaks } from './world/leaks.ts'
import { demoRegistries, demoStock } from './world/packages.ts'
import { accounts } from './world/people.ts'
import { conversations, gists } from './world/publications.ts'
import type { Expectation, WorldRepository } from './world/repository.ts'

/** A small company and the public around it: what it leaked, what only looks like it, and its own repositories. */
export const world: { readonly repositories: readonly WorldRepository[]; readonly accounts: readonly AccountSource[] } = {
  repositories: [...leaks, ...decoys],
  accounts,
}

export { laterConversation, publicationExpectations } from './world/publications.ts'
export { demoRegistries, demoStock }

/** What a complete sweep of the world should and should not report. */
export const expected: readonly Expectation[] = [...leakExpectations, ...decoyExpectations]

/** The account that sweeps. */
export const demoToken: TokenSource = { token: 'demo-token-for-loopback-only', login: 'acme-security-crawler', userId: 90_000_001 }

/** The company's own words: `organization`, `inventory` and what goes with them, as in namesake.yaml. */
export const demoInventory = `organization: { name: Acme Corp, domains: [acme-corp.com], github: [acme-corp] }
inventory:
  - { pattern: "@acme-corp/*", ecosystem: npm, team: web-platform }
  - { name: acme-corp-auth, ecosystem: npm, team: identity }
  - { pattern: "com.acmecorp.*", ecosystem: maven, team: finance }
  - { pattern: "acmecorp-*", ecosystem: pypi, team: data }
  - { host: artifactory.acme-corp.com, team: platform }
  - { codename: HermesBuilder, near: [acme], disclose: never, team: platform }
  - { regex: "ACME-[A-Z]{3}-[0-9]{4}", examples: [ACME-LDG-2041], counterExamples: [ACME-1] }
publicOnPurpose: ["@acme-corp/design-tokens"]
ignore: { repositories: ["acme-corp/*"], paths: [] }
`

function describeWorld(): Described {
  const repositories: NonNullable<Described['repositories']> = {}
  for (const { fullName, description, stars, forkOf } of world.repositories) {
    repositories[fullName] = { ...(description === '' ? {} : { description }), ...(stars === undefined ? {} : { stars }), ...(forkOf === undefined ? {} : { forkOf }) }
  }
  return {
    repositories,
    conversations: [...conversations],
    gists: [...gists],
    accounts: accounts.map((account) => ({ ...account, emails: [...(account.emails ?? [])], organizations: [...(account.organizations ?? [])] })),
  }
}

/**
 * Writes the world into a folder as bare git repositories, `owner/name.git`, with a `sandbox.json` beside them that
 * `startSandbox` reads. Commit ids are the same every time. The folder is made; what is in it already stays.
 */
export async function buildWorld(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await inParallel(world.repositories, 4, ({ fullName, commits }) => importCommits(path.join(folder, `${fullName}.git`), commits))
  await writeFile(path.join(folder, 'sandbox.json'), `${JSON.stringify(describeWorld(), null, 2)}\n`)
}

/**
 * Adds one leak more to a world that `buildWorld` wrote. Search shows it after `sandbox.reindex()`.
 * @param at when it is committed
 */
export async function leakMore(folder: string, at: Date): Promise<LaterLeak> {
  const leak = laterLeak(at)
  const history = world.repositories.find(({ fullName }) => fullName === leak.repository)?.commits ?? []
  // The import writes whole histories; what is there already gets the ids that it has.
  await importCommits(path.join(folder, `${leak.repository}.git`), [...history, leak.commit])
  return leak
}
