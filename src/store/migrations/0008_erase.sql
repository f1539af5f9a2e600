-- Erasing: what names a person goes at once. What is left of their pledge is a row that tells of nobody, which the totals of a
-- delivery under way stand on.
alter table pledge add column erased boolean not null default false;

-- The id of a post is in no hash of the ledger, so that it can go without breaking the chain; nothing else can.
create or replace function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  if old.hash is null and new.hash is not null
    and to_jsonb(old) - 'position' - 'hash' = to_jsonb(new) - 'position' - 'hash' then
    return new;
  end if;
  if to_jsonb(new) ->> 'remote_id' is null and to_jsonb(old) - 'remote_id' = to_jsonb(new) - 'remote_id' then
    return new;
  end if;
  raise exception 'the ledger is appended to, never changed';
end $$;

-- Erasing a receipt takes the authorizations under way with it, and their texts.
create index oauth_flow_intent on oauth_flow (intent_id);
