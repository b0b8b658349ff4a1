import type { App } from '../../src/app/open.ts'
import { recordAnswer } from '../../src/claims/record-answer.ts'
import type { Document } from '../../src/contracts/document.ts'
import type { Ecosystem, IdentifierKind } from '../../src/contracts/inventory.ts'
import type { Mention, Role } from '../../src/contracts/match.ts'
import type { ClaimState, Claimable, PackageFacts } from '../../src/contracts/registry.ts'
import { claims, findings, identifiers } from '../../src/db/schema/index.ts'
import { eq } from '../../src/db/drizzle.ts'
import { recordDocument } from '../../src/findings/record-document.ts'
import { unrouted } from '../../src/notices/route.ts'

export interface Leak {
  readonly name: string
  readonly kind?: IdentifierKind
  readonly ecosystem?: Ecosystem | null
  readonly team?: string | null
  readonly role?: Role
  readonly places?: readonly Partial<PlaceOfLeak>[]
  readonly claim?: { readonly registry: string; readonly state: ClaimState; readonly claimable: Claimable; readonly why?: string; readonly facts?: Partial<PackageFacts> }
  readonly now?: Date
}
interface PlaceOfLeak {
  readonly repository: string
  readonly path: string | null
  readonly url: string
  readonly author: string | null
  readonly snippet: string
  readonly line: number
  readonly role: Role
  /** Equal: copies of each other. */
  readonly content: string
  readonly licence: string
  readonly details: Readonly<Record<string, string>>
}

let made = 0

/** A name of the inventory that became public: recorded by the same verbs as after a search. @returns the finding's id */
export async function leak(app: Pick<App, 'database' | 'now'>, { name, kind = 'package', ecosystem = 'npm', team = 'identity', role = 'dependency', places = [{}], claim, now = app.now() }: Leak): Promise<string> {
  const { db } = app.database
  const line = { form: 'name' as const, kind, ecosystem, team, disclose: 'name' as const, publicOnPurpose: false, near: [] }
  const [identifier] = await db.insert(identifiers).values({ ...line, name, key: name, createdAt: now }).returning({ id: identifiers.id })
  const identifierId = identifier?.id ?? 0n
  for (const place of places) {
    made += 1
    const mention: Mention = {
      term: { ...line, id: String(identifierId), text: name, where: '' }, name, kind, ecosystem, start: 0, end: name.length,
      line: place.line ?? 7, column: 5, role: place.role ?? role, details: place.details ?? {}, snippet: place.snippet ?? `    "${name}": "^4.2.0",`,
    }
    const document: Document = {
      source: 'github-code', ref: `R${made}:${place.path ?? 'package.json'}`, revision: 'c0ffee', contentHash: place.content ?? `content-${made}`,
      url: place.url ?? `https://github.example/mira-data/churn-model/blob/c0ffee/package.json`, lineAnchor: '#L', title: 'package.json',
      container: { id: `R${made}`, name: place.repository ?? 'mira-data/churn-model', owner: 'mira-data' }, path: place.path === undefined ? 'package.json' : place.path,
      text: new TextEncoder().encode(mention.snippet), truncated: false, author: place.author ?? null, publishedAt: null, ...(place.licence === undefined ? {} : { licence: place.licence }),
    }
    await db.transaction((tx) => recordDocument(tx, { document, mentions: [mention], inferred: [] }, { runId: null, matchedWith: 'test', routing: unrouted([]), baseline: false, now }))
  }
  if (claim !== undefined) {
    const [row] = await db.insert(claims).values({ identifierId, registry: claim.registry, state: 'unknown', claimable: 'unknown', why: 'not asked yet', signals: [], dueAt: now, createdAt: now }).returning()
    const facts = claim.facts === undefined ? null : { version: null, versionCount: null, firstPublishedAt: null, publishedAt: null, publishers: [], installTimeCode: null, description: null, deprecated: null, links: [], ...claim.facts }
    for (const request of [0, 1]) {
      await recordAnswer(db, { claimId: row?.id ?? 0n, request, answer: { state: claim.state, claimable: claim.claimable, why: claim.why ?? 'the registry said so', facts }, records: null, routing: unrouted([]), now: new Date(now.getTime() + request * 3_600_000) })
    }
  }
  const [finding] = await db.select({ id: findings.id }).from(findings).where(eq(findings.identifierId, identifierId))
  return String(finding?.id ?? 0n)
}
