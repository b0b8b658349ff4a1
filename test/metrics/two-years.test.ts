import { beforeAll, describe, expect, test } from 'vitest'
import { acknowledge } from '../../src/findings/acknowledge.ts'
import { resolve } from '../../src/findings/resolve.ts'
import { syncInventory } from '../../src/identifiers/sync-inventory.ts'
import { breakdowns, type Exposure } from '../../src/metrics/exposure.ts'
import { loadExposure } from '../../src/metrics/load-exposure.ts'
import { loadReport } from '../../src/metrics/load-report.ts'
import { reportFormats } from '../../src/metrics/report-formats.ts'
import { writeReport } from '../../src/metrics/write-report.ts'
import { planWatches } from '../../src/runs/plan-watches.ts'
import { sarifFaults } from '../formats/sarif-schema.ts'
import { useDatabase } from '../support/database.ts'
import { calendarOf } from './support.ts'
import { writeHistory } from './two-years.ts'

const store = useDatabase()
const db = () => store.database.db

/** A company whose fiscal year began in February, and begins in December since 2026; in a zone with summer time. */
const calendar = calendarOf({ timezone: 'Europe/Berlin', fiscalYearStartsIn: 2, fiscalYearChanges: [{ from: '2026-12', named: 2028 }] })
const asOf = new Date('2027-02-10T12:00:00Z')
/** The same by hand. PostgreSQL turns the wall clock into moments by its own tables. */
const quarters = [
  ['2026-Q1', '2025-02-01', '2025-05-01'], ['2026-Q2', '2025-05-01', '2025-08-01'], ['2026-Q3', '2025-08-01', '2025-11-01'], ['2026-Q4', '2025-11-01', '2026-02-01'],
  ['2027-Q1', '2026-02-01', '2026-05-01'], ['2027-Q2', '2026-05-01', '2026-08-01'], ['2027-Q3', '2026-08-01', '2026-11-01'], ['2027-Q4', '2026-11-01', '2026-12-01'],
  ['2028-Q1', '2026-12-01', '2027-03-01'],
] as const

