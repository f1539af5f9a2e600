-- Two keys a campaign: one for the grants, one for all else that leads to a person. What a campaign had is its key for grants.
alter table campaign_key
  add column purpose text not null default 'grants' check (purpose in ('grants', 'receipts'));
alter table campaign_key alter column purpose drop default;
alter table campaign_key drop constraint campaign_key_pkey, add primary key (campaign_id, purpose);

-- What SQL cannot seal waits here for src/store/seal-old-rows.ts, which drops the table before anything else of an instance starts.
create table unsealed (
  id          bigint generated always as identity primary key,
  -- What is to be done; `keys`: make those that the campaign lacks.
  kind        text not null,
  campaign_id uuid,
  platform    text not null default '',
  row_id      text not null default '',
  value       jsonb not null default '{}'
);
insert into unsealed (kind, campaign_id) select 'keys', campaign_id from campaign_key where wrapped is not null;
insert into campaign_key (campaign_id, purpose, master_key_id, wrapped, destroyed_at)
  select campaign_id, 'receipts', master_key_id, null, destroyed_at from campaign_key where wrapped is null;
do $$ begin
  if not exists (select 1 from unsealed) then drop table unsealed; end if;
end $$;
