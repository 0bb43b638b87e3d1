/** Fires the burst: invokes the producer, once or for each of the burst's shards, and learns what it has published. */
import { BenchError } from "../errors.ts";
import type { Burst, Settings, SpikeLog, Spikes } from "../model.ts";
import type { Target } from "../targets/target.ts";
import { Outcomes, sumUp } from "./burst.ts";
import type { Meter } from "./meter.ts";
import { Producer } from "./producer.ts";
import { ProducerReports } from "./producer-reports.ts";
import type { Progress } from "./progress.ts";
import { byDueTime, mostLanes, type PlannedShard, planShards, publishRate } from "./shards.ts";
import { groupsOf, type Stack } from "./stack.ts";
import type { Tally } from "./tally.ts";
import { betweenSpikesLookMs, burstStart, pollMs, resumedStart, rowsLookMs, shardTimes, sleepMs } from "./timetable.ts";

export interface BurstRequest {
  runId: string;
  /** of all spikes together, where the burst comes several times */
  events: number;
  spikes?: Spikes;
  settings: Settings;
  signal: AbortSignal;
}

/**
 * Resolves when every shard has ended, or is no longer expected to report. A burst of one shard is fired by one invocation, whose
 * answer is waited for; where it is lost, the rows tell what the invocation came to. The shards of a longer burst, or of several spikes, are fired asynchronously if the stack has a queue for their
 * reports, and one after the other if it has none. Meanwhile the tally takes in the rows that come. After a failed shard, or an interruption, no further shard is fired, and the fired ones are measured.
 * @throws BenchError `fire-failed` in the producer's words if nothing can have been published; the signal's reason if nothing was
 * fired.
 */
export async function fire(
  target: Target,
  stack: Stack,
  request: BurstRequest,
  progress: Progress,
  tally: Tally,
  log: SpikeLog,
  meter: Meter,
): Promise<Burst> {
  const firing = begin(target, stack, request, progress, tally, log, meter);
  firing.show();
  await fireAll(firing, null);
  return sumUp(firing.shards, firing.outcomes);
}

/**
 * Goes on with the burst of a process that ended while it fired. No spike that had begun is fired again: its shards that have reported
 * tell how they ended, and the rows, or their absence, tell the rest. The spikes that had not begun are fired at their times, or, where
 * the first of these has passed, as much later.
 */
export async function recall(
  target: Target,
  stack: Stack,
  request: BurstRequest,
  progress: Progress,
  tally: Tally,
  log: SpikeLog,
  meter: Meter,
): Promise<Burst> {
  const firing = begin(target, stack, request, progress, tally, log, meter);
  const { shards, outcomes, reports } = firing;
  const lastBegun = log.begun.at(-1);
  const begun = request.spikes === undefined ? 1 : (lastBegun?.spike ?? 0);
  for (const shard of shards) if (spikeOf(shard, request) <= begun) outcomes.begin(shard);
  // The stack may be in deletion, and its queue may be gone.
  if (reports !== null) outcomes.note(await reports.take(request.signal).catch(() => []));
  const start = lastBegun === undefined ? null : lastBegun.at - dueOf(lastBegun.spike, request);
  if (request.signal.aborted) outcomes.failTheRest(shards, interruptedFirst);
  else if (shards.some((shard) => !outcomes.hasBegunWith(shard))) await fireAll(firing, start);
  return sumUp(shards, outcomes);
}

const interruptedFirst = "The run was interrupted first.";

/** A burst that is being fired. */
interface Firing extends BurstRequest {
  target: Target;
  tally: Tally;
  producer: Producer;
  shards: readonly PlannedShard[];
  /** null: the shards are fired one after the other, and each answers */
  reports: ProducerReports | null;
  outcomes: Outcomes;
  log: SpikeLog;
  meter: Meter;
  show(): void;
}

function begin(
  target: Target,
  { producerFunction, producerReports }: Stack,
  request: BurstRequest,
  progress: Progress,
  tally: Tally,
  log: SpikeLog,
  meter: Meter,
): Firing {
  const { runId, events, spikes, settings, signal } = request;
  const shards = planShards({
    events,
    spikes,
    ratePerSecond: publishRate(settings),
    mostLanes: producerReports === null ? 1 : mostLanes,
  });
  const outcomes = new Outcomes();
  const isInTurn = shards.length === 1 || producerReports === null;
  const show = () => {
    const { published, reported } = outcomes;
    const begun = shards.filter((shard) => outcomes.hasBegunWith(shard)).map((shard) => spikeOf(shard, request));
    const { completed, dead } = tally;
    const spending = meter.renew({ published: Math.max(published, completed), completed, dead });
    progress({
      phase: "fire",
      events,
      published,
      shards: shards.length,
      reported,
      ...(spikes && { spikes: { begun: Math.max(0, ...begun), count: spikes.count, completed } }),
      ...(spending && { spending }),
    });
  };
  return {
    ...request,
    target,
    tally,
    producer: new Producer(target, producerFunction, signal),
    shards,
    reports: isInTurn ? null : new ProducerReports(target, producerReports, runId),
    outcomes,
    log,
    meter,
    show,
  };
}

