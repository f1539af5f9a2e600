-- A network refused the text of one language at the step before the moment: everybody's who has it.
alter table campaign_event drop constraint campaign_event_action_check;
alter table campaign_event add constraint campaign_event_action_check
  check (action in ('paused', 'resumed', 'aborted', 'broken', 'held', 'kept', 'moved', 'text_refused'));
