-- A host that is broken has its place in the ledger, too; without it neither the entry nor the hold was written.
alter table campaign_event drop constraint campaign_event_scope_check;
alter table campaign_event add constraint campaign_event_scope_check
  check (scope in ('campaign', 'platform', 'host', 'instance'));
