-- For each pledge: the reason that its permission died of, at the lock and on its receipt, and what goes when the pledge goes.
create index credential_pledge on credential (pledge_id);
-- What goes when a reminder goes.
create index outbox_reminder on outbox (reminder_id);
