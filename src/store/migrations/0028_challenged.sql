-- A shield before a server that supporters named did not let preflight in.
alter table campaign_event drop constraint campaign_event_action_check;
alter table campaign_event add constraint campaign_event_action_check
  check (action in ('paused', 'resumed', 'aborted', 'broken', 'held', 'kept', 'moved', 'text_refused', 'challenged'));
