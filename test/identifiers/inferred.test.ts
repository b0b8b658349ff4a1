import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Document } from '../../src/contracts/document.ts'
import type { Line } from '../../src/contracts/inventory.ts'
import { events, findings, identifiers, inferred, notices, runs, watches } from '../../src/db/schema/index.ts'
import { Conflict, Invalid, NotFound } from '../../src/errors.ts'
import { recordDocument } from '../../src/findings/record-document.ts'
import { acceptInferred } from '../../src/identifiers/accept-inferred.ts'
import { currentTerms, inventoryDigest } from '../../src/identifiers/current-terms.ts'
import { countInferred, listInferred } from '../../src/identifiers/list-inferred.ts'
import type { InferredName } from '../../src/identifiers/record-inferred.ts'
import { rejectInferred } from '../../src/identifiers/reject-inferred.ts'
import { syncInventory } from '../../src/identifiers/sync-inventory.ts'
import { unrouted } from '../../src/notices/route.ts'
import { useDatabase } from '../support/database.ts'

const store = useDatabase({ truncate: true })
const db = () => store.database.db
const at = (hour: number) => new Date(Date.UTC(2026, 10, 1, hour))

const line = (text: string, more: Partial<Line> = {}): Line => ({
  form: 'name', kind: 'package', ecosystem: 'npm', text, team: null, disclose: 'name', publicOnPurpose: false, near: [], where: 'namesake.yaml: inventory.0', ...more,
})
const configured = [line('artifactory.acme-corp.com', { kind: 'host', ecosystem: null })]
const sync = (lines: readonly Line[] = configured, digest = 'c1', hour = 1) => syncInventory(db(), { lines, digest, now: at(hour) })

let runId: bigint
beforeEach(async () => {
  const [watch] = await db().insert(watches).values({ source: 'github-code', key: 'k', input: {}, query: 'q', createdAt: at(0) }).returning()
  const [run] = await db().insert(runs).values({ watchId: watch?.id ?? 0n, tick: at(0), trigger: 'sweep', startedAt: at(0) }).returning()
  runId = run?.id ?? 0n
  await sync()
})

const reason = 'resolved from artifactory.acme-corp.com, which is one of our hosts'
const candidate = (name: string, more: Partial<InferredName> = {}): InferredName => ({ name, kind: 'package', ecosystem: 'npm', start: 10, line: 3, reason, weak: false, ...more })

function record(names: readonly InferredName[], options: { ref?: string; hour?: number } = {}) {
  const ref = options.ref ?? 'R1:package-lock.json'
  const document: Document = {
    source: 'github-code', ref, revision: 'c0ffee', contentHash: ref, url: `https://github.example/${ref}`, lineAnchor: '#L', title: ref,
    container: { id: 'R1', name: 'jdoe/app', owner: 'jdoe' }, path: 'package-lock.json', text: new Uint8Array(), truncated: false, author: null, publishedAt: null,
  }
  const recording = { runId, matchedWith: 'm1', routing: unrouted(['slack']), baseline: false, now: at(options.hour ?? 2) }
  return db().transaction((tx) => recordDocument(tx, { document, mentions: [], inferred: names }, recording))
}

const list = () => listInferred(db())
const idOf = async (name: string): Promise<bigint> => {
  const [row] = await db().select().from(inferred).where(eq(inferred.name, name))
  if (row === undefined) throw new Error(`${name} was not recorded`)
  return row.id
}
const decision = async (name: string, hour = 5) => ({ inferredId: await idOf(name), actor: { kind: 'cli' as const, name: 'ann' }, now: at(hour) })
const terms = async () => (await currentTerms(db())).map(({ text }) => text)

