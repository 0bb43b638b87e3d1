/** Fires the burst: invokes the producer, once or for each of the burst's shards, and learns what it has published. */
import { BenchError } from "../errors.ts";
import type { Burst, Settings } from "../model.ts";
import type { Account } from "../targets/target.ts";
import { burstOf, Outcomes } from "./burst.ts";
import { Producer } from "./producer.ts";
import { ProducerReports } from "./producer-reports.ts";
import type { Progress } from "./progress.ts";
import { byDueTime, mostLanes, type PlannedShard, rateOf, shardsOf } from "./shards.ts";
import type { Stack } from "./stack.ts";
import { burstStart, pollMs, shardTimes, sleepMs } from "./timetable.ts";

export interface BurstRequest {
  runId: string;
  events: number;
  settings: Settings;
  signal: AbortSignal;
}

/**
 * Resolves when every shard has ended, or is no longer expected to report. A burst that one invocation can publish is one that is
 * waited for. A longer one is fired asynchronously where the stack has a queue for the reports, and else one shard after the other.
 * After a shard that failed, and after an interruption, no further one is fired, and what was fired is measured.
 * @throws BenchError `fire-failed` with what the producer said, where nothing can have been published; the signal's reason, where
 * nothing was fired.
 */
export async function fire(target: Account, stack: Stack, request: BurstRequest, progress: Progress): Promise<Burst> {
  const shards = plan(stack, request);
  const { producerReports } = stack;
  const outcomes = new Outcomes();
  const firing: Firing = {
    ...request,
    target,
    producer: new Producer(target, stack.producerFunction, request.signal),
    shards,
    outcomes,
    show: () => {
      const { published, reported } = outcomes;
      progress({ phase: "fire", events: request.events, published, shards: shards.length, reported });
    },
  };
  firing.show();
  if (shards.length === 1 || producerReports === null) await fireInTurn(firing);
  else await fireAtTheirTimes(firing, new ProducerReports(target, producerReports, request.runId));
  const why = request.signal.aborted ? "The run was interrupted first." : "An earlier shard failed.";
  outcomes.failTheRest(shards, why);
  return burstOf(shards, outcomes);
}

/**
 * What a burst came to that was begun by a process which ended: nothing is fired again, and of the shards those tell that have
 * reported. The rows, or their absence, tell the rest.
 */
export async function recall(target: Account, stack: Stack, request: BurstRequest): Promise<Burst> {
  const { runId, signal } = request;
  const shards = plan(stack, request);
  const outcomes = new Outcomes();
  for (const shard of shards) outcomes.begin(shard);
  if (shards.length > 1 && stack.producerReports !== null) {
    // The stack may be on its way out, and the queue with it.
    const reports = await new ProducerReports(target, stack.producerReports, runId).take(signal).catch(() => []);
    outcomes.note(reports);
  }
  return burstOf(shards, outcomes);
}

function plan({ producerReports }: Stack, { events, settings }: BurstRequest): PlannedShard[] {
  return shardsOf({ events, ratePerSecond: rateOf(settings), mostLanes: producerReports === null ? 1 : mostLanes });
}

/** A burst on its way. */
interface Firing extends BurstRequest {
  target: Account;
  producer: Producer;
  shards: readonly PlannedShard[];
  outcomes: Outcomes;
  show(): void;
}

/** Each shard waited for before the next. */
async function fireInTurn({ target, producer, shards, outcomes, runId, signal, show }: Firing): Promise<void> {
  const start = target.clock.now();
  for (const shard of shards) {
    const { firstId, events, dueMs } = shard;
    try {
      const leftMs = start + dueMs - target.clock.now();
      if (leftMs > 0) await target.clock.sleep(leftMs, signal);
      outcomes.begin(shard);
      outcomes.note([{ firstId, outcome: await producer.publish({ runId, events, firstId }) }]);
      show();
    } catch (failure) {
      if (shard === shards[0] || !(signal.aborted || failure instanceof BenchError)) throw failure;
      // What the shards before it have published is on its way, and some of its own may be, too.
      if (failure instanceof BenchError) outcomes.fail(shard, failure.message, true);
      return;
    }
  }
}

/** Those of one time together, each invoked before its time, and then all waited for. */
async function fireAtTheirTimes(firing: Firing, reports: ProducerReports): Promise<void> {
  const { target, producer, shards, outcomes, runId, settings, signal } = firing;
  const { clock } = target;
  // Before anything is fired: a queue that cannot be read ends the run here.
  await reports.take(signal);
  // A clock that is not in this process is reckoned between its sleeps.
  await clock.sleep(1, signal);
  const start = burstStart(clock.now());
  const timesOf = (shard: PlannedShard) => shardTimes(start, shard, rateOf(settings));
  let expectedUntil = start;
  let refusal: BenchError | null = null;
  const publish = async (shard: PlannedShard) => {
    const { firstId, stride, events } = shard;
    const times = timesOf(shard);
    outcomes.begin(shard);
    expectedUntil = Math.max(expectedUntil, times.report);
    try {
      await producer.publishLater({ runId, events, firstId, stride, startAt: times.publish });
    } catch (failure) {
      if (!(failure instanceof BenchError)) throw failure;
      refusal ??= failure;
      outcomes.fail(shard, failure.message, false);
    }
  };
  try {
    for (const [dueMs, lanes] of byDueTime(shards)) {
      if (dueMs > 0) await listen(firing, reports, timesOf(lanes[0]!).invoke, () => outcomes.hasFailed);
      if (outcomes.hasFailed) break;
      await Promise.all(lanes.map(publish));
    }
    await listen(firing, reports, expectedUntil, () => outcomes.areAllKnown);
  } catch (interruption) {
    if (!signal.aborted || !outcomes.hasBegun) throw interruption;
    outcomes.note(await reports.take().catch(() => []));
  }
  if (outcomes.isNothingPublished) throw refusal ?? new BenchError("fire-failed", outcomes.firstFailure!);
}

/** Takes reports until `time` or until `done`. Those that cannot be had leave their shards unreported: what was fired is measured. */
async function listen(
  { target: { clock }, outcomes, signal, show }: Firing,
  reports: ProducerReports,
  time: number,
  done: () => boolean,
): Promise<void> {
  for (;;) {
    const taken = await reports.take(signal).catch((failure) => {
      if (failure instanceof BenchError) return null;
      throw failure;
    });
    if (taken !== null) outcomes.note(taken);
    show();
    const ms = sleepMs(clock.now(), time, pollMs.reports);
    if (done() || ms === 0) return;
    await clock.sleep(ms, signal);
  }
}
