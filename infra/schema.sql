-- One row per event that a handler took up, or that a recorder found in a dead-letter queue. Times are UTC.
create table if not exists invocations (
  id         integer,                 -- order of publication
  sent_at    timestamp,               -- when the producer made the event
  started_at timestamp,               -- when the handler took it up
  group_id   text,                    -- which run and function wrote the row
  batch_id   text,                    -- new for every invocation
  cache_id   text,                    -- new for every Lambda instance
  created_at timestamp default now()  -- when the row was inserted
);

create index if not exists invocations_group_id_created_at on invocations (group_id, created_at);

-- One row per call that a handler made of the downstream, in runs with a setting of the downstream. Times are UTC.
create table if not exists calls (
  run        text,       -- the run's id
  id         integer,    -- the event's id
  began_at   timestamp,  -- by the database's clock
  outcome    text        -- accepted; failed (its work ends in an error); refused (its limit had no room)
);

create index if not exists calls_run_began_at on calls (run, began_at);

create index if not exists calls_run_taken_at on calls (run, began_at) where outcome <> 'refused';

-- One row per run with a limiter. Times are by the database's clock, in UTC.
create table if not exists limiters (
  run        text primary key,  -- the run's id
  asked_at   timestamp,         -- the latest request
  turn_at    timestamp,         -- when the latest request may go on
  next_at    timestamp          -- when the token bucket is full, or the next turn that is free
);

-- The turns that a limiter keeps for events that have been given back to their queue.
create table if not exists reservations (
  run        text,
  id         integer,           -- the event's
  turn_at    timestamp,
  primary key (run, id)
);