describe('recording candidates', () => {
  test('keeps name, reason and place, and tells nobody', async () => {
    expect(await record([candidate('billing')])).toEqual({ newFindings: 0 })
    expect(await list()).toEqual([{
      id: String(await idOf('billing')), name: 'billing', kind: 'package', ecosystem: 'npm', reason, weak: false, state: 'candidate',
      firstSeenAt: at(2).toISOString(), lastSeenAt: at(2).toISOString(), places: 1,
      place: { url: 'https://github.example/R1:package-lock.json#L3', repository: 'jdoe/app', path: 'package-lock.json', line: 3 },
      decidedAt: null, decidedBy: null, decisionReason: null,
    }])
    expect([await db().select().from(findings), await db().select().from(events), await db().select().from(notices)]).toEqual([[], [], []])
    expect(await terms()).toEqual(['artifactory.acme-corp.com'])
  })

  test('the same reading twice, in other spelling or by several workers at once, is one candidate with one place', async () => {
    await Promise.all(Array.from({ length: 4 }, () => record([candidate('billing'), candidate('ledger')])))
    await record([candidate('Billing'), candidate('billing', { line: 9 })], { hour: 3 })
    expect(await db().select().from(inferred)).toHaveLength(2)
    expect((await list()).map(({ name, places, firstSeenAt }) => [name, places, firstSeenAt])).toContainEqual(['billing', 1, at(2).toISOString()])
  })

  test('another document is another place; what a document has no more is no place of it', async () => {
    await record([candidate('billing')], { ref: 'A' })
    await record([candidate('billing')], { ref: 'B', hour: 3 })
    expect(await list()).toMatchObject([{ places: 2, place: { url: 'https://github.example/A#L3' }, lastSeenAt: at(3).toISOString() }])
    await record([], { ref: 'A', hour: 4 })
    expect(await list()).toMatchObject([{ places: 1, place: { url: 'https://github.example/B#L3' } }])
    await record([], { ref: 'B', hour: 5 })
    expect(await list()).toMatchObject([{ name: 'billing', places: 0, place: null, lastSeenAt: at(3).toISOString() }])
  })

  test.each([[['weak', 'strong']], [['strong', 'weak']]])('of several reasons the strong one stays, with its place, in whatever order they come: %s', async (order) => {
    for (const ref of order) await record([candidate('billing', ref === 'weak' ? { reason: 'a mirror', weak: true } : {})], { ref })
    expect(await list()).toMatchObject([{ weak: false, reason, places: 2, place: { url: 'https://github.example/strong#L3' } }])
  })

  test('what no registry would take as a name is not kept', async () => {
    await record([candidate('billing\u0000'), candidate('-e', { ecosystem: 'pypi' }), candidate('a/b:c d', { ecosystem: 'docker' }), candidate('acme', { kind: 'scope' }), candidate('billing', { ecosystem: 'maven' })])
    expect(await list()).toEqual([])
  })

  test('more names than one statement takes are all kept', async () => {
    await record(Array.from({ length: 4_500 }, (_, number) => candidate(`lib-${number}`)))
    expect(await list()).toHaveLength(4_500)
    await record([candidate('lib-1')])
    expect((await list()).filter(({ places }) => places > 0)).toHaveLength(1)
  })
})

