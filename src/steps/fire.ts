/** Fires the burst: invokes the producer, once or for each of the burst's shards, and learns what it has published. */
import { BenchError } from "../errors.ts";
import type { Burst, Settings } from "../model.ts";
import type { Account, Target } from "../targets/target.ts";
import { Outcomes, sumUp } from "./burst.ts";
import { Producer } from "./producer.ts";
import { ProducerReports } from "./producer-reports.ts";
import type { Progress } from "./progress.ts";
import { byDueTime, mostLanes, type PlannedShard, planShards, publishRate } from "./shards.ts";
import { groupsOf, type Stack } from "./stack.ts";
import type { Tally } from "./tally.ts";
import { burstStart, pollMs, rowsLookMs, shardTimes, sleepMs } from "./timetable.ts";

export interface BurstRequest {
  runId: string;
  events: number;
  settings: Settings;
  signal: AbortSignal;
}

/**
 * Resolves when every shard has ended, or is no longer expected to report. A burst of one shard is fired by one invocation, whose
 * answer is waited for. The shards of a longer burst are fired asynchronously if the stack has a queue for their reports, and one
 * after the other if it has none. Meanwhile the tally takes in the rows that come. After a failed shard, or an interruption, no further shard is fired, and the fired ones are measured.
 * @throws BenchError `fire-failed` in the producer's words if nothing can have been published; the signal's reason if nothing was
 * fired.
 */
export async function fire(
  target: Target,
  stack: Stack,
  request: BurstRequest,
  progress: Progress,
  tally: Tally,
): Promise<Burst> {
  const shards = plan(stack, request);
  const { producerReports } = stack;
  const outcomes = new Outcomes();
  const firing: Firing = {
    ...request,
    target,
    tally,
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
  return sumUp(shards, outcomes);
}

/**
 * Recalls the burst of a process that ended while it fired. Nothing is fired again. Shards that have reported tell how they ended;
 * the rows, or their absence, tell the rest.
 */
export async function recall(target: Account, stack: Stack, request: BurstRequest): Promise<Burst> {
  const { runId, signal } = request;
  const shards = plan(stack, request);
  const outcomes = new Outcomes();
  for (const shard of shards) outcomes.begin(shard);
  if (shards.length > 1 && stack.producerReports !== null) {
    // The stack may be in deletion, and its queue may be gone.
    const reports = await new ProducerReports(target, stack.producerReports, runId).take(signal).catch(() => []);
    outcomes.note(reports);
  }
  return sumUp(shards, outcomes);
}

function plan({ producerReports }: Stack, { events, settings }: BurstRequest): PlannedShard[] {
  return planShards({
    events,
    ratePerSecond: publishRate(settings),
    mostLanes: producerReports === null ? 1 : mostLanes,
  });
}

/** A burst that is being fired. */
interface Firing extends BurstRequest {
  target: Target;
  tally: Tally;
  producer: Producer;
  shards: readonly PlannedShard[];
  outcomes: Outcomes;
  show(): void;
}

/** Fires one shard after the other, and waits for each. */
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
      // The events of the shards before it are on their way, and some of its own may be, too.
      if (failure instanceof BenchError) outcomes.fail(shard, failure.message, true);
      return;
    }
  }
}

/** Fires the shards of one time together, each shortly before its time, and then waits for the reports of all. */
async function fireAtTheirTimes(firing: Firing, reports: ProducerReports): Promise<void> {
  const { target, producer, shards, outcomes, runId, settings, signal } = firing;
  const { clock } = target;
  // A queue that cannot be read ends the run here, before anything is fired.
  await reports.take(signal);
  // A sleep reads a clock outside this process anew; between sleeps its time is only calculated.
  await clock.sleep(1, signal);
  const start = burstStart(clock.now());
  const timesOf = (shard: PlannedShard) => shardTimes(start, shard, publishRate(settings));
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

/** Takes reports until `time` or until `done`. A shard whose report cannot be received stays unreported, and is measured all the same. */
async function listen(
  { target: { clock, rows }, tally, runId, outcomes, signal, show }: Firing,
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
    if (time - clock.now() > rowsLookMs) {
      // The drain looks again, and tells of a database that is lost.
      await tally.look(rows, groupsOf(runId), tally.since).catch((failure) => {
        if (!(failure instanceof BenchError)) throw failure;
      });
    }
    const ms = sleepMs(clock.now(), time, pollMs.reports);
    if (done() || ms === 0) return;
    await clock.sleep(ms, signal);
  }
}
