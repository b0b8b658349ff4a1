-- The numbers of the service count what was added since the last time, not everything.

create index runs_by_end on runs (finished_at) where finished_at is not null;
create index documents_by_first_seen on documents (first_seen_at);
create index notices_delivered on notices (delivered_at) where state = 'delivered';
create index notices_dead on notices (channel) where state = 'dead';
create index claims_by_state on claims (registry, state, claimable) where asked_at is not null;