describe('the list', () => {
  test('has weak ones last, then the oldest first; the count is without the weak ones', async () => {
    await record([candidate('express', { weak: true })], { ref: 'A', hour: 2 })
    await record([candidate('zeta')], { ref: 'B', hour: 3 })
    await record([candidate('alpha')], { ref: 'C', hour: 4 })
    expect((await list()).map(({ name }) => name)).toEqual(['zeta', 'alpha', 'express'])
    expect(await countInferred(db())).toBe(2)
  })

  test('has what waits for a decision; states are asked for', async () => {
    await record([candidate('billing'), candidate('express'), candidate('ledger')])
    await acceptInferred(db(), await decision('billing'))
    await rejectInferred(db(), { ...(await decision('express')), reason: 'public' })
    expect((await list()).map(({ name }) => name)).toEqual(['ledger'])
    const all = await listInferred(db(), { states: ['accepted', 'rejected', 'candidate'] })
    expect(all.map(({ name, state, decidedBy, decisionReason }) => [name, state, decidedBy, decisionReason])).toEqual([
      ['billing', 'accepted', 'ann', null], ['express', 'rejected', 'ann', 'public'], ['ledger', 'candidate', null, null],
    ])
  })

  test('loses a name that a line or a pattern covers by now, and has it again when that is gone', async () => {
    await record([candidate('billing'), candidate('@acme/ledger')])
    await sync([...configured, line('Billing'), line('@acme/', { form: 'prefix' })], 'c2')
    const [pattern] = await db().select().from(identifiers).where(eq(identifiers.form, 'prefix'))
    await db().insert(identifiers).values({ form: 'name', kind: 'package', ecosystem: 'npm', name: '@acme/ledger', key: '@acme/ledger', disclose: 'name', publicOnPurpose: false, near: [], patternId: pattern?.id ?? 0n, createdAt: at(3) })
    expect([await list(), await countInferred(db())]).toEqual([[], 0])
    await sync(configured, 'c3')
    expect((await list()).map(({ name }) => name)).toEqual(['@acme/ledger', 'billing'])
  })
})