/** The spike that a shard is of, from 1. */
function spikeOf({ firstId }: PlannedShard, { events, spikes }: BurstRequest): number {
  return Math.floor((firstId - 1) / (events / (spikes?.count ?? 1))) + 1;
}

/** The time from the first spike to this one. */
function dueOf(spike: number, { spikes }: BurstRequest): number {
  return (spike - 1) * (spikes?.everyMs ?? 0);
}

/** Fires the shards that have not begun. `planned`: when the first of all was to be published; null: nothing was planned. */
async function fireAll(firing: Firing, planned: number | null): Promise<void> {
  const { shards, outcomes, reports, signal } = firing;
  const left = shards.filter((shard) => !outcomes.hasBegunWith(shard));
  if (reports === null) await fireInTurn(firing, left, planned);
  else await fireAtTheirTimes(firing, left, reports, planned);
  outcomes.failTheRest(shards, signal.aborted ? interruptedFirst : "An earlier shard failed.");
}

/** Notes, before anything of it is fired, that a spike is not to be fired again. */
async function note(shard: PlannedShard, { log, outcomes, shards, ...request }: Firing, start: number): Promise<void> {
  if (request.spikes === undefined) return;
  const spike = spikeOf(shard, request);
  const isBegun = shards.some((one) => spikeOf(one, request) === spike && outcomes.hasBegunWith(one));
  if (!isBegun) await log.begin({ spike, at: start + dueOf(spike, request) });
}

/** Fires one shard after the other, and waits for each. */
async function fireInTurn(firing: Firing, left: readonly PlannedShard[], planned: number | null): Promise<void> {
  const { target, producer, outcomes, meter, runId, signal, show } = firing;
  const now = target.clock.now();
  const start = planned === null ? now - left[0]!.dueMs : Math.max(planned, now - left[0]!.dueMs);
  for (const shard of left) {
    const { firstId, events, dueMs } = shard;
    try {
      const leftMs = start + dueMs - target.clock.now();
      if (leftMs > 0) await target.clock.sleep(leftMs, signal);
      await note(shard, firing, start);
      outcomes.begin(shard);
      outcomes.note([{ firstId, outcome: await producer.publish({ runId, events, firstId }) }]);
      if (shard !== left.at(-1)) await meter.read(signal);
      show();
      if (outcomes.hasFailed) return;
    } catch (failure) {
      if (shard === firing.shards[0] || !(signal.aborted || failure instanceof BenchError)) throw failure;
      // The events of the shards before it are on their way, and some of its own may be, too.
      if (failure instanceof BenchError) outcomes.fail(shard, failure.message, true);
      return;
    }
  }
}

/** Fires the shards of one time together, each shortly before its time, and then waits for the reports of all. */
async function fireAtTheirTimes(
  firing: Firing,
  left: readonly PlannedShard[],
  reports: ProducerReports,
  planned: number | null,
): Promise<void> {
  const { target, producer, outcomes, runId, settings, signal } = firing;
  const { clock } = target;
  // A queue that cannot be read ends the run here, before anything is fired.
  outcomes.note(await reports.take(signal));
  // A sleep reads a clock outside this process anew; between sleeps its time is only calculated.
  await clock.sleep(1, signal);
  const start = planned === null ? burstStart(clock.now()) : resumedStart(clock.now(), planned, left[0]!.dueMs);
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
    for (const [dueMs, lanes] of byDueTime(left)) {
      if (dueMs > 0) await listen(firing, reports, timesOf(lanes[0]!).invoke, () => outcomes.hasFailed);
      if (outcomes.hasFailed) break;
      await note(lanes[0]!, firing, start);
      await Promise.all(lanes.map(publish));
    }
    await listen(firing, reports, expectedUntil, () => outcomes.areAllKnown);
  } catch (interruption) {
    if (!signal.aborted || !outcomes.hasBegun) throw interruption;
    outcomes.note(await reports.take().catch(() => []));
  }
  if (outcomes.isNothingPublished) throw refusal ?? new BenchError("fire-failed", outcomes.firstFailure!);
}

/**
 * Takes reports until `time` or until `done`. A shard whose report cannot be received stays unreported, and is measured all the same.
 * Between spikes, when all have reported, it looks at the rows alone.
 */
async function listen(
  { target: { clock, rows }, tally, meter, runId, outcomes, signal, show }: Firing,
  reports: ProducerReports,
  time: number,
  done: () => boolean,
): Promise<void> {
  for (;;) {
    const isBetween = outcomes.areAllKnown;
    if (!isBetween) {
      const taken = await reports.take(signal).catch((failure) => {
        if (failure instanceof BenchError) return null;
        throw failure;
      });
      if (taken !== null) outcomes.note(taken);
    }
    await meter.read(signal);
    show();
    if (time - clock.now() > rowsLookMs) {
      // The drain looks again, and tells of a database that is lost.
      await tally.look(rows, groupsOf(runId), tally.since).catch((failure) => {
        if (!(failure instanceof BenchError)) throw failure;
      });
    }
    const ms = sleepMs(clock.now(), time, isBetween ? betweenSpikesLookMs : pollMs.reports);
    if (done() || ms === 0) return;
    await clock.sleep(ms, signal);
  }
}
