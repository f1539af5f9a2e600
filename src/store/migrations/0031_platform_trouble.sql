-- What kind of trouble preflight had with everybody of a network; null where there is none, and in rows from before.
alter table platform_check add column trouble text
  constraint platform_check_trouble check (trouble in ('refused', 'silent', 'challenged'));
