-- What the exposure of a past quarter depends on, and what rows that change in place would forget: who owned a name and
-- whether it was to be kept secret, which queries covered it, how severe it was, and that an ended run stays as it ended.

-- The state of an identifier after each change of it.
create table identifier_events (
  id bigint generated always as identity primary key,
  identifier_id bigint not null references identifiers (id),
  in_inventory boolean not null,
  public_on_purpose boolean not null,
  team text,
  at timestamptz not null
);
create index identifier_events_by_identifier on identifier_events (identifier_id, id);

-- From when, and until when, the results of a watch covered a name.
create table cover_events (
  id bigint generated always as identity primary key,
  watch_id bigint not null references watches (id),
  identifier_id bigint not null references identifiers (id),
  covers boolean not null,
  at timestamptz not null
);
create index cover_events_by_identifier on cover_events (identifier_id, watch_id, id);
create index cover_events_by_watch on cover_events (watch_id);

-- What is known of the time before: as it stands now, since it is there.
insert into identifier_events (identifier_id, in_inventory, public_on_purpose, team, at)
select id, pattern_id is null, public_on_purpose, team, created_at from identifiers order by id;
insert into identifier_events (identifier_id, in_inventory, public_on_purpose, team, at)
select id, false, public_on_purpose, team, retired_at from identifiers where retired_at is not null and pattern_id is null order by id;
insert into cover_events (watch_id, identifier_id, covers, at)
select cover.watch_id, cover.identifier_id, true, greatest(watch.created_at, name.created_at)
from watch_covers cover join watches watch on watch.id = cover.watch_id join identifiers name on name.id = cover.identifier_id
where watch.purpose = 'cover' order by cover.watch_id, cover.identifier_id;
insert into cover_events (watch_id, identifier_id, covers, at)
select cover.watch_id, cover.identifier_id, false, watch.retired_at
from watch_covers cover join watches watch on watch.id = cover.watch_id
where watch.purpose = 'cover' and watch.retired_at is not null order by cover.watch_id, cover.identifier_id;

create trigger identifier_events_only_grow before update or delete on identifier_events for each row execute function refuse_change_of_history();
create trigger cover_events_only_grow before update or delete on cover_events for each row execute function refuse_change_of_history();

create function refuse_change_of_ended_run() returns trigger language plpgsql as $$
begin
  raise exception 'a run that has ended stays as it ended';
end $$;
create trigger runs_stay_ended before update or delete on runs for each row
  when (old.finished_at is not null) execute function refuse_change_of_ended_run();

alter table events drop constraint events_verb_check;
alter table events add constraint events_verb_check check (verb in (
  'found', 'acknowledged', 'resolved', 'dismissed', 'reopened', 'place-added', 'commented',
  'dated', 'place-gone', 'place-returned', 'proposed', 'proposal-withdrawn', 'suppressed', 'reassessed'));
