import type { Db } from '../../src/db/client.ts'
import { claimEvents, claims, coverEvents, events, findings, identifierEvents, identifiers, runs, watches } from '../../src/db/schema/index.ts'

/** Chance that is the same every time (xorshift32). */
export function chance(seed: number) {
  let state = seed
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
  const whole = (below: number) => Math.floor(next() * below)
  return {
    next, whole,
    pick: <Item>(items: readonly Item[]): Item => {
      const item = items[whole(items.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
  }
}

export interface Scale {
  readonly findings: number
  /** Names that are never found. */
  readonly quiet: number
  readonly from: Date
  readonly to: Date
  /** Moments at which things like to happen: bounds of quarters, and a millisecond before. */
  readonly bounds: readonly Date[]
}

type EventRow = typeof events.$inferInsert
type State = EventRow['state']

const day = 86_400_000
const plans = 9 * day
const chunk = 2_000

async function insertAll<Row>(rows: readonly Row[], insert: (part: Row[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += chunk) await insert(rows.slice(at, at + chunk))
}

/** What may happen next in each state, and the state after it. */
const moves: Readonly<Record<State, readonly (readonly [EventRow['verb'], State])[]>> = {
  open: [['acknowledged', 'acknowledged'], ['acknowledged', 'acknowledged'], ['resolved', 'resolved'], ['dismissed', 'dismissed'], ['proposed', 'open'], ['proposed', 'open'], ['proposal-withdrawn', 'open'], ['reassessed', 'open'], ['dated', 'open'], ['place-added', 'open'], ['commented', 'open']],
  acknowledged: [['resolved', 'resolved'], ['resolved', 'resolved'], ['dismissed', 'dismissed'], ['proposed', 'acknowledged'], ['proposed', 'acknowledged'], ['proposal-withdrawn', 'acknowledged'], ['reassessed', 'acknowledged'], ['dated', 'acknowledged']],
  resolved: [['reopened', 'open'], ['commented', 'resolved'], ['place-gone', 'resolved']],
  dismissed: [['reopened', 'open'], ['commented', 'dismissed']],
}

/** A made-up history, written as the verbs would have: findings with lives of every kind, claims, teams, watches and runs. */
export async function writeHistory(db: Db, scale: Scale, seed = 20_261_127): Promise<void> {
  const random = chance(seed)
  const { pick, whole } = random
  const span = scale.to.getTime() - scale.from.getTime()
  const moment = (after = scale.from.getTime()) => {
    const bounds = scale.bounds.filter((bound) => bound.getTime() > after)
    if (bounds.length > 0 && random.next() < 0.12) return new Date(pick(bounds).getTime() - whole(2))
    return new Date(after + whole(70 * day))
  }
  const ecosystem = () => pick(['npm', 'npm', 'pypi', 'maven', null] as const)
  const team = () => pick(['identity', 'payments', 'data', 'constructor', null] as const)
  const count = scale.findings + scale.quiet
  const names = Array.from({ length: count }, (_, index) => ({
    form: 'name' as const, kind: 'package' as const, ecosystem: ecosystem(), name: `name-${index}`, key: `name-${index}`, team: team(), disclose: 'name' as const, publicOnPurpose: false, near: [],
    createdAt: scale.from, origin: index % 50 === 49 ? 'drill' as const : 'inventory' as const,
  }))
  const ids: bigint[] = []
  await insertAll(names, async (part) => ids.push(...(await db.insert(identifiers).values(part).returning({ id: identifiers.id })).map(({ id }) => id)))

  // Teams are renamed, names are retired and brought back, made public on purpose.
  const facts = ids.flatMap((identifierId, index) => {
    const first = { identifierId, inInventory: true, publicOnPurpose: false, team: names[index]?.team ?? null, at: new Date(scale.from.getTime() + (random.next() < 0.8 ? 0 : whole(span))) }
    const rows: (typeof identifierEvents.$inferInsert)[] = [first]
    for (let at = moment(first.at.getTime()); at < scale.to && random.next() < 0.4; at = moment(at.getTime())) rows.push({ identifierId, inInventory: random.next() < 0.85, publicOnPurpose: random.next() < 0.1, team: team(), at })
    return rows
  })
  await insertAll(facts, (part) => db.insert(identifierEvents).values(part))

  const lives = ids.slice(0, scale.findings).map((identifierId) => {
    const birth = random.next() < 0.15 ? new Date(pick(scale.bounds).getTime() - whole(2)) : new Date(scale.from.getTime() + whole(span))
    return { identifierId, birth }
  })
  const findingIds: bigint[] = []
  await insertAll(lives, async (part) => findingIds.push(...(await db.insert(findings).values(part.map(({ identifierId, birth }) => ({
    identifierId, state: 'open' as const, severity: 'low' as const, reasons: [], firstSeenAt: birth, publicSince: birth, publicSinceIsLowerBound: true, updatedAt: birth,
  }))).returning({ id: findings.id })).map(({ id }) => id)))
  const severity = () => pick(['critical', 'high', 'medium', 'low'])
  const dates = (at: Date) => {
    // Before, at, or (a remote whose clock is wrong) after we saw it; some are lower bounds.
    const publicSince = new Date(at.getTime() + (random.next() < 0.1 ? whole(day) : random.next() < 0.1 ? 0 : -whole(90 * day)))
    return { publicSince: publicSince.toISOString(), publicSinceIsLowerBound: random.next() < 0.3 }
  }
  const happened = lives.flatMap(({ birth }, index): EventRow[] => {
    const findingId = findingIds[index] ?? 0n
    const name = names[index]
    const row = { findingId, actorKind: 'system' as const, actor: 'namesake', reason: null }
    const place = (nth: number) => ({ source: pick(['github-code', 'stack-exchange', 'greenhouse']), role: pick(['dependency', 'import', 'prose']), occurrenceId: `${findingId}${nth}`, url: `https://example.org/${findingId}/${nth}`, container: 'x/y', path: `${nth}.json`, line: nth + 1 })
    const rows: EventRow[] = [{ ...row, verb: 'found', state: 'open', at: birth, reason: 'because', facts: { identifier: name?.name ?? '', kind: 'package', ecosystem: name?.ecosystem ?? null, team: name?.team ?? null, severity: severity(), ...place(0), ...dates(birth) } }]
    let state: State = 'open'
    let at = birth
    while (random.next() < 0.82 && rows.length < 14) {
      if (random.next() > 0.08) at = moment(at.getTime())
      const [verb, then]: readonly [EventRow['verb'], State] = pick(moves[state])
      const more: EventRow['facts'] =
        verb === 'proposed' ? { gone: random.next() < 0.7, places: 1 }
        : verb === 'reassessed' ? { severity: severity() }
        : verb === 'dated' ? dates(birth)
        : verb === 'place-added' ? { ...place(rows.length), ...dates(at) }
        : verb === 'place-gone' ? { occurrenceId: `${findingId}0`, status: 'gone' }
        : {}
      state = then
      rows.push({ ...row, verb, state, at, reason: verb === 'dismissed' ? 'a homonym' : null, facts: more })
    }
    return rows
  })
  await insertAll(happened, (part) => db.insert(events).values(part))

  const asked = lives.filter(() => random.next() < 0.8).flatMap(({ identifierId, birth }) => ['npm', 'docker'].slice(0, 1 + whole(2)).map((registry) => ({ identifierId, registry, birth })))
  const claimIds: bigint[] = []
  await insertAll(asked, async (part) => claimIds.push(...(await db.insert(claims).values(part.map(({ identifierId, registry, birth }) => ({
    identifierId, registry, state: 'unknown' as const, claimable: 'unknown' as const, why: '', signals: [], createdAt: birth,
  }))).returning({ id: claims.id })).map(({ id }) => id)))
  const told = asked.flatMap(({ birth }, index) => {
    const rows: (typeof claimEvents.$inferInsert)[] = []
    for (let at = moment(birth.getTime()); rows.length === 0 || random.next() < 0.5; at = moment(at.getTime())) {
      rows.push({ claimId: claimIds[index] ?? 0n, state: 'unclaimed', claimable: pick(['yes', 'no', 'unknown'] as const), why: 'so it said', signals: [], at })
    }
    return rows
  })
  await insertAll(told, (part) => db.insert(claimEvents).values(part))
  await writeWatches(db, scale, ids, random)
}

async function writeWatches(db: Db, { from, to }: Scale, ids: readonly bigint[], random: ReturnType<typeof chance>): Promise<void> {
  const { whole, next, pick } = random
  const span = to.getTime() - from.getTime()
  const number = Math.max(6, Math.ceil(ids.length / 10))
  const made = await db.insert(watches).values(Array.from({ length: number }, (_, index) => ({
    source: ['github-code', 'stack-exchange', 'greenhouse'][index % 3] ?? '', key: `watch-${index}`, input: {}, query: `q${index}`, createdAt: from,
  }))).returning({ id: watches.id })
  const covers: (typeof coverEvents.$inferInsert)[] = []
  for (const identifierId of ids) {
    for (const { id: watchId } of new Set([pick(made), pick(made), pick(made)])) {
      // Plans are made now and then, for many names at once.
      let at = from.getTime() + (next() < 0.6 ? 0 : whole(span / plans) * plans)
      for (let on = true; at < to.getTime(); on = !on, at += (1 + whole(400 * day / plans)) * plans) covers.push({ watchId, identifierId, covers: on, at: new Date(at) })
    }
  }
  await insertAll(covers, (part) => db.insert(coverEvents).values(part))
  const ended: (typeof runs.$inferInsert)[] = []
  for (const { id: watchId } of made) {
    for (let at = from.getTime() + whole(20 * day); at < to.getTime(); at += whole(60 * day) + 1) {
      const outcome = pick(['complete', 'complete', 'partial', 'failed'] as const)
      ended.push({ watchId, tick: new Date(at), trigger: 'schedule', outcome, pages: outcome === 'failed' ? 0 : 1, startedAt: new Date(at), finishedAt: new Date(at + whole(3 * 3_600_000)) })
    }
  }
  await insertAll(ended, (part) => db.insert(runs).values(part))
}
