-- The records. Postgres is the truth; whatever the queue knows can be made again from here.

create table campaign (
  id            uuid primary key,
  slug          text not null unique,
  state         text not null check (state in ('draft', 'in_review', 'open', 'locked', 'firing', 'settled',
                                               'rejected', 'cancelled', 'aborted', 'missed_goal')),
  content       jsonb not null,
  moment        timestamptz not null,
  moment_wall   text not null,
  moment_zone   text not null,
  moment_tzdata text not null,
  preflight_at  timestamptz not null,
  lock_at       timestamptz not null,
  arm_at        timestamptz not null,
  too_late_at   timestamptz not null,
  created_by    text not null,
  approved_by   text,
  created_at    timestamptz not null default now(),
  opened_at     timestamptz,
  locked_at     timestamptz,
  fired_at      timestamptz,
  settled_at    timestamptz
);
-- The sweep asks every second which campaigns have a step due.
create index campaign_live on campaign (lock_at) where state in ('open', 'locked', 'firing');

-- One key per campaign, wrapped under the master key. Destroying it makes every credential of the campaign unreadable,
-- in every backup too.
create table campaign_key (
  campaign_id   uuid primary key references campaign (id) on delete cascade,
  master_key_id text not null,
  wrapped       bytea,
  destroyed_at  timestamptz
);

create table pledge (
  id             uuid primary key,
  campaign_id    uuid not null references campaign (id) on delete cascade,
  platform       text not null,
  -- Keyed hash of the account: enough to see that it has pledged already, not enough to learn who it is.
  account_hash   bytea not null,
  -- The account's id and handle, sealed.
  account        bytea not null,
  state          text not null check (state in ('active', 'withdrawn')),
  -- The consent receipt: the exact text, its hash, scope, time and policy version.
  locale         text not null,
  text           text not null,
  text_hash      text not null,
  scope          text not null,
  policy_version text not null,
  consented_at   timestamptz not null,
  withdrawn_at   timestamptz,
  unique (campaign_id, platform, account_hash)
);
-- Counting the active pledges of a campaign, and locking them.
create index pledge_active on pledge (campaign_id) where state = 'active';

create table credential (
  id               uuid primary key,
  pledge_id        uuid not null references pledge (id) on delete cascade,
  campaign_id      uuid not null,
  platform         text not null,
  state            text not null check (state in ('live', 'dead', 'revoking')),
  sealed           bytea not null,
  expires_at       timestamptz,
  -- Whoever refreshes holds this until then: refresh tokens are single-use, and a second use kills the grant.
  refreshing_until timestamptz,
  revoke_after     timestamptz,
  revoke_attempts  integer not null default 0,
  created_at       timestamptz not null default now()
);
create unique index credential_live on credential (pledge_id) where state = 'live';
-- Preflight: which live credentials of a campaign end before its moment.
create index credential_expiring on credential (campaign_id, expires_at) where state = 'live';
-- The revoker takes those whose turn has come.
create index credential_revoking on credential (revoke_after) where state = 'revoking';

create table shard (
  id           uuid primary key,
  campaign_id  uuid not null references campaign (id) on delete cascade,
  platform     text not null,
  host         text not null,
  number       integer not null,
  -- Not before then; the moment for the first try, later for those that had to wait.
  due_at       timestamptz not null,
  -- The fence: every lease raises it, and whoever holds an older number changes nothing any more.
  lease        integer not null default 0,
  leased_by    text,
  leased_until timestamptz,
  done         boolean not null default false
);
-- The sweep asks every second which shards are due and nobody's.
create index shard_open on shard (due_at) where not done;

create table delivery (
  id           uuid primary key,
  pledge_id    uuid not null unique references pledge (id) on delete cascade,
  campaign_id  uuid not null references campaign (id) on delete cascade,
  platform     text not null,
  shard_id     uuid references shard (id),
  fence        integer not null default 0,
  state        text not null check (state in ('pending', 'armed', 'sending', 'waiting', 'posted', 'refused',
                                              'unconfirmed', 'dropped', 'withdrawn')),
  attempts     integer not null default 0,
  -- Not before then, for `waiting` and `unconfirmed`.
  due_at       timestamptz not null,
  marked_at    timestamptz,
  sent_at      timestamptz,
  settled_at   timestamptz,
  remote_id    text,
  url          text,
  reason       text
);
-- A shard loads its rows.
create index delivery_shard on delivery (shard_id);
-- The sweep gathers those whose turn has come into new shards, and reconciles the unconfirmed.
create index delivery_due on delivery (due_at) where state in ('waiting', 'armed', 'unconfirmed');
-- Totals by state.
create index delivery_state on delivery (campaign_id, state);

-- The ledger: one row a try, appended, never changed.
create table attempt (
  id          bigint generated always as identity primary key,
  delivery_id uuid not null,
  campaign_id uuid not null,
  number      integer not null,
  worker      text not null,
  sent_at     timestamptz,
  answered_at timestamptz not null,
  outcome     text not null,
  detail      text not null,
  remote_id   text
);
create index attempt_delivery on attempt (delivery_id, number);
create function attempt_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'attempts are appended, never changed';
end $$;
create trigger attempt_append_only before update on attempt
  for each row execute function attempt_is_append_only();

-- One authorization under way: made when the supporter leaves for the platform, used up when they come back.
create table oauth_flow (
  state_hash   bytea primary key,
  -- Hash of a cookie: only the browser that left may come back.
  browser_hash bytea not null,
  campaign_id  uuid not null references campaign (id) on delete cascade,
  platform     text not null,
  locale       text not null,
  text_locale  text not null,
  text         text not null,
  verifier     bytea not null,
  expires_at   timestamptz not null,
  used_at      timestamptz
);
create index oauth_flow_expiry on oauth_flow (expires_at);

create table sign_in_link (
  token_hash bytea primary key,
  operator   text not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create table operator_session (
  id_hash    bytea primary key,
  operator   text not null,
  expires_at timestamptz not null
);
create table api_key (
  id         uuid primary key,
  name       text not null unique,
  key_hash   bytea not null unique,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

-- What operators did. Names no supporter.
create table audit_entry (
  id      bigint generated always as identity primary key,
  at      timestamptz not null default now(),
  actor   text not null,
  action  text not null,
  subject text not null
);

-- Worker processes: seen when, and how far their clock is from the database's.
create table worker (
  name            text primary key,
  seen_at         timestamptz not null,
  clock_offset_ms double precision not null
);
