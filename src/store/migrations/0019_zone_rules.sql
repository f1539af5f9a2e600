-- A campaign whose instant the rules of its time zone put in doubt is held (`moment`) until a person keeps or moves it; one that
-- would be early by the networks' own time is held (`clock`).
alter table hold drop constraint hold_kind_check;
alter table hold add constraint hold_kind_check check (kind in ('paused', 'broken', 'throttled', 'moment', 'clock'));
alter table campaign_event drop constraint campaign_event_action_check;
alter table campaign_event add constraint campaign_event_action_check
  check (action in ('paused', 'resumed', 'aborted', 'broken', 'held', 'kept', 'moved'));
-- What the rules gave when a person kept the stored instant, each as RFC 3339 in UTC, or `none` where the wall time did not exist
-- by them: the same answer does not hold the campaign again.
alter table campaign add column moment_kept_against jsonb not null default '[]';
-- The edition of the rules that a worker goes by.
alter table worker add column zone_rules text not null default 'unknown';
