import { inArray } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import type { Notice } from '../../src/contracts/notifier.ts'
import { notices } from '../../src/db/schema/index.ts'
import { compose } from '../../src/notices/compose.ts'
import { useDatabase } from '../support/database.ts'
import { addCoverage, addFinding, addIdentifier, addNotice, addPlace, now } from './outbox.ts'

const opened = useDatabase({ truncate: true })

async function composed(...ids: readonly bigint[]): Promise<Notice> {
  const { db } = opened.database
  return compose(db, await db.select().from(notices).where(inArray(notices.id, [...ids])).orderBy(notices.id), 'Acme Corp')
}

async function finding(noticeId: bigint) {
  const notice = await composed(noticeId)
  if (!('finding' in notice)) throw new Error('a notice of one finding was expected')
  return notice.finding
}

async function summary(...ids: readonly bigint[]) {
  const notice = await composed(...ids)
  if (notice.kind !== 'baseline' && notice.kind !== 'digest') throw new Error('a summary was expected')
  return notice
}

describe('the notice of a leak', () => {
  test('has what a message needs, with the address of the line', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db, { name: 'acme-corp-auth-client', severity: 'critical', reasons: ['first', 'second'] })
    const occurrenceId = await addPlace(db, findingId, { document: { path: 'package.json', url: 'https://github.com/someone/shop/blob/4f2a/package.json' }, author: null, introducedAt: null })
    const noticeId = await addNotice(db, { findingId, occurrenceId })
    expect(await composed(noticeId)).toEqual({
      kind: 'leaked',
      id: String(noticeId),
      organization: 'Acme Corp',
      finding: {
        drill: false,
        id: String(findingId),
        identifier: 'acme-corp-auth-client',
        kind: 'package',
        ecosystem: 'npm',
        team: 'identity',
        severity: 'critical',
        firstSeenAt: now,
        publicSince: now,
        reasons: ['first', 'second'],
        placeCount: 1,
        claims: [],
        standing: { state: 'open', by: null, at: null, reason: null, proposed: null, assignee: null },
        places: [{
          url: 'https://github.com/someone/shop/blob/4f2a/package.json#L12',
          container: 'someone/shop',
          path: 'package.json',
          line: 12,
          role: 'dependency',
          snippet: 'the line',
          author: null,
          introducedAt: null,
          firstSeenAt: now,
        }],
      },
    })
  })

  test('points at the document where a source cannot point at a line', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    await addPlace(db, findingId, { document: { url: 'https://jobs.example/7', lineAnchor: '' } })
    expect((await finding(await addNotice(db, { findingId }))).places[0]?.url).toBe('https://jobs.example/7')
  })

  test('shows first the place that made the news, then live ones, then what weighs more', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    await addPlace(db, findingId, { role: 'dependency', status: 'gone-from-head', snippet: 'fourth' })
    await addPlace(db, findingId, { role: 'prose', snippet: 'third' })
    await addPlace(db, findingId, { role: 'ci', snippet: 'second' })
    const occurrenceId = await addPlace(db, findingId, { role: 'prose', snippet: 'first' })
    const { places } = await finding(await addNotice(db, { kind: 'reopened', findingId, occurrenceId }))
    expect(places.map(({ snippet }) => snippet)).toEqual(['first', 'second', 'third', 'fourth'])
  })

  test('shows different contents before copies of the same', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    for (const snippet of ['original', 'fork', 'mirror']) await addPlace(db, findingId, { snippet, contentHash: 'same' })
    await addPlace(db, findingId, { snippet: 'another', role: 'prose' })
    const { places } = await finding(await addNotice(db, { findingId }))
    expect(places.map(({ snippet }) => snippet)).toEqual(['original', 'another', 'fork', 'mirror'])
  })

  test('counts every place that is public, shows five of them, and leaves out those that are gone', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    for (const status of ['live', 'live', 'live', 'live', 'unknown', 'gone-from-head', 'gone'] as const) await addPlace(db, findingId, { status, snippet: status })
    const { places, placeCount } = await finding(await addNotice(db, { findingId }))
    expect(placeCount).toBe(6)
    expect(places.map(({ snippet }) => snippet)).toEqual(['live', 'live', 'live', 'live', 'unknown'])
  })

  test('shows the place that made the news also when it is gone by now', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    const occurrenceId = await addPlace(db, findingId, { status: 'gone' })
    const { places, placeCount } = await finding(await addNotice(db, { findingId, occurrenceId }))
    expect([places.length, placeCount]).toEqual([1, 1])
  })

  test('tells of no other finding', async () => {
    const { db } = opened.database
    const [mine, other] = [await addFinding(db), await addFinding(db)]
    await addPlace(db, other)
    const { id, places } = await finding(await addNotice(db, { findingId: mine }))
    expect([id, places]).toEqual([String(mine), []])
  })
})

