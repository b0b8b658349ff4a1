-- Who brought a name into the public and when, where else the same text stands, and whether it is still there.

alter table documents
  add column attribute_due_at timestamptz,
  add column attribute_progress jsonb,
  add column attribute_attempts integer not null default 0,
  add column recheck_due_at timestamptz,
  add column recheck_progress jsonb,
  add column recheck_attempts integer not null default 0,
  add column rechecked_at timestamptz,
  add column former_hashes jsonb not null default '[]';
create index documents_to_attribute on documents (source, attribute_due_at) where attribute_due_at is not null;
create index documents_to_recheck on documents (source, recheck_due_at) where recheck_due_at is not null;

create table containers (
  source text not null,
  container_id text not null,
  name text not null,
  parent_id text,
  owner jsonb not null,
  facts jsonb not null,
  checked_at timestamptz not null,
  constraint containers_pkey primary key (source, container_id)
);

alter table occurrences
  add column region_hash text,
  add column copy_of bigint references occurrences (id),
  add column copy_reason text check (copy_reason in ('same-content', 'same-region', 'fork')),
  add column introduction jsonb,
  add column status_reason text,
  add column status_at timestamptz,
  add constraint occurrences_copies_have_a_reason check ((copy_of is null) = (copy_reason is null));
create index occurrences_by_region on occurrences (finding_id, region_hash);

alter table findings
  add column proposed_at timestamptz,
  add column proposed_reason text,
  add column dismissed_in_places boolean not null default false,
  add constraint findings_proposed_with_a_reason check ((proposed_at is null) = (proposed_reason is null));

create table suppressions (
  id bigint generated always as identity primary key,
  finding_id bigint not null references findings (id),
  scope text not null check (scope in ('content', 'region')),
  hash text not null,
  reason text not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create unique index suppressions_in_force on suppressions (finding_id, scope, hash) where ended_at is null;
create index suppressions_by_expiry on suppressions (expires_at) where ended_at is null;

alter table events drop constraint events_verb_check;
alter table events add constraint events_verb_check check (verb in (
  'found', 'acknowledged', 'resolved', 'dismissed', 'reopened', 'place-added', 'commented',
  'dated', 'place-gone', 'place-returned', 'proposed', 'proposal-withdrawn', 'suppressed'));

-- Places that are known already are looked at as new ones would be.
update documents set attribute_due_at = last_seen_at, recheck_due_at = last_seen_at
where exists (select 1 from occurrences where occurrences.document_id = documents.id);
