/** START HERE. A run: deploy the scenario, fire the burst, drain, measure, and always clean up. */
import { BenchError } from "./errors.ts";
import type { Burst, RunRecord, RunRequest } from "./model.ts";
import { type Journal, noJournal } from "./records/journal.ts";
import { consumerTimeoutMs } from "./steps/consumer.ts";
import { countDecisions } from "./steps/decisions.ts";
import { deploy } from "./steps/deploy.ts";
import { drain } from "./steps/drain.ts";
import { fire, recall } from "./steps/fire.ts";
import { measure } from "./steps/measure.ts";
import { type Budget, openMeter } from "./steps/meter.ts";
import { noProgress, type Progress } from "./steps/progress.ts";
import { assembleRecord } from "./steps/record.ts";
import { countRepeated } from "./steps/repeated-requests.ts";
import type { Stack } from "./steps/stack.ts";
import { Tally } from "./steps/tally.ts";
import { tearDown } from "./steps/tear-down.ts";
import type { Target } from "./targets/target.ts";

/** Everything around a run that is not data. */
export interface RunContext {
  /** Aborted: the run stops where it is, measures what there is, and cleans up. */
  signal: AbortSignal;
  /** The wall clock as ISO text, for the record alone. */
  wallClock: () => string;
  /** Default: nobody is told. */
  progress?: Progress;
  /** Default: the run ends with its process, whatever happens. */
  journal?: Journal;
  /** Limits what the run may cost, and aborts the signal above that. Default: nothing does. */
  budget?: Budget;
}

/**
 * Resolves with the record of the run, also when events are missing or the drain was interrupted.
 * @throws BenchError when the run could not be measured; its `cleanUp` says what became of the stack.
 */
export async function bench(
  given: Target,
  request: RunRequest,
  { signal, wallClock, progress = noProgress, journal = noJournal, budget }: RunContext,
): Promise<RunRecord> {
  const startedAt = wallClock();
  const { counted: target, repeated } = countRepeated(given);
  const asked = { ...request, signal, consumerTimeoutMs: consumerTimeoutMs(request.scenario, request.settings) };
  const tally = new Tally(request.events);
  let deployed: Stack | null = null;
  const clean = () => tearDown(target, deployed, request, progress);
  try {
    await target.rows.ensureTable();
    const decisionsSince = await countDecisions(target);
    const stack = await journal.step("deploy", () => deploy(target, asked, progress));
    deployed = stack;
    const meter = openMeter(target, stack, request, budget ?? null);
    let isCutShort = false;
    const noted = (fired: Burst) => {
      isCutShort = signal.aborted;
      return fired;
    };
    const asFired = [target, stack, asked, progress, tally, journal.spikes, meter] as const;
    const fireOnce = () => fire(...asFired).then(noted);
    const recallOnce = () => recall(...asFired).then(noted);
    const burst = await journal.step("fire", fireOnce, recallOnce);
    const outcome = isCutShort ? "interrupted" : await drain(target, stack, burst, asked, progress, tally, meter);
    const measured = await measure(target, stack, burst, { ...asked, outcome }, progress, meter);
    const decisions = await decisionsSince();
    const cleanUp = await clean();
    const learned = {
      startedAt,
      finishedAt: wallClock(),
      stack,
      burst,
      outcome,
      measured,
      decisions,
      repeated,
      cleanUp,
      spending: meter.spending,
    };
    return assembleRecord(target, request, learned);
  } catch (failure) {
    const isAborted = signal.aborted && failure === signal.reason;
    const error = isAborted ? endedEarly(signal.reason) : failure;
    const cleanUp = await clean();
    if (error instanceof BenchError) error.cleanUp = cleanUp;
    throw error;
  }
}

/** The signal's reason with what it means for a run that is not measured. The reason itself may be that of several runs. */
function endedEarly(reason: unknown): BenchError {
  if (reason instanceof BenchError && reason.code === "over-budget") {
    return new BenchError("over-budget", `${reason.message} Nothing was measured.`);
  }
  return new BenchError("interrupted", "The run was interrupted before its burst was over, and nothing was measured.");
}
