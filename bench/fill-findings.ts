import type { Database } from '../src/db/client.ts'
import { indexMissing } from '../src/findings/index-words.ts'

export interface Extent {
  readonly findings: number
  readonly places: number
}

/** Places of finding 1, which is there to be looked at. */
export const mostPlaces = 5_000

/**
 * A company's findings after some years, made up, always the same: names of a few hundred words in nine ecosystems, most
 * of them with a handful of places and some with thousands, two fifths of them copies; documents shared by several
 * names; a history of each.
 */
export async function fill({ db, sql }: Database, { findings, places }: Extent, log: (step: string) => void): Promise<void> {
  const words = ['auth', 'billing', 'client', 'core', 'gateway', 'ledger', 'payments', 'search', 'report', 'inventory', 'shipping', 'router', 'metrics', 'profile', 'session', 'catalog', 'quote', 'pricing', 'refund', 'invoice', 'identity', 'mailer', 'queue', 'worker', 'batch', 'scheduler', 'template', 'render', 'design', 'tokens', 'utils', 'schema', 'proto', 'events', 'stream', 'cache', 'proxy', 'config', 'secrets', 'vault', 'audit', 'consent', 'fraud', 'risk', 'score', 'model', 'feature', 'store', 'loader', 'export', 'import', 'sync', 'bridge', 'adapter', 'legacy', 'mobile', 'web', 'desktop', 'kiosk', 'partner', 'merchant', 'wallet', 'card', 'loyalty']
  await sql.begin(async (tx) => {
    await tx.unsafe(`set local synchronous_commit = off; set local work_mem = '256MB'; set local maintenance_work_mem = '256MB'`).simple()
    // A multiplicative hash: spread like chance, the same every time.
    await tx.unsafe(`
      create function pick(seed bigint, salt bigint, n bigint) returns bigint language sql immutable parallel safe as $$
        select abs(hashint8extended(seed, salt)) % n $$;
      create function word(seed bigint, salt bigint) returns text language sql immutable parallel safe as $$
        select (array['${words.join("','")}'])[1 + pick(seed, salt, ${words.length})] $$;`).simple()
    log('identifiers')
    await tx.unsafe(`
      insert into identifiers (form, kind, ecosystem, name, key, team, disclose, public_on_purpose, near, created_at)
      select 'name', case when r < 97 then 'package' else 'codename' end, e,
        case e when 'npm' then '@acme-corp/' || w || '-' || i when 'maven' then 'com.acmecorp.' || word(i, 1) || ':' || w || '-' || i when 'pypi' then 'acme_corp_' || replace(w, '-', '_') || '_' || i
          when 'nuget' then 'AcmeCorp.' || initcap(word(i, 1)) || '.' || initcap(word(i, 2)) || i when 'go' then 'git.acme-corp.com/' || word(i, 1) || '/' || w || i
          else 'acme-corp-' || w || '-' || i end,
        'k' || i, case when pick(i, 4, 20) = 0 then null else 'team-' || (pick(i, 5, 7) * pick(i, 6, 7)) end, 'name', false, '[]', timestamptz '2024-01-01' + i * interval '10 minutes'
      from (select i, pick(i, 3, 100) as r, word(i, 1) || '-' || word(i, 2) as w,
        case when pick(i, 3, 100) < 45 then 'npm' when pick(i, 3, 100) < 65 then 'pypi' when pick(i, 3, 100) < 80 then 'maven' when pick(i, 3, 100) < 88 then 'nuget' when pick(i, 3, 100) < 91 then 'go'
          when pick(i, 3, 100) < 93 then 'rubygems' when pick(i, 3, 100) < 95 then 'docker' when pick(i, 3, 100) < 97 then 'crates' end as e
        from generate_series(1, ${findings}::bigint) i) made`).simple()
    log('findings')
    await tx.unsafe(`
      insert into findings (identifier_id, state, dismissed_reason, severity, reasons, first_seen_at, public_since, public_since_is_lower_bound, proposed_at, proposed_reason, acknowledged_at, resolved_at, updated_at)
      select i.id, s, case s when 'dismissed' then (array['not-ours', 'test-data', 'accepted-risk', 'other', 'tutorial, the name is invented'])[1 + pick(i.id, 12, 5)] end,
        case when v < 8 then 'critical' when v < 38 then 'high' when v < 75 then 'medium' else 'low' end,
        '["declared as a dependency in a public file: a build that resolves it from the public registry installs whatever a stranger publishes under this name", "the name is free in the public registry: anybody can publish it today"]',
        seen, seen - pick(i.id, 14, 400) * interval '1 day', pick(i.id, 15, 3) = 0,
        case when p then seen + interval '90 days' end, case when p then 'no place is public any more' end,
        case when s in ('acknowledged', 'resolved') then seen + interval '1 day' end, case when s = 'resolved' then seen + interval '9 days' end, seen + pick(i.id, 16, 300) * interval '1 day'
      from (select id, pick(id, 10, 100) as q, pick(id, 11, 100) as v, timestamptz '2025-01-01' + pick(id, 13, 60000000) * interval '1 second' as seen,
          case when pick(id, 10, 100) < 30 then 'open' when pick(id, 10, 100) < 40 then 'acknowledged' when pick(id, 10, 100) < 75 then 'resolved' else 'dismissed' end as s,
          pick(id, 10, 100) < 40 and pick(id, 17, 12) = 0 as p from identifiers) i`).simple()
    log('documents')
    const documents = Math.ceil(places * 0.45)
    await tx.unsafe(`
      insert into documents (source, ref, revision, content_hash, url, line_anchor, title, container_id, container_name, owner, path, author, truncated, matched_with, first_seen_at, last_seen_at, recheck_due_at)
      select s, 'R' || d || ':' || path, sha, md5('content' || d), 'https://github.example/' || repo || '/blob/' || sha || '/' || path, '#L', repo || '/' || path, 'R' || r, repo, split_part(repo, '/', 1), path, null, false, 'm1',
        timestamptz '2025-01-01', timestamptz '2026-11-01', timestamptz '2026-12-01'
      from (select d, r, md5('revision' || d) || '01234567' as sha, 'dev' || pick(r, 21, 30000) || '/' || word(r, 22) || '-' || word(r, 23) || '-' || r as repo,
          (array['package.json', 'package-lock.json', 'requirements.txt', 'pom.xml', 'src/main.ts', 'Dockerfile', '.github/workflows/build.yml', 'README.md'])[1 + pick(d, 24, 8)] as file,
          case when pick(d, 25, 2) = 0 then '' else word(d, 26) || '/' end || (array['package.json', 'package-lock.json', 'requirements.txt', 'pom.xml', 'src/' || word(d, 27) || '.ts', 'Dockerfile', '.github/workflows/build.yml', 'docs/' || word(d, 27) || '.md'])[1 + pick(d, 24, 8)] as path,
          (array['github-code', 'github-code', 'github-code', 'github-code', 'github-code', 'github-code', 'github-code', 'github-commits', 'github-issues', 'github-gists', 'stack-exchange', 'greenhouse', 'github-repositories', 'github-code', 'hacker-news', 'web-assets'])[1 + pick(d, 28, 16)] as s
        from (select d, pick(d, 20, greatest(1, ${documents} / 6)) as r from generate_series(1, ${documents}::bigint) d) numbered) made`).simple()
    log('occurrences')
    // Finding 1 has 5,000; one in a thousand some hundred; the others a handful each.
    await tx.unsafe(`
      create temporary table place_of on commit drop as
      with wanted as (
        select id, case when id = 1 then ${mostPlaces} when id % 1000 = 7 then 300 + pick(id, 30, 900) else 1 + pick(id, 31, 5) * pick(id, 32, 5) + pick(id, 33, 5) end as n from findings
      ), scaled as (select id, greatest(1, case when id = 1 then n else (n * (${places} - ${mostPlaces})::float8 / (select sum(n) from wanted where id > 1))::int end) as n from wanted)
      select id as finding_id, k, (hashint8extended(id, 40) & 2147483647) % ${documents} as d0 from scaled cross join lateral generate_series(0, n - 1) k`).simple()
    await tx.unsafe(`
      insert into occurrences (finding_id, document_id, line, "column", role, details, snippet, mentions, mention_count, content_hash, status, author, introduced_at, first_seen_at, last_seen_at, region_hash)
      select p.finding_id, d.id, 1 + pick(d.id, 41, 400), 5, role, '{"version": "^1.4.0"}',
        case role when 'dependency' then '    "' || i.name || '": "^1.' || pick(d.id, 42, 90) || '.0",  "' || word(d.id, 43) || '": "^2.0.1",' when 'import' then 'import { create' || initcap(word(d.id, 44)) || ' } from ''' || i.name || '/' || word(d.id, 45) || ''''
          else word(d.id, 46) || ' ' || word(d.id, 47) || ' uses ' || i.name || ' for ' || word(d.id, 48) || ', see ticket ' || pick(d.id, 49, 90000) end,
        jsonb_build_array(jsonb_build_object('line', 1 + pick(d.id, 41, 400), 'column', 5, 'role', role)), 1, d.content_hash,
        (array['live', 'live', 'live', 'live', 'live', 'live', 'live', 'gone', 'gone-from-head', 'unknown'])[1 + pick(p.finding_id * 31 + p.k, 50, 10)],
        'dev' || pick(d.id, 51, 30000), f.first_seen_at, f.first_seen_at + p.k * interval '1 hour', timestamptz '2026-11-01', md5(p.finding_id || 'region' || p.k / 2)
      from place_of p join findings f on f.id = p.finding_id join identifiers i on i.id = f.identifier_id
      join documents d on d.id = 1 + (p.d0 + p.k * 7) % ${documents}
      cross join lateral (select (array['dependency', 'dependency', 'dependency', 'dependency', 'import', 'import', 'resolved-url', 'code', 'prose', 'ci', 'registry-config', 'stack-trace', 'own-name'])[1 + pick(p.finding_id * 17 + p.k, 52, 13)] as role) chosen
      order by p.finding_id, p.k`).simple()
    log('copies')
    await tx.unsafe(`
      update occurrences set copy_of = original.first, copy_reason = 'same-region'
      from (select finding_id, min(id) as first from occurrences group by finding_id) original
      where original.finding_id = occurrences.finding_id and occurrences.id > original.first and pick(occurrences.id, 55, 5) < 2`).simple()
    log('claims')
    await tx.unsafe(`
      insert into claims (identifier_id, registry, state, claimable, why, facts, signals, told_at, asked_at, requests, created_at)
      select id, ecosystem, s, case s when 'unclaimed' then 'yes' when 'unknown' then 'unknown' else 'no' end, 'the registry has nothing under this name', null, '[]',
        case when s = 'unknown' then null else timestamptz '2026-11-01' end, timestamptz '2026-11-01', 2, created_at
      from (select *, case when pick(id, 60, 100) < 60 then 'unclaimed' when pick(id, 60, 100) < 80 then 'ours' when pick(id, 60, 100) < 88 then 'placeholder' when pick(id, 60, 100) < 92 then 'stranger' else 'unknown' end as s
        from identifiers where ecosystem in ('npm', 'pypi', 'maven', 'nuget', 'rubygems', 'crates', 'go') and pick(id, 61, 10) > 0) asked;
      insert into claim_events (claim_id, state, claimable, why, facts, signals, news, at)
      select id, state, claimable, why, null, '[]', null, timestamptz '2026-10-01' + n * interval '3 days' from claims cross join generate_series(0, 2) n;`).simple()
    log('coverage, suppressions')
    await tx.unsafe(`
      insert into coverage (identifier_id, source, complete_at, attempted_at, counted, seen, gap)
      select id, s, timestamptz '2026-11-01', timestamptz '2026-11-01', 10, 10, case when pick(id, 65, 20) = 0 then 'partial: more results than the search shows' end
      from identifiers cross join unnest(array['github-code', 'github-commits', 'github-issues', 'stack-exchange', 'greenhouse']) s;
      insert into suppressions (finding_id, scope, hash, reason, created_by, created_at, expires_at)
      select finding_id, 'content', content_hash, 'our own talk', 'user: Ann', timestamptz '2026-10-01', timestamptz '2027-10-01' from occurrences where pick(id, 66, 200) = 0
      on conflict do nothing;`).simple()
    log('events')
    await tx.unsafe(`
      insert into events (finding_id, verb, actor_kind, actor, state, reason, facts, at)
      select finding_id, verb, kind, actor, state, reason, facts, at from (
        select o.finding_id, case when o.copy_of is null and row_number() over (partition by o.finding_id order by o.id) = 1 then 'found' else 'place-added' end as verb, 'system' as kind, 'namesake' as actor, 'open' as state, null as reason,
          jsonb_build_object('identifier', i.name, 'kind', i.kind, 'ecosystem', i.ecosystem, 'team', i.team, 'source', d.source, 'role', o.role, 'occurrenceId', o.id::text, 'severity', f.severity, 'publicSince', f.public_since, 'publicSinceIsLowerBound', f.public_since_is_lower_bound) as facts, o.first_seen_at as at
        from occurrences o join findings f on f.id = o.finding_id join identifiers i on i.id = f.identifier_id join documents d on d.id = o.document_id
        union all select id, 'acknowledged', 'user', 'Ann', 'acknowledged', null, jsonb_build_object('comment', 'I look at ' || word(id, 70)), acknowledged_at from findings where acknowledged_at is not null
        union all select id, 'resolved', 'user', 'Ben', 'resolved', null, jsonb_build_object('comment', case when pick(id, 71, 1000) = 0 then 'taken down after a zeppelin call' else 'taken down' end), resolved_at from findings where resolved_at is not null
        union all select id, 'dismissed', 'user', 'Ann', 'dismissed', dismissed_reason, '{}', first_seen_at + interval '2 days' from findings where state = 'dismissed'
      ) happened order by at`).simple()
    log('what is kept with a finding')
    await tx.unsafe(keepSql).simple()
  })
  log('analyze')
  await sql`analyze`
  for (let written = 0; ;) {
    const batch = await indexMissing(db, { most: 2_000 })
    written += batch
    if (written % 20_000 === 0 || batch < 2_000) log(`words of ${written} findings`)
    if (batch < 2_000) break
  }
  await sql`vacuum analyze`
}

/** What `reassess` keeps, of all findings at once. */
const keepSql = `
  insert into source_sets (sources) select distinct array_agg(distinct d.source order by d.source) from occurrences o join documents d on d.id = o.document_id group by o.finding_id on conflict do nothing;
  update findings set ecosystem = name.ecosystem, team = name.team, claim_registry = claim.registry, claim_state = claim.state, claimable = claim.claimable,
    places = known.places, groups = known.groups, live_places = known.live, role_bits = known.role_bits, source_set = known.source_set, worst_place = known.worst
  from (
    select o.finding_id, count(*)::int as places, (count(*) filter (where copy_of is null))::int as groups, (count(*) filter (where status in ('live', 'unknown')))::int as live,
      (select id from source_sets where sources = array_agg(distinct d.source order by d.source)) as source_set,
      bit_or(1 << (array_position(array['dependency', 'own-name', 'resolved-url', 'registry-config', 'import', 'ci', 'stack-trace', 'code', 'prose'], o.role) - 1)) as role_bits, min(o.id) as worst
    from occurrences o join documents d on d.id = o.document_id group by o.finding_id
  ) known, identifiers name left join claims claim on claim.identifier_id = name.id
  where known.finding_id = findings.id and name.id = findings.identifier_id`
