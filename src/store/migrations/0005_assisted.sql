-- Assisted mode: people who post by themselves, and reminders for those who want one.

-- Somebody says that they posted by themselves. A keyed hash of the post's address and nothing more: enough to count each
-- post once, and no list of supporters.
create table assisted_post (
  campaign_id uuid not null references campaign (id) on delete cascade,
  link_hash   bytea not null,
  primary key (campaign_id, link_hash)
);

-- A mail that somebody asked for. Its life is drawn in src/domain/reminder.ts.
create table reminder (
  id           uuid primary key,
  campaign_id  uuid not null references campaign (id) on delete cascade,
  state        text not null check (state in ('asked', 'unconfirmed', 'confirmed', 'sent', 'failed', 'dropped')),
  -- Language of the mails.
  locale       text not null,
  -- Both are erased as soon as the last mail is out, or can no longer go out.
  address_hash bytea,
  address      bytea,
  asked_at     timestamptz not null default now(),
  -- When a mail is owed. A mark moves it ahead before the mail is handed over, so that a process that dies loses none.
  due_at       timestamptz,
  attempts     integer not null default 0,
  marked_at    timestamptz,
  -- The mail server took it then.
  sent_at      timestamptz,
  unique (campaign_id, address_hash)
);
-- The sweep asks every second which mails are due.
create index reminder_due on reminder (due_at) where due_at is not null;
-- The sweep asks which addresses are to be erased.
create index reminder_address on reminder (asked_at) where address is not null;

-- Mails to confirm an address, to hold them to their limits. Forgotten after a day.
create table reminder_request (
  id           bigint generated always as identity primary key,
  campaign_id  uuid not null references campaign (id) on delete cascade,
  address_hash bytea not null,
  at           timestamptz not null default now()
);
-- How many went to this address within a day; how many of this campaign within a minute.
create index reminder_request_address on reminder_request (address_hash, at);
create index reminder_request_campaign on reminder_request (campaign_id, at);

-- Mails of an instance that has no mail server, for its operator to look at. No address, and no secret: the link is made anew.
create table outbox (
  id          bigint generated always as identity primary key,
  reminder_id uuid not null references reminder (id) on delete cascade,
  subject     text not null,
  at          timestamptz not null default now()
);
