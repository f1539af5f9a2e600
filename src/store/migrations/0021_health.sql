-- What each process has done lately, so that being ready is something that has been seen.
alter table worker
  add column role text not null default 'worker',
  add column started_at timestamptz not null default clock_timestamp(),
  -- The end of its last look through the records in which every step succeeded.
  add column swept_at timestamptz,
  -- When a notification that it sent to itself last came back.
  add column heard_at timestamptz;

-- Small jobs that each process sends round every queue. `asked_at` is that of the oldest that has not come back, or of the last.
create table canary (
  queue      text not null,
  asked_by   text not null,
  asked_at   timestamptz not null,
  done_at    timestamptz,
  done_by    text,
  -- The queue did not take the last one.
  refused_at timestamptz,
  primary key (queue, asked_by)
);
