-- Every delivery is changed twice within the burst. Room on its page, and no index on what changes, keep those changes in place;
-- so there is no index by state, and `due_at` is null while nothing is to come by itself.
drop index delivery_due;
drop index delivery_state;
alter table delivery set (fillfactor = 50);
alter table delivery alter column due_at drop not null;
update delivery set due_at = null
  where due_at = 'infinity' or state not in ('waiting', 'unconfirmed', 'armed') or (state = 'armed' and shard_id is not null);
-- The sweep gathers those whose turn has come into new shards, and reconciles the unconfirmed.
create index delivery_due on delivery (due_at) where due_at is not null;
-- Totals of a campaign.
create index delivery_campaign on delivery (campaign_id);

-- What may not be sent now, and who said so. Asked for with every dispatch mark, so that it holds for every worker at once.
create table hold (
  scope   text not null check (scope in ('campaign', 'platform', 'instance')),
  -- A campaign's id, a platform's name, or '' for the instance.
  subject text not null,
  -- `paused` by an operator, `broken` by us at an answer that only the operator can mend, `throttled` by the platform.
  kind    text not null check (kind in ('paused', 'broken', 'throttled')),
  actor   text not null,
  reason  text not null,
  at      timestamptz not null default clock_timestamp(),
  -- It ends by itself then; null: only when somebody resumes.
  until   timestamptz,
  primary key (scope, subject, kind)
);

-- What people did to a delivery under way. With the attempts it is the ledger of a campaign.
create table campaign_event (
  id          bigint generated always as identity primary key,
  campaign_id uuid not null,
  at          timestamptz not null default clock_timestamp(),
  actor       text not null,
  action      text not null check (action in ('paused', 'resumed', 'aborted', 'broken')),
  scope       text not null check (scope in ('campaign', 'platform', 'instance')),
  detail      text not null,
  position    bigint,
  hash        text
);
-- The seal: position and hash of an entry in its campaign's chain. Null until it has been sealed, and set only once.
alter table attempt add column position bigint, add column hash text;
-- The sealer takes them in the order of time.
create index attempt_unsealed on attempt (campaign_id, answered_at, id) where hash is null;
create index campaign_event_unsealed on campaign_event (campaign_id, at, id) where hash is null;
-- An export reads a campaign's entries in their order.
create unique index attempt_position on attempt (campaign_id, position) where position is not null;
create unique index campaign_event_position on campaign_event (campaign_id, position) where position is not null;
create table ledger_head (
  campaign_id uuid primary key,
  position    bigint not null,
  hash        text not null
);
drop trigger attempt_append_only on attempt;
drop function attempt_is_append_only();
create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  if old.hash is null and new.hash is not null
    and to_jsonb(old) - 'position' - 'hash' = to_jsonb(new) - 'position' - 'hash' then
    return new;
  end if;
  raise exception 'the ledger is appended to, never changed';
end $$;
create trigger attempt_append_only before update on attempt
  for each row execute function ledger_is_append_only();
create trigger campaign_event_append_only before update on campaign_event
  for each row execute function ledger_is_append_only();

-- When the platform last took this grant.
alter table credential add column checked_at timestamptz;
-- Preflight: which live credentials have not been looked at since a given time.
create index credential_unchecked on credential (campaign_id, checked_at) where state = 'live';

-- Whether a platform takes this instance's app, as found last.
create table platform_check (
  platform   text primary key,
  checked_at timestamptz not null,
  ok         boolean not null,
  detail     text not null
);
