import type { Document } from '../../src/contracts/document.ts'
import type { Ecosystem, IdentifierKind } from '../../src/contracts/inventory.ts'
import type { Mention, Role, Term } from '../../src/contracts/match.ts'
import type { Routing } from '../../src/contracts/routing.ts'
import type { Db } from '../../src/db/client.ts'
import { storable } from '../../src/db/storable.ts'
import { identifiers } from '../../src/db/schema/index.ts'
import { recordDocument, type Recording } from '../../src/findings/record-document.ts'
import { normalise } from '../../src/matching/normalise.ts'

/** A line of the inventory, in the database. */
export async function addName(db: Db, name: string, more: { readonly kind?: IdentifierKind; readonly ecosystem?: Ecosystem | null; readonly team?: string; readonly form?: 'name' | 'prefix'; readonly at: Date }): Promise<Term> {
  const { kind = 'package', ecosystem = 'npm', team = null, form = 'name', at } = more
  const line = { form, kind, ecosystem, team, disclose: 'name' as const, publicOnPurpose: false, near: [] }
  const [row] = await db.insert(identifiers).values({ ...line, name, key: normalise(name, kind, ecosystem), createdAt: at }).returning({ id: identifiers.id })
  return { ...line, id: String(row?.id), text: name, where: '' }
}

export interface PublishedPlace {
  readonly repository?: string
  readonly path?: string
  readonly source?: string
  readonly role?: Role
  readonly snippet?: string
  readonly author?: string
  readonly url?: string
  readonly content?: string
  /** What a pattern matched, spelled out. */
  readonly name?: string
  readonly at: Date
}

const nobody: Routing = { rules: [], destinations: [], quietHours: null, storm: { more: 1, withinMs: 1 }, escalate: [] }

/** A document with names in it is read, as a worker would record it. */
export async function publish(db: Db, terms: readonly Term[], place: PublishedPlace): Promise<void> {
  const { repository = 'jdoe/app', path = 'package.json', source = 'github-code', role = 'dependency', author = null, at } = place
  // Sources make ids of their own, which are plain.
  const ref = `${storable(repository)}:${path}`
  const document: Document = {
    source, ref, revision: 'c0ffee', contentHash: place.content ?? `hash-of-${ref}`, url: place.url ?? `https://code.example/${repository}/blob/c0ffee/${path}`, lineAnchor: '#L', title: path,
    container: { id: storable(repository), name: repository, owner: repository.split('/')[0] ?? null }, path, text: new Uint8Array(), truncated: false, author, publishedAt: null,
  }
  const mentions: Mention[] = terms.map((term) => ({
    term, name: place.name ?? term.text, kind: term.kind, ecosystem: term.ecosystem, start: 0, end: 1, line: 3, column: 5, role, details: {}, snippet: place.snippet ?? `"${place.name ?? term.text}": "^1.0.0"`,
  }))
  const recording: Recording = { runId: null, matchedWith: 'm1', routing: nobody, baseline: true, now: at }
  await db.transaction((tx) => recordDocument(tx, { document, mentions, inferred: [] }, recording))
}