describe('accepting', () => {
  test('makes a line of the inventory, searched for by its name, and matchers follow', async () => {
    await record([candidate('billing')])
    const before = await inventoryDigest(db())
    expect(await acceptInferred(db(), await decision('billing'))).toEqual({ name: 'billing' })
    expect(await currentTerms(db())).toMatchObject([{ text: 'artifactory.acme-corp.com' }, { form: 'name', kind: 'package', ecosystem: 'npm', text: 'billing', disclose: 'name', publicOnPurpose: false }])
    expect(await inventoryDigest(db())).not.toBe(before)
    expect(await db().select().from(inferred)).toMatchObject([{ state: 'accepted', decidedBy: 'ann', decidedAt: at(5) }])
  })

  test('outlives every synchronisation with the configuration, and so does the digest', async () => {
    await record([candidate('billing')])
    await acceptInferred(db(), await decision('billing'))
    const digest = await inventoryDigest(db())
    expect(await sync(configured, 'c1', 6)).toMatchObject({ lines: 1, added: 0, retired: 0 })
    expect([await terms(), await inventoryDigest(db())]).toEqual([['artifactory.acme-corp.com', 'billing'], digest])
    await sync(configured, 'c2', 7)
    expect(await inventoryDigest(db())).not.toBe(digest)
  })

  test('a matcher that slept through an acceptance and a synchronisation still sees another digest', async () => {
    await record([candidate('billing'), candidate('ledger')])
    const digests = [await inventoryDigest(db())]
    for (const name of ['billing', 'ledger']) {
      await acceptInferred(db(), await decision(name))
      await sync()
      digests.push(await inventoryDigest(db()))
    }
    expect(new Set(digests).size).toBe(3)
  })

  test('a line of the configuration with the same name takes it over', async () => {
    await record([candidate('billing')])
    await acceptInferred(db(), await decision('billing'))
    await sync([...configured, line('billing', { team: 'finance', disclose: 'never' })], 'c2', 6)
    expect(await currentTerms(db())).toMatchObject([{}, { text: 'billing', team: 'finance', disclose: 'never' }])
    expect(await sync(configured, 'c1', 7)).toMatchObject({ retired: 1 })
    expect(await terms()).toEqual(['artifactory.acme-corp.com'])
  })

  test('a line of the configuration that is there already stays as it is', async () => {
    await record([candidate('billing')])
    await sync([...configured, line('billing', { team: 'finance', disclose: 'never' })], 'c2')
    await acceptInferred(db(), await decision('billing'))
    expect(await currentTerms(db())).toMatchObject([{}, { text: 'billing', team: 'finance', disclose: 'never' }])
    expect(await db().select().from(identifiers).where(eq(identifiers.origin, 'accepted'))).toEqual([])
  })

  test('a name that a pattern spelled out under a stricter rule keeps that rule', async () => {
    await record([candidate('billing')])
    const [pattern] = await db().insert(identifiers).values({ form: 'prefix', kind: 'package', ecosystem: 'npm', name: 'bill', key: 'bill', disclose: 'never', publicOnPurpose: false, near: [], createdAt: at(1), retiredAt: at(2) }).returning()
    await db().insert(identifiers).values({ form: 'name', kind: 'package', ecosystem: 'npm', name: 'billing', key: 'billing', team: 'finance', disclose: 'never', publicOnPurpose: false, near: [], patternId: pattern?.id ?? 0n, createdAt: at(1) })
    await acceptInferred(db(), await decision('billing'))
    expect(await currentTerms(db())).toMatchObject([{}, { text: 'billing', team: 'finance', disclose: 'never' }])
    await sync()
    expect(await terms()).toEqual(['artifactory.acme-corp.com', 'billing'])
  })

  test('happens once: of several at the same time one succeeds, the others are told so', async () => {
    await record([candidate('billing')])
    const one = await decision('billing')
    const results = await Promise.allSettled([acceptInferred(db(), one), acceptInferred(db(), one), rejectInferred(db(), { ...one, reason: 'no' })])
    const refused = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []))
    expect(refused).toHaveLength(2)
    expect(refused.every((error) => error instanceof Conflict)).toBe(true)
  })

  test('and a synchronisation at the same time loses neither', async () => {
    const names = Array.from({ length: 6 }, (_, number) => `lib-${number}`)
    await record(names.map((name) => candidate(name)))
    const decisions = await Promise.all(names.map((name) => decision(name)))
    await Promise.all([...decisions.map((one) => acceptInferred(db(), one)), sync(configured, 'c2'), sync(configured, 'c2')])
    const digest = await inventoryDigest(db())
    await sync(configured, 'c2')
    expect(await inventoryDigest(db())).toBe(digest)
    expect((await terms()).sort()).toEqual(['artifactory.acme-corp.com', ...names])
  })

  test('of what is not there is refused', async () => {
    await expect(acceptInferred(db(), { inferredId: 99n, actor: { kind: 'cli', name: 'ann' }, now: at(5) })).rejects.toThrow(NotFound)
    expect(await terms()).toEqual(['artifactory.acme-corp.com'])
  })

  test('is all or nothing inside a larger transaction', async () => {
    await record([candidate('billing')])
    const one = await decision('billing')
    const before = await inventoryDigest(db())
    await expect(db().transaction(async (tx) => {
      await acceptInferred(tx, one)
      await acceptInferred(tx, { ...one, inferredId: 99n })
    })).rejects.toThrow(NotFound)
    expect([await terms(), await inventoryDigest(db()), await list()]).toMatchObject([['artifactory.acme-corp.com'], before, [{ name: 'billing' }]])
  })
})

describe('rejecting', () => {
  test('needs a reason', async () => {
    await record([candidate('express')])
    await expect(rejectInferred(db(), { ...(await decision('express')), reason: '  ' })).rejects.toThrow(Invalid)
    expect(await list()).toHaveLength(1)
  })

  test('stays, wherever the name is seen again', async () => {
    await record([candidate('express', { weak: true, reason: 'a mirror' })])
    await rejectInferred(db(), { ...(await decision('express')), reason: ' a public package ' })
    await record([candidate('express')], { ref: 'B', hour: 6 })
    expect([await list(), await countInferred(db()), await terms()]).toEqual([[], 0, ['artifactory.acme-corp.com']])
    expect(await db().select().from(inferred)).toMatchObject([{ state: 'rejected', decisionReason: 'a public package' }])
    await expect(acceptInferred(db(), await decision('express'))).rejects.toThrow('was rejected already')
  })

  test('changes nothing for matchers', async () => {
    await record([candidate('express')])
    const before = await inventoryDigest(db())
    await rejectInferred(db(), { ...(await decision('express')), reason: 'public' })
    expect(await inventoryDigest(db())).toBe(before)
  })
})

