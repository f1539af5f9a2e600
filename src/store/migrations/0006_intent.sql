-- The supporter's way: words that are chosen before an account is named, and receipts that hold several pledges.

-- The words that somebody has chosen. Nothing is pledged yet, and nothing says who it is.
create table intent (
  id          uuid primary key,
  campaign_id uuid not null references campaign (id) on delete cascade,
  -- Language of the interface, and of the message.
  locale      text not null,
  text_locale text not null,
  -- Which of the campaign's wordings: 0 is its message, 1 its first variant.
  variant     integer not null,
  -- The supporter's own words, in place of them.
  own         text,
  -- What they typed into the blanks of the wording.
  typed       jsonb not null,
  -- Hash of the cookie of the browser that goes on with it: only what is pledged there stands on its receipt.
  browser_hash bytea,
  expires_at  timestamptz not null
);
create index intent_expiry on intent (expires_at);

-- Pledges that one person makes from one intent stand on one receipt, which bears the intent's id.
alter table pledge add column receipt_id uuid;
update pledge set receipt_id = id;
alter table pledge alter column receipt_id set not null, alter column receipt_id set default gen_random_uuid();
-- A receipt shows its pledges.
create index pledge_receipt on pledge (receipt_id);

-- Authorizations under way know the intent they come from; those that were under way at the change begin anew.
delete from oauth_flow;
alter table oauth_flow add column intent_id uuid not null;
