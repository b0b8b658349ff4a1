-- Names that are probably ours although no line of the inventory covers them, and lines that were accepted from them.

alter table identifiers add column origin text not null default 'inventory' check (origin in ('inventory', 'accepted'));

create table inferred (
  id bigint generated always as identity primary key,
  kind text not null,
  ecosystem text,
  name text not null,
  key text not null,
  reason text not null,
  weak boolean not null,
  state text not null check (state in ('candidate', 'accepted', 'rejected')),
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  decision_reason text,
  constraint inferred_identity unique nulls not distinct (kind, ecosystem, key),
  constraint inferred_decided_by_somebody check ((state = 'candidate') = (decided_at is null) and (decided_at is null) = (decided_by is null)),
  constraint inferred_rejected_with_a_reason check (state <> 'rejected' or decision_reason is not null)
);
create index inferred_undecided on inferred (weak, first_seen_at) where state = 'candidate';

create table inferred_places (
  inferred_id bigint not null references inferred (id),
  document_id bigint not null references documents (id),
  line integer not null,
  reason text not null,
  first_seen_at timestamptz not null,
  constraint inferred_places_pkey primary key (inferred_id, document_id)
);
create index inferred_places_by_document on inferred_places (document_id);
