-- Not to be looked at before then: somebody is at it, or it was tried in vain.
alter table credential add column check_after timestamptz;
-- How often in a row there was no answer that says anything.
alter table credential add column check_failures integer not null default 0;
-- Rounds go by when a credential was looked at last (credential_unchecked), no longer by when it ends.
drop index credential_expiring;

-- Whose turn it is to check the credentials of a platform: one holder at a time, so that its pace is everybody's pace.
create table preflight_turn (
  platform    text primary key,
  holder      text,
  held_until  timestamptz,
  -- The platform asked to be left alone until then, or we leave it alone since nothing good came of asking.
  quiet_until timestamptz
);
