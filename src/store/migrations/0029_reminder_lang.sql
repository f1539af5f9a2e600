-- What the links of a reminder's mails carry as their language: the campaign's text may be in another one than the mail. Mails that
-- were asked for before leave it to the browser.
alter table reminder add column lang text;
