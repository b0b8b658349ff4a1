-- Inventory, runs, findings, notices: the tables of src/db/schema, one family a file there.

create table identifiers (
  id bigint generated always as identity primary key,
  form text not null check (form in ('name', 'prefix', 'regex')),
  kind text not null,
  ecosystem text,
  name text not null,
  key text not null,
  team text,
  disclose text not null check (disclose in ('name', 'stem', 'never')),
  public_on_purpose boolean not null,
  near jsonb not null,
  pattern_id bigint references identifiers (id),
  created_at timestamptz not null,
  retired_at timestamptz,
  constraint identifiers_identity unique nulls not distinct (form, kind, ecosystem, key)
);
create index identifiers_current on identifiers (form) where retired_at is null;

create table settings (
  key text primary key,
  value jsonb not null,
  changed_at timestamptz not null
);

create table processes (
  id text primary key,
  name text not null,
  host text not null,
  started_at timestamptz not null,
  beat_at timestamptz not null
);
create unique index processes_by_name on processes (name, id);

create table watches (
  id bigint generated always as identity primary key,
  source text not null,
  key text not null,
  input jsonb not null,
  query text not null,
  created_at timestamptz not null,
  retired_at timestamptz,
  constraint watches_identity unique (source, key)
);

create table watch_covers (
  watch_id bigint not null references watches (id),
  identifier_id bigint not null references identifiers (id),
  constraint watch_covers_pkey primary key (watch_id, identifier_id)
);
create index watch_covers_by_identifier on watch_covers (identifier_id);

create table runs (
  id bigint generated always as identity primary key,
  watch_id bigint not null references watches (id),
  tick timestamptz not null,
  trigger text not null check (trigger in ('schedule', 'sweep')),
  outcome text check (outcome in ('complete', 'partial', 'throttled', 'failed', 'interrupted')),
  reason text,
  counted integer,
  seen integer not null default 0,
  unread integer not null default 0,
  pages integer not null default 0,
  requests integer not null default 0,
  started_at timestamptz not null,
  finished_at timestamptz,
  constraint runs_identity unique (watch_id, tick),
  constraint runs_end_with_an_outcome check ((finished_at is null) = (outcome is null))
);
create unique index runs_unfinished on runs (watch_id) where finished_at is null;
create index runs_by_watch on runs (watch_id, finished_at);

create table steps (
  id bigint generated always as identity primary key,
  run_id bigint not null references runs (id),
  kind text not null check (kind in ('search', 'fetch')),
  source text not null,
  key text not null,
  input jsonb not null,
  state text not null check (state in ('pending', 'done', 'failed')),
  reason text,
  created_at timestamptz not null,
  ended_at timestamptz,
  constraint steps_identity unique (run_id, kind, key)
);
create index steps_pending on steps (source, kind) where state = 'pending';

create table coverage (
  identifier_id bigint not null references identifiers (id),
  source text not null,
  complete_at timestamptz,
  attempted_at timestamptz,
  counted integer,
  seen integer,
  gap text,
  constraint coverage_pkey primary key (identifier_id, source)
);

create table documents (
  id bigint generated always as identity primary key,
  source text not null,
  ref text not null,
  revision text not null,
  content_hash text not null,
  url text not null,
  line_anchor text not null,
  title text not null,
  container_id text not null,
  container_name text not null,
  owner text,
  path text,
  author text,
  published_at timestamptz,
  truncated boolean not null,
  matched_with text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  constraint documents_identity unique (source, ref)
);
create index documents_by_content on documents (content_hash);

create table findings (
  id bigint generated always as identity primary key,
  identifier_id bigint not null references identifiers (id),
  state text not null check (state in ('open', 'acknowledged', 'resolved', 'dismissed')),
  dismissed_reason text,
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  reasons jsonb not null,
  first_seen_at timestamptz not null,
  public_since timestamptz not null,
  public_since_is_lower_bound boolean not null,
  acknowledged_at timestamptz,
  resolved_at timestamptz,
  updated_at timestamptz not null,
  constraint findings_identity unique (identifier_id),
  constraint findings_dismissed_with_a_reason check ((state = 'dismissed') = (dismissed_reason is not null))
);
create index findings_unsettled on findings (severity, first_seen_at) where state in ('open', 'acknowledged');

create table occurrences (
  id bigint generated always as identity primary key,
  finding_id bigint not null references findings (id),
  document_id bigint not null references documents (id),
  line integer not null,
  "column" integer not null,
  role text not null,
  details jsonb not null,
  snippet text not null,
  mentions jsonb not null,
  mention_count integer not null,
  content_hash text not null,
  status text not null check (status in ('live', 'gone', 'gone-from-head', 'unknown')),
  author text,
  introduced_at timestamptz,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  constraint occurrences_identity unique (finding_id, document_id)
);
create index occurrences_by_document on occurrences (document_id);
create index occurrences_by_content on occurrences (finding_id, content_hash);

create table sightings (
  run_id bigint not null references runs (id),
  document_id bigint not null references documents (id),
  seen_at timestamptz not null,
  constraint sightings_pkey primary key (run_id, document_id)
);

create table events (
  id bigint generated always as identity primary key,
  finding_id bigint not null references findings (id),
  verb text not null check (verb in ('found', 'acknowledged', 'resolved', 'dismissed', 'reopened', 'place-added', 'commented')),
  actor_kind text not null check (actor_kind in ('system', 'cli', 'user', 'slack', 'token')),
  actor text not null,
  state text not null check (state in ('open', 'acknowledged', 'resolved', 'dismissed')),
  reason text,
  facts jsonb not null,
  at timestamptz not null
);
create index events_by_finding on events (finding_id, at);
create index events_by_time on events (at);

-- The history is the proof: it only grows.
create function refuse_change_of_history() returns trigger language plpgsql as $$
begin
  raise exception 'events are append-only';
end $$;
create trigger events_only_grow before update or delete on events for each row execute function refuse_change_of_history();

create table notices (
  id bigint generated always as identity primary key,
  channel text not null,
  kind text not null check (kind in ('leaked', 'reopened', 'place', 'baseline')),
  key text not null,
  finding_id bigint references findings (id),
  occurrence_id bigint references occurrences (id),
  state text not null check (state in ('pending', 'delivered', 'dead')),
  attempts integer not null default 0,
  reason text,
  created_at timestamptz not null,
  delivered_at timestamptz,
  constraint notices_identity unique (channel, kind, key)
);
create index notices_pending on notices (channel, id) where state = 'pending';