/** What the metric is, said a second time, in SQL: a row for each name and quarter in which it is found or exposed. */
const independently = `
create table test_quarters (name text, from_at timestamptz, to_at timestamptz, end_at timestamptz);
insert into test_quarters select name, from_at, to_at, least(to_at, '${asOf.toISOString()}'::timestamptz) from (
  select name, from_day::timestamp at time zone 'Europe/Berlin' as from_at, to_day::timestamp at time zone 'Europe/Berlin' as to_at
  from (values ${quarters.map(([name, from, to]) => `('${name}', '${from}', '${to}')`).join(', ')}) hand (name, from_day, to_day)) bounds;

create table test_steps as
select quarter.name as quarter, quarter.from_at, quarter.end_at, event.finding_id, event.verb, event.state, event.reason, event.at, event.facts,
  row_number() over (partition by quarter.name, event.finding_id order by event.at, event.id) as nr
from events event
join findings finding on finding.id = event.finding_id
join identifiers name on name.id = finding.identifier_id and name.origin <> 'drill'
join test_quarters quarter on event.at < quarter.end_at;
create index on test_steps (quarter, finding_id, nr);

create table test_flags as
select step.*,
  step.state in ('open', 'acknowledged') and not coalesce(
    (select decision.verb = 'proposed' and (decision.facts ->> 'gone')::boolean from test_steps decision
     where decision.quarter = step.quarter and decision.finding_id = step.finding_id and decision.nr <= step.nr
       and decision.verb in ('proposed', 'proposal-withdrawn', 'reopened')
     order by decision.nr desc limit 1), false) as exposed
from test_steps step;
create index on test_flags (quarter, finding_id, nr);

create table test_names as
select whole.*, finding.identifier_id,
  (array['npm', 'pypi', 'maven'])[array_position(array['npm', 'pypi', 'maven'], birth.facts ->> 'ecosystem')] as ecosystem,
  birth.facts ->> 'source' as source, birth.facts ->> 'role' as role,
  (select coalesce(event.team, null) from identifier_events event where event.identifier_id = finding.identifier_id and event.at < whole.end_at order by event.at desc, event.id desc limit 1) as owner,
  exists (select from identifier_events event where event.identifier_id = finding.identifier_id and event.at < whole.end_at) as owner_known,
  birth.facts ->> 'team' as birth_team,
  (select step.facts ->> 'severity' from test_flags step where step.quarter = whole.quarter and step.finding_id = whole.finding_id and step.verb in ('found', 'reassessed') order by step.nr desc limit 1) as severity,
  (select case when bool_or(latest.claimable = 'yes') then 'yes' when bool_or(latest.claimable = 'unknown') then 'unknown' when count(*) > 0 then 'no' end
   from (select distinct on (claim.registry) claim.registry, event.claimable from claim_events event join claims claim on claim.id = event.claim_id
         where claim.identifier_id = finding.identifier_id and event.at < whole.end_at order by claim.registry, event.at desc, event.id desc) latest) as claimable,
  case when dated.lower_bound or dated.since > birth.at then null else dated.since end as public_at,
  (select min(step.at) from test_flags step where step.quarter = whole.quarter and step.finding_id = whole.finding_id and step.verb = 'acknowledged') as acknowledged_at,
  (select max(step.at) from test_flags step where step.quarter = whole.quarter and step.finding_id = whole.finding_id and step.verb = 'resolved' and step.nr > whole.reopened_nr) as resolved_at,
  (select min(step.at) from test_flags step where step.quarter = whole.quarter and step.finding_id = whole.finding_id and step.verb = 'proposed' and (step.facts ->> 'gone')::boolean and step.nr > whole.undone_nr) as gone_at,
  birth.at as born_at
from (
  select flag.quarter, flag.from_at, flag.end_at, flag.finding_id,
    coalesce((array_agg(flag.exposed order by flag.nr desc) filter (where flag.at < flag.from_at))[1], false) as at_start,
    coalesce(bool_or(flag.exposed) filter (where flag.at >= flag.from_at), false) as within,
    (array_agg(flag.exposed order by flag.nr desc))[1] as at_end,
    (array_agg(flag.state order by flag.nr desc))[1] as state,
    coalesce(max(flag.nr) filter (where flag.verb = 'reopened'), 0) as reopened_nr,
    coalesce(max(flag.nr) filter (where flag.verb in ('reopened', 'proposal-withdrawn') or flag.verb = 'proposed' and not (flag.facts ->> 'gone')::boolean), 0) as undone_nr
  from test_flags flag group by 1, 2, 3, 4
) whole
join findings finding on finding.id = whole.finding_id
join test_flags birth on birth.quarter = whole.quarter and birth.finding_id = whole.finding_id and birth.verb = 'found'
join lateral (
  select (step.facts ->> 'publicSince')::timestamptz as since, (step.facts ->> 'publicSinceIsLowerBound')::boolean as lower_bound from test_flags step
  where step.quarter = whole.quarter and step.finding_id = whole.finding_id and step.facts ? 'publicSince' order by 1, step.nr limit 1
) dated on true
where birth.at >= whole.from_at or whole.at_start or whole.within;
alter table test_names add column team text;
update test_names set team = case when owner_known then owner else birth_team end;
alter table test_names add column found boolean, add column reopened boolean, add column closed boolean, add column withdrawn boolean;
update test_names set
  found = born_at >= from_at and state <> 'dismissed',
  reopened = born_at < from_at and not at_start and within,
  closed = not at_end and state <> 'dismissed',
  withdrawn = born_at < from_at and state = 'dismissed';

create function test_hours(ms double precision) returns double precision language sql as $$ select round((ms / 3600000)::numeric, 2)::double precision $$;
create function test_duration(ms double precision[]) returns jsonb language sql as $$
  select jsonb_build_object('meanHours', test_hours(avg(value)), 'medianHours', test_hours(percentile_cont(0.5) within group (order by value)),
    'p75Hours', test_hours(percentile_cont(0.75) within group (order by value)), 'p90Hours', test_hours(percentile_cont(0.9) within group (order by value)),
    'p95Hours', test_hours(percentile_cont(0.95) within group (order by value)), 'known', count(value), 'unknown', count(*) - count(value))
  from unnest(ms) value $$;
create function test_ms(from_at timestamptz, to_at timestamptz) returns double precision language sql as $$ select case when to_at >= from_at then round(extract(epoch from to_at - from_at) * 1000)::double precision end $$;
`

