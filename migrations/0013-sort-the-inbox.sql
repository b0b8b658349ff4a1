-- The inbox sorts, filters and counts a hundred thousand findings within a request: what it asks of places and claims
-- is kept with the finding, by whatever judges the finding again. And their texts can be searched.

alter table findings
  add column severity_rank smallint not null generated always as (
    case severity when 'critical' then 4 when 'high' then 3 when 'medium' then 2 else 1 end) stored,
  add column ecosystem text,
  add column team text,
  add column claim_registry text,
  add column claim_state text,
  add column claimable text,
  add column places integer not null default 0,
  add column groups integer not null default 0,
  add column live_places integer not null default 0,
  add column sources text[] not null default '{}',
  add column roles text[] not null default '{}',
  add column worst_place bigint references occurrences (id),
  add column dismissed_until timestamptz,
  add constraint findings_dismissed_until check (dismissed_until is null or state = 'dismissed'),
  add constraint findings_claim_whole check ((claim_state is null) = (claimable is null) and (claim_state is null) = (claim_registry is null));
create index findings_by_severity on findings (severity_rank, first_seen_at, id);
create index findings_by_first_seen on findings (first_seen_at, id);
create index findings_by_update on findings (updated_at, id);
create index findings_dismissed_for_a_while on findings (dismissed_until) where dismissed_until is not null;
drop index findings_unsettled;

-- Whoever changes the team of a name, a synchronisation or a person: its finding has it in the same statement.
create function keep_team_of_finding() returns trigger language plpgsql as $$
begin
  update findings set team = new.team where identifier_id = new.id and team is distinct from new.team;
  return null;
end $$;
create trigger identifiers_keep_team after update of team on identifiers
  for each row when (old.team is distinct from new.team) execute function keep_team_of_finding();

update findings set ecosystem = identifiers.ecosystem, team = identifiers.team
from identifiers where identifiers.id = findings.identifier_id;
update findings set claim_registry = worst.registry, claim_state = worst.state, claimable = worst.claimable
from (
  select distinct on (identifier_id) identifier_id, registry, state, claimable from claims where asked_at is not null
  order by identifier_id, array_position(array['stranger', 'unclaimed', 'placeholder', 'unknown', 'ours'], state), registry
) worst where worst.identifier_id = findings.identifier_id;
update findings set places = known.places, groups = known.groups, live_places = known.live, sources = known.sources, roles = known.roles, worst_place = known.worst
from (
  select occurrence.finding_id, count(*)::int as places, (count(*) filter (where copy_of is null))::int as groups,
    (count(*) filter (where status in ('live', 'unknown')))::int as live,
    array_agg(distinct document.source order by document.source) as sources, array_agg(distinct occurrence.role order by occurrence.role) as roles,
    (array_agg(occurrence.id order by array_position(array['live', 'unknown', 'gone-from-head', 'gone'], status),
      array_position(array['dependency', 'own-name', 'resolved-url', 'registry-config', 'import', 'ci', 'stack-trace', 'code', 'prose'], occurrence.role), occurrence.id))[1] as worst
  from occurrences occurrence join documents document on document.id = occurrence.document_id group by occurrence.finding_id
) known where known.finding_id = findings.id;

-- A history is read by its ids, which grow with it.
drop index events_by_finding;
create index events_by_finding on events (finding_id, id);
alter table events drop constraint events_verb_check;
alter table events add constraint events_verb_check check (verb in (
  'found', 'acknowledged', 'resolved', 'dismissed', 'reopened', 'place-added', 'commented',
  'dated', 'place-gone', 'place-returned', 'proposed', 'proposal-withdrawn', 'suppressed', 'reassessed', 'unsuppressed', 'recheck-requested'));

-- A name that a person marked as public stays that, whatever the configuration says later.
alter table identifiers
  add column marked_public_at timestamptz,
  add column marked_public_by text,
  add constraint identifiers_marked_by_somebody check ((marked_public_at is null) = (marked_public_by is null)),
  add constraint identifiers_marked_public check (marked_public_at is null or public_on_purpose);

-- Words of a finding's name, places and comments, each once, in parts of some hundred.
create table finding_words (
  finding_id bigint not null references findings (id),
  part integer not null,
  words tsvector not null,
  constraint finding_words_pkey primary key (finding_id, part)
);
create index finding_words_by_word on finding_words using gin (words) with (gin_pending_list_limit = 512);
create index occurrences_by_group on occurrences (finding_id, copy_of, id);
