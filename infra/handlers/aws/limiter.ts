/** The limiter in Postgres: one statement a request, by the database's clock, and one row a run whose lock the requests take in turn. */
import type { QueryConfig } from "pg";
import type { GrantRequest } from "../ports.ts";

/** A statement of two moments would answer by one and reckon by the other. It is read when the row is locked. */
const moment = "moment as materialized (select clock_timestamp() at time zone 'UTC' as at)";
/** The first request of a run makes its row. */
const first = `insert into limiters as limiter (run, asked_at, next_at, turn_at)
  select $1, moment.at, moment.at + $2::float8 * interval '1 microsecond', moment.at from moment
  on conflict (run) do update set (asked_at, next_at, turn_at)`;
const interval = "$2::float8 * interval '1 microsecond'";
const waitMs = 'ceil(extract(epoch from turn_at - asked_at) * 1000)::float8 as "waitMs"';

/**
 * A bucket that lacks n tokens is full after n intervals, so one time, `next_at`, says how full it is. It has a token as soon as that
 * time is less than its capacity away.
 */
const fromBucket = `with ${moment}
  ${first} = (
    with ${moment}
    select moment.at, case when turn.at <= moment.at then greatest(limiter.next_at, moment.at) + ${interval} else limiter.next_at end, turn.at
    from moment, lateral (select greatest(limiter.next_at - ($3::float8 - 1) * ${interval}, moment.at) as at) as turn
  )
  returning turn_at <= asked_at as granted, ${waitMs}`;

/**
 * The turn that is kept for the event counts if it is not over, else the next one that is free. Two deliveries of one event cannot
 * both find the kept turn, because whoever deletes it has it.
 */
const byReservation = `with ${moment},
  kept as (delete from reservations where run = $1 and id = $3 returning turn_at),
  asked as (
    ${first} = (
      with ${moment}
      select moment.at,
             case when kept.turn_at >= moment.at then limiter.next_at else greatest(limiter.next_at, moment.at) + ${interval} end,
             case when kept.turn_at >= moment.at then kept.turn_at else greatest(limiter.next_at, moment.at) end
      from moment left join kept on true
    )
    returning asked_at, turn_at, turn_at <= asked_at + $4::float8 * interval '1 millisecond' as granted
  ),
  reserved as (
    insert into reservations (run, id, turn_at) select $1, $3, turn_at from asked where not granted
    on conflict (run, id) do nothing
  )
  select granted, ${waitMs} from asked`;

/** Answers one row, a `Grant`. */
export function grantStatement({ runId, id, limiter, longestWaitMs }: GrantRequest): QueryConfig {
  const { kind, intervalUs, capacity } = limiter;
  return kind === "token-bucket"
    ? { text: fromBucket, values: [runId, intervalUs, capacity] }
    : { text: byReservation, values: [runId, intervalUs, id, longestWaitMs] };
}