const numbers = `
select quarter, jsonb_build_object(
  'exposedAtStart', count(*) filter (where at_start), 'found', count(*) filter (where found), 'reopened', count(*) filter (where reopened),
  'closed', count(*) filter (where closed), 'withdrawn', count(*) filter (where withdrawn), 'exposedAtEnd', count(*) filter (where at_end),
  'dismissed', count(*) filter (where born_at >= from_at and state = 'dismissed'),
  'claimable', jsonb_build_object(
    'exposedAtEnd', jsonb_build_object('yes', count(*) filter (where at_end and claimable = 'yes'), 'no', count(*) filter (where at_end and claimable = 'no'), 'unknown', count(*) filter (where at_end and claimable = 'unknown'), 'notAsked', count(*) filter (where at_end and claimable is null)),
    'found', jsonb_build_object('yes', count(*) filter (where found and claimable = 'yes'), 'no', count(*) filter (where found and claimable = 'no'), 'unknown', count(*) filter (where found and claimable = 'unknown'), 'notAsked', count(*) filter (where found and claimable is null))),
  'mttd', test_duration(array_agg(test_ms(public_at, born_at)) filter (where found)), 'mtta', test_duration(array_agg(test_ms(born_at, acknowledged_at)) filter (where found)),
  'mttr', test_duration(array_agg(test_ms(born_at, resolved_at)) filter (where found)), 'window', test_duration(array_agg(test_ms(public_at, gone_at)) filter (where found))) as numbers
from test_names group by quarter`

const broken = (by: string) => `
select quarter, jsonb_object_agg(value, counts) as numbers from (
  select quarter, coalesce(${by}, 'none') as value, jsonb_build_object(
    'exposedAtStart', count(*) filter (where at_start), 'found', count(*) filter (where found), 'reopened', count(*) filter (where reopened), 'closed', count(*) filter (where closed),
    'withdrawn', count(*) filter (where withdrawn), 'exposedAtEnd', count(*) filter (where at_end), 'claimableAtEnd', count(*) filter (where at_end and claimable = 'yes')) as counts
  from test_names group by 1, 2) counted group by quarter`

/** Coverage again: at which moment did every watch of a name have a complete run behind it? Every moment at which anything changed is tried. */
const coverageAgain = `
create table test_lines as
select quarter.name as quarter, latest.identifier_id from test_quarters quarter
join lateral (select distinct on (event.identifier_id) event.identifier_id, event.in_inventory, event.public_on_purpose from identifier_events event
  join identifiers name on name.id = event.identifier_id and name.origin <> 'drill'
  where event.at < quarter.end_at order by event.identifier_id, event.at desc, event.id desc) latest on latest.in_inventory and not latest.public_on_purpose;
create table test_covers as
select quarter.name as quarter, quarter.from_at, quarter.end_at, stretch.*, watch.source,
  (select min(run.finished_at) from runs run where run.watch_id = stretch.watch_id and run.outcome = 'complete' and run.started_at >= quarter.from_at and run.started_at >= stretch.since
    and run.finished_at < quarter.end_at and (stretch.until is null or run.finished_at < stretch.until)) as proven_at,
  exists (select from runs run where run.watch_id = stretch.watch_id and (run.outcome = 'complete' or run.pages > 0) and run.started_at >= quarter.from_at and run.started_at >= stretch.since
    and run.finished_at < quarter.end_at and (stretch.until is null or run.finished_at < stretch.until)) as looked
from test_quarters quarter
join lateral (
  select event.watch_id, event.identifier_id, event.at as since,
    (select min(later.at) from cover_events later where later.watch_id = event.watch_id and later.identifier_id = event.identifier_id and not later.covers and (later.at, later.id) > (event.at, event.id) and later.at < quarter.end_at) as until
  from cover_events event where event.covers and event.at < quarter.end_at
) stretch on stretch.until is null or stretch.until > quarter.from_at
join watches watch on watch.id = stretch.watch_id
join test_lines line on line.quarter = quarter.name and line.identifier_id = stretch.identifier_id;
create index on test_covers (quarter, source, identifier_id);
create table test_states as
select line.quarter, line.identifier_id, watched.source, case
  when exists (
    select from (select proven_at as moment from test_covers cover where cover.quarter = line.quarter and cover.source = watched.source and cover.identifier_id = line.identifier_id
      union select until from test_covers cover where cover.quarter = line.quarter and cover.source = watched.source and cover.identifier_id = line.identifier_id) tried
    join test_covers cover on cover.quarter = line.quarter and cover.source = watched.source and cover.identifier_id = line.identifier_id and cover.since <= tried.moment and (cover.until is null or cover.until > tried.moment)
    group by tried.moment having bool_and(coalesce(cover.proven_at <= tried.moment, false))) then 'proven'
  when exists (select from test_covers cover where cover.quarter = line.quarter and cover.source = watched.source and cover.identifier_id = line.identifier_id and cover.looked) then 'partly'
  else 'never' end as state
from test_lines line join (select distinct quarter, source from test_covers where until is null) watched on watched.quarter = line.quarter;
`

