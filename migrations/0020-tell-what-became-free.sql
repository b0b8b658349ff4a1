-- A leaked name that was held and that anybody can publish now is news too.
alter table claim_events drop constraint claim_events_news_check;
alter table claim_events add constraint claim_events_news_check check (news in ('taken', 'version-above', 'install-time-code', 'freed'));
