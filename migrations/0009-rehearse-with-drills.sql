-- A drill: a made-up name, planted in public on purpose, and how long it takes until it is found, told and acknowledged.

alter table identifiers drop constraint identifiers_origin_check;
alter table identifiers add constraint identifiers_origin_check check (origin in ('inventory', 'accepted', 'drill'));

create table drills (
  id bigint generated always as identity primary key,
  identifier_id bigint not null references identifiers (id),
  token text not null,
  find_within_seconds integer not null check (find_within_seconds > 0),
  acknowledge_within_seconds integer not null check (acknowledge_within_seconds > 0),
  started_by text not null,
  started_at timestamptz not null,
  planted_at timestamptz,
  planted_url text,
  ended_at timestamptz,
  constraint drills_identity unique (identifier_id),
  constraint drills_token unique (token)
);