const coverageNumbers = `
select whole.quarter, jsonb_build_object('identifiers', count(*), 'proven', count(*) filter (where proven), 'partly', count(*) filter (where not proven and not never), 'neverSwept', count(*) filter (where never),
  'bySource', (select jsonb_object_agg(source, counts) from (select source, jsonb_build_object('proven', count(*) filter (where state = 'proven'), 'partly', count(*) filter (where state = 'partly'), 'never', count(*) filter (where state = 'never')) as counts
    from test_states state where state.quarter = whole.quarter group by source) of)) as numbers
from (select quarter, identifier_id, bool_and(state = 'proven') as proven, bool_and(state = 'never') as never from test_states group by 1, 2) whole group by whole.quarter`

let answers: readonly Exposure[] = []

async function ask(statement: string): Promise<Map<string, unknown>> {
  const rows = await store.database.sql.unsafe<{ quarter: string; numbers: unknown }[]>(statement)
  return new Map(rows.map(({ quarter, numbers: of }) => [quarter, of]))
}

beforeAll(async () => {
  const bounds = quarters.flatMap(([name]) => {
    const { from, to } = calendar.quarter(name)
    return [from, to]
  })
  await writeHistory(db(), { findings: 500, quiet: 120, from: new Date('2025-02-01T00:00:00Z'), to: new Date('2027-03-15T00:00:00Z'), bounds })
  await store.database.sql.unsafe(independently)
  await store.database.sql.unsafe(coverageAgain)
  answers = await loadExposure(db(), { calendar, quarters: quarters.map(([name]) => calendar.quarter(name)), asOf, now: asOf })
})

describe('two years of a made-up history', () => {
  test('has what it is to have: names of every fate in every quarter', () => {
    expect(answers.map(({ quarter }) => quarter)).toEqual(quarters.map(([name]) => name))
    const seen = (of: (exposure: Exposure) => number) => Math.min(...answers.slice(1).map(of))
    expect(seen(({ found }) => found)).toBeGreaterThan(10)
    expect(seen(({ reopened }) => reopened)).toBeGreaterThan(0)
    expect(seen(({ closed }) => closed)).toBeGreaterThan(5)
    expect(seen(({ withdrawn }) => withdrawn)).toBeGreaterThan(0)
    expect(seen(({ mttd }) => Math.min(mttd.known, mttd.unknown))).toBeGreaterThan(2)
    expect(answers.reduce((sum, { window }) => sum + window.known, 0)).toBeGreaterThan(10)
    expect(seen(({ coverage }) => Math.min(coverage.partly, ...Object.values(coverage.bySource).flatMap(({ proven, partly, never }) => [proven, partly, never])))).toBeGreaterThan(0)
    expect(Math.max(...answers.map(({ coverage }) => coverage.proven))).toBeGreaterThan(5)
  })

  test('comes to the same numbers as SQL, to the last digit', async () => {
    const expected = await ask(numbers)
    for (const answer of answers) {
      const { exposedAtStart, found, reopened, closed, withdrawn, exposedAtEnd, dismissed, claimable, mttd, mtta, mttr, window } = answer
      expect({ quarter: answer.quarter, exposedAtStart, found, reopened, closed, withdrawn, exposedAtEnd, dismissed, claimable, mttd, mtta, mttr, window }).toEqual(Object.assign({ quarter: answer.quarter }, expected.get(answer.quarter)))
    }
  })

  test.each(breakdowns)('by %s as well', async (by) => {
    const expected = await ask(broken(by))
    for (const answer of answers) expect([answer.quarter, answer.by[by]]).toEqual([answer.quarter, expected.get(answer.quarter)])
  })

  test('and to the same coverage', async () => {
    const expected = await ask(coverageNumbers)
    for (const answer of answers) expect([answer.quarter, answer.coverage]).toEqual([answer.quarter, expected.get(answer.quarter)])
  })

  test('start + found + reopened - closed - withdrawn is the end, in all and in every part, and the end of a quarter is the start of the next', () => {
    for (const answer of answers) {
      for (const of of [answer, ...breakdowns.flatMap((by) => Object.values(answer.by[by]))]) {
        expect(of.exposedAtStart + of.found + of.reopened - of.closed - of.withdrawn).toBe(of.exposedAtEnd)
      }
    }
    expect(answers.slice(1).map(({ exposedAtStart }) => exposedAtStart)).toEqual(answers.slice(0, -1).map(({ exposedAtEnd }) => exposedAtEnd))
  })

  test('a quarter is the same alone, together with others, and at any later moment', async () => {
    for (const name of ['2026-Q4', '2027-Q4']) {
      const quarter = calendar.quarter(name)
      const [early] = await loadExposure(db(), { calendar, quarters: [quarter], asOf: quarter.to, now: asOf })
      expect({ ...early, asOf: asOf.toISOString() }).toEqual(answers.find((answer) => answer.quarter === name))
    }
  })

  test('a moment that has not come, and a quarter that had not begun, are refused', async () => {
    const quarter = calendar.quarter('2026-Q1')
    await expect(loadExposure(db(), { calendar, quarters: [quarter], asOf: new Date(asOf.getTime() + 1), now: asOf })).rejects.toThrow(/a moment that has passed is expected/)
    await expect(loadExposure(db(), { calendar, quarters: [quarter], asOf: quarter.from, now: asOf })).rejects.toThrow(/a quarter that had begun by/)
  })
})

