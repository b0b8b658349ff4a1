-- Clicks in Slack, stored before they are acknowledged. Only ids of what was clicked, and by whom.

create table interactions (
  id bigint generated always as identity primary key,
  key text not null,
  action text not null check (action in ('acknowledge', 'assign', 'ask-reason', 'dismiss')),
  finding_id bigint not null,
  user_id text not null,
  room text not null,
  ts text not null,
  thread_ts text,
  reason text,
  trigger_id text,
  response_url text,
  state text not null check (state in ('pending', 'done', 'refused', 'failed')),
  tells text,
  received_at timestamptz not null,
  settled_at timestamptz,
  constraint interactions_identity unique (key)
);
create index interactions_pending on interactions (id) where state = 'pending';
