-- What a hold, or an entry of a campaign's ledger, is about stands in columns of its own: nothing is decided by taking a text apart.
alter table hold add column campaign_id uuid, add column platform text, add column host text;
update hold set
  campaign_id = case when scope = 'campaign' then subject::uuid end,
  platform = case when scope in ('platform', 'host') then split_part(subject, '/', 1) end,
  host = case when scope = 'host' then substr(subject, strpos(subject, '/') + 1) end;
alter table hold drop constraint hold_pkey;
alter table hold drop column subject;
alter table hold add constraint hold_target_check check (
  (campaign_id is not null) = (scope = 'campaign')
  and (platform is not null) = (scope in ('platform', 'host'))
  and (host is not null) = (scope = 'host'));
-- One hold of a kind for each target. A row of the key, since the columns that make up a target are null where it has none.
alter table hold add column target text not null generated always as (
  scope || ' ' || coalesce(campaign_id::text, '') || ' ' || coalesce(platform, '') || ' ' || coalesce(host, '')) stored;
alter table hold add primary key (target, kind);

-- The platform that an event of the scope `platform` or `host` was about. The bytes that are hashed for an entry stay as they
-- were: the platform's name, and the detail behind a colon.
alter table campaign_event add column platform text;
drop trigger campaign_event_append_only on campaign_event;
update campaign_event set
  platform = split_part(detail, ':', 1),
  detail = case when strpos(detail, ': ') > 0 then substr(detail, strpos(detail, ': ') + 2) else '' end
  where scope in ('platform', 'host');
alter table campaign_event add constraint campaign_event_platform_check
  check ((platform is not null) = (scope in ('platform', 'host')));
create trigger campaign_event_append_only before update on campaign_event
  for each row execute function ledger_is_append_only();