describe('the notice of the first sweep', () => {
  test('counts everything and names the twenty worst, worst first', async () => {
    const { db } = opened.database
    for (const severity of ['low', 'medium', 'critical', 'high'] as const) {
      for (let n = 0; n < 6; n += 1) await addPlace(db, await addFinding(db, { severity }))
    }
    const notice = await summary(await addNotice(db, { kind: 'baseline', key: 'baseline' }))
    expect(notice).toMatchObject({ kind: 'baseline', findingCount: 24, placeCount: 24 })
    expect(notice.findings.map(({ severity }) => severity)).toEqual([...Array(6).fill('critical'), ...Array(6).fill('high'), ...Array(6).fill('medium'), 'low', 'low'])
    expect(notice.findings.every(({ places }) => places.length === 1)).toBe(true)
  })

  test('with nothing found and everything looked at has no gap', async () => {
    const { db } = opened.database
    await addCoverage(db, await addIdentifier(db), { completeAt: now })
    expect(await summary(await addNotice(db, { kind: 'baseline' }))).toMatchObject({ findings: [], findingCount: 0, placeCount: 0, gaps: [] })
  })

  test('says which names could not be looked at, by source and reason, the widest gap first', async () => {
    const { db } = opened.database
    await addCoverage(db, await addIdentifier(db), { completeAt: now, gap: 'partial: more than 1,000 results\nanother reason' })
    for (const _ of ['one', 'two']) await addCoverage(db, await addIdentifier(db), { gap: 'failed: 403' })
    await addCoverage(db, await addIdentifier(db))
    await addIdentifier(db)
    expect((await summary(await addNotice(db, { kind: 'baseline' }))).gaps).toEqual([
      'github-code: 2 names: failed: 403',
      'github-code: 1 name: never swept completely',
      'github-code: 1 name: partial: more than 1,000 results; another reason',
      '1 name: no source was asked',
    ])
  })

  test('asks for no proof about names that nobody searches: retired, public on purpose, or spelled out by a pattern', async () => {
    const { db } = opened.database
    const pattern = await addIdentifier(db, { form: 'prefix' })
    await addCoverage(db, pattern, { completeAt: now })
    await addIdentifier(db, { patternId: pattern })
    await addIdentifier(db, { publicOnPurpose: true })
    await addCoverage(db, await addIdentifier(db, { retiredAt: now }), { gap: 'failed: 403' })
    expect((await summary(await addNotice(db, { kind: 'baseline' }))).gaps).toEqual([])
  })

  test('says how many gaps it does not list', async () => {
    const { db } = opened.database
    for (let n = 10; n < 35; n += 1) await addCoverage(db, await addIdentifier(db), { gap: `failed: reason ${n}` })
    const { gaps } = await summary(await addNotice(db, { kind: 'baseline' }))
    expect(gaps).toHaveLength(20)
    expect(gaps.at(-1)).toBe('and 6 more gaps by source and reason')
  })
})

describe('the digest', () => {
  test('tells the new places of each finding, worst first, and counts them', async () => {
    const { db } = opened.database
    const [low, critical] = [await addFinding(db, { severity: 'low' }), await addFinding(db, { severity: 'critical' })]
    await addPlace(db, critical, { snippet: 'known before' })
    await addFinding(db, { severity: 'critical' })
    const ids: bigint[] = []
    for (const [findingId, snippet] of [[low, 'a'], [critical, 'b'], [critical, 'c']] as const) {
      ids.push(await addNotice(db, { kind: 'place', findingId, occurrenceId: await addPlace(db, findingId, { snippet }) }))
    }
    const notice = await summary(...ids)
    expect(notice).toMatchObject({ kind: 'digest', id: `${ids[0]}-${ids[2]}`, findingCount: 2, placeCount: 3 })
    expect(notice.findings.map(({ id, places, placeCount }) => [id, places.map(({ snippet }) => snippet), placeCount])).toEqual([
      [String(critical), ['b', 'c'], 3],
      [String(low), ['a'], 1],
    ])
  })

  test('counts a place that was queued twice once', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    const occurrenceId = await addPlace(db, findingId)
    const ids = [await addNotice(db, { kind: 'place', findingId, occurrenceId }), await addNotice(db, { kind: 'place', findingId, occurrenceId })]
    expect(await summary(...ids)).toMatchObject({ findingCount: 1, placeCount: 1 })
  })
})
