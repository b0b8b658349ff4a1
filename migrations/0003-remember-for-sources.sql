-- What sources keep between requests, and what a document needs to be looked at again.

create table source_memory (
  source text not null,
  key text not null,
  value jsonb not null,
  changed_at timestamptz not null,
  constraint source_memory_pkey primary key (source, key)
);

alter table documents add column published_at_is_lower_bound boolean not null default false;
alter table documents add column licence text;
alter table documents add column locator jsonb;
