-- The inbox counts a hundred thousand findings under every choice of every filter: from one narrow index, which has each
-- finding in numbers. Measured: text and arrays cost three times as much.

-- Sets of sources that findings were found in, each once.
create table source_sets (
  id integer generated always as identity primary key,
  sources text[] not null,
  constraint source_sets_identity unique (sources)
);
insert into source_sets (sources) select distinct sources from findings;
insert into source_sets (sources) values ('{}') on conflict do nothing;

alter table findings
  add column source_set integer references source_sets (id),
  -- A bit for each role of a place, in the order of the roles.
  add column role_bits smallint not null default 0;
update findings set source_set = source_sets.id,
  role_bits = (select coalesce(sum(1 << (array_position(array['dependency', 'own-name', 'resolved-url', 'registry-config', 'import', 'ci', 'stack-trace', 'code', 'prose'], role) - 1)), 0) from unnest(roles) role)
from source_sets where source_sets.sources = findings.sources;
alter table findings
  drop column sources,
  drop column roles,
  -- State, severity, state of the claim, claimable, proposed: two, two, three, two bits and one.
  add column facets smallint not null generated always as (
    case state when 'open' then 0 when 'acknowledged' then 1 when 'resolved' then 2 else 3 end
    | case severity when 'critical' then 0 when 'high' then 4 when 'medium' then 8 else 12 end
    | case claim_state when 'unclaimed' then 16 when 'ours' then 32 when 'placeholder' then 48 when 'stranger' then 64 when 'unknown' then 80 else 0 end
    | case claimable when 'yes' then 128 when 'no' then 256 when 'unknown' then 384 else 0 end
    | case when proposed_at is null then 0 else 512 end) stored;
create index findings_in_numbers on findings (facets, ecosystem, team, assignee, role_bits, source_set, id);

-- The words themselves are read only by whoever adds some: kept apart, a search that finds many reads little.
alter table finding_words set (toast_tuple_target = 128);