// Changes the history: last.
test('as of the same moment every format is the same bytes after whatever happens later', async () => {
  const context = { company: 'Acme Corp', version: '1.0.0' }
  const quarter = calendar.quarter('2028-Q1')
  const write = async () => {
    const report = await loadReport(db(), { calendar, quarter, asOf, now: new Date('2030-01-01T00:00:00Z') })
    return Promise.all(reportFormats.map(async (format) => Buffer.from(await writeReport(db(), report, format, context)).toString('base64')))
  }
  const before = await write()
  expect(sarifFaults(Buffer.from(before[reportFormats.indexOf('sarif')] ?? '', 'base64').toString())).toEqual([])
  const later = new Date('2027-04-01T00:00:00Z')
  const open = answers.at(-1)?.names.filter(({ state }) => state === 'open').slice(0, 20) ?? []
  const actor = { kind: 'cli', name: 'ann' } as const
  // Their rows say "open" for all: what a person does later, through the verbs.
  for (const [index, { findingId }] of open.entries()) await (index % 2 === 0 ? resolve : acknowledge)(db(), { findingId: BigInt(findingId), actor, now: later })
  await store.database.sql`insert into events (finding_id, verb, actor_kind, actor, state, facts, at) select id, 'dated', 'system', 'namesake', 'open', '{"publicSince":"2020-01-01T00:00:00Z","publicSinceIsLowerBound":false}', ${later.toISOString()} from findings`
  await store.database.sql`insert into claim_events (claim_id, state, claimable, why, signals, at) select id, 'ours', 'no', 'x', '[]', ${later.toISOString()} from claims`
  // The inventory loses all of its names but one, which gets another team; every watch is retired, and a new source watches.
  await syncInventory(db(), { lines: [{ form: 'name', kind: 'package', ecosystem: 'npm', text: 'name-0', team: 'renamed', disclose: 'name', publicOnPurpose: true, near: [], where: 'test' }], digest: 'later', now: later })
  for (const source of ['github-code', 'stack-exchange', 'greenhouse', 'hacker-news']) {
    await planWatches(db(), { source, destination: 'example.org', queries: source === 'hacker-news' ? [{ key: 'all', input: {}, text: 'all', covers: [] }] : [], unsearchable: [], checks: [], trials: new Map(), naive: 0 }, later)
  }
  await store.database.sql`update documents set url = 'changed'`
  expect(await write()).toEqual(before)
  const since = await loadReport(db(), { calendar, quarter: calendar.at(later), asOf: new Date('2027-05-01T00:00:00Z'), now: new Date('2030-01-01T00:00:00Z') })
  expect(since.exposure).toMatchObject({ coverage: { identifiers: 0 } })
})
