-- What leads to a person, or is their words, is sealed from its first byte. What stood in clear waits in `unsealed`, see 0012.
create table if not exists unsealed (
  id          bigint generated always as identity primary key,
  kind        text not null,
  campaign_id uuid,
  platform    text not null default '',
  row_id      text not null default '',
  value       jsonb not null default '{}'
);

-- A pledge: the account, and what was agreed to. Empty when it has been erased.
insert into unsealed (kind, campaign_id, platform, row_id, value)
  select 'pledge', campaign_id, platform, id::text, jsonb_build_object('account', encode(account, 'hex'), 'locale', locale,
    'text', text, 'textHash', text_hash, 'scope', scope, 'policyVersion', policy_version)
  from pledge where not erased;
alter table pledge add column sealed bytea not null default '';
alter table pledge alter column sealed drop default, drop column account, drop column locale, drop column text,
  drop column text_hash, drop column scope, drop column policy_version;

-- The words that somebody has chosen, and the language of their pages.
delete from intent where expires_at < clock_timestamp();
insert into unsealed (kind, campaign_id, row_id, value)
  select 'intent', campaign_id, id::text, jsonb_build_object('locale', locale, 'words',
    jsonb_build_object('textLocale', text_locale, 'variant', variant, 'own', own, 'typed', typed))
  from intent;
alter table intent add column sealed bytea not null default '';
alter table intent alter column sealed drop default, drop column locale, drop column text_locale, drop column variant,
  drop column own, drop column typed;

-- An authorization under way: its words, and what the platform wants back. Those under way at the change begin anew.
delete from oauth_flow;
alter table oauth_flow drop column locale, drop column text_locale, drop column text, drop column verifier,
  add column sealed bytea not null;

-- A post: its id at the platform and its address; and what a step before the moment gave.
insert into unsealed (kind, campaign_id, platform, row_id, value)
  select 'delivery', campaign_id, platform, id::text, jsonb_build_object('id', remote_id, 'url', url, 'staged', staged)
  from delivery where remote_id is not null or url is not null or staged is not null;
alter table delivery add column sealed bytea, drop column remote_id, drop column url, drop column staged,
  add column sealed_stage bytea;

-- The ledger holds no post; the delivery does.
create or replace function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  if old.hash is null and new.hash is not null
    and to_jsonb(old) - 'position' - 'hash' = to_jsonb(new) - 'position' - 'hash' then
    return new;
  end if;
  raise exception 'the ledger is appended to, never changed';
end $$;
alter table attempt drop column remote_id;

-- What is remembered of a server stands under a keyed hash: a server of one person names that person.
insert into unsealed (kind, platform, value)
  select 'note', platform, jsonb_build_object('key', key, 'sealed', encode(sealed, 'hex')) from platform_note;
delete from platform_note;
alter table platform_note drop column key, add column key_hash bytea not null;
alter table platform_note add primary key (platform, key_hash);

-- Addresses are sealed already, under what is now the key for grants.
insert into unsealed (kind, campaign_id, row_id, value)
  select 'reminder', campaign_id, id::text, jsonb_build_object('address', encode(address, 'hex'))
  from reminder where address is not null;

-- Which rule gives a post the key that the platform knows it by: 1, a hash of the delivery's id, for what was locked by then;
-- 2, keyed, so that nobody else can compute it.
alter table campaign add column post_key_rule integer not null default 1 check (post_key_rule in (1, 2));
alter table campaign alter column post_key_rule set default 2;
update campaign set post_key_rule = 2 where locked_at is null;

do $$ begin
  if not exists (select 1 from unsealed) then drop table unsealed; end if;
end $$;
