/** Constants that no row shows: found by running a probe in the model until its figure is the measured one. */
import { median } from "../metrics/statistics.ts";
import type { RunRecord } from "../model.ts";
import type { Estimate } from "./estimates.ts";
import type { ProbeName } from "./probes.ts";
import { type Trial, valueAt } from "./response.ts";

export type ProbeRecords = Partial<Record<ProbeName, RunRecord>>;

/** Runs a probe in the model, once for each seed and each set of constants. */
export type Simulate = (probe: ProbeName, constants: Record<string, number>[]) => Promise<RunRecord[][]>;

interface Step {
  constant: string;
  probe: ProbeName;
  how: string;
}

const throttles = "throttles as many as CloudWatch counted, by runs of the model";

/** In this order, each with what was found before it; the base is found again once the cap is known. */
const steps: readonly Step[] = [
  { constant: "mapping.throttleBackoffBaseMs", probe: "short-holds", how: throttles },
  { constant: "mapping.throttleBackoffCapMs", probe: "long-holds", how: throttles },
  { constant: "mapping.throttleBackoffBaseMs", probe: "short-holds", how: throttles },
  { constant: "lambda.asyncThrottleJitter", probe: "retries", how: throttles },
];

/** An account may be this much beyond what was plausible without it. */
const beyond = 3;
const coarseTrials = 6;
const fineTrials = 7;
/** The fine trials go this much beyond the interval of the coarse ones. */
const margin = 1.2;

/**
 * By the constant's name; one that the figures do not decide is absent. `known`: what the rows have shown. `rangeOf`: what is
 * plausible of a constant.
 */
export async function fits(
  records: ProbeRecords,
  known: Record<string, number>,
  rangeOf: (constant: string) => readonly [low: number, high: number],
  simulate: Simulate,
): Promise<Record<string, Estimate>> {
  const found: Record<string, Estimate> = {};
  for (const { constant, probe, how } of steps) {
    const measured = records[probe]?.details.throttles ?? null;
    if (measured === null) continue;
    const others = { ...known, ...valuesOf(found) };
    const trialsAt = async (values: number[]): Promise<Trial[]> => {
      const runs = await simulate(
        probe,
        values.map((value) => ({ ...others, [constant]: value })),
      );
      return values.map((value, index) => ({ value, figures: runs[index]!.map(throttlesOf) }));
    };
    const [low, high] = widened(rangeOf(constant), constant);
    const coarse = valueAt(await trialsAt(between(low, high, coarseTrials)), measured);
    const fine =
      coarse &&
      valueAt(
        await trialsAt(
          between(Math.max(low, coarse.low / margin), Math.min(high, coarse.high * margin), fineTrials),
        ),
        measured,
      );
    const result = fine ?? coarse;
    delete found[constant];
    if (result) found[constant] = { ...result, n: measured, probe, how };
  }
  return found;
}

function throttlesOf({ details }: RunRecord): number {
  return details.throttles ?? 0;
}

/** A jitter is a share. */
function widened([low, high]: readonly [number, number], constant: string): [low: number, high: number] {
  return [low / beyond, constant.endsWith("Jitter") ? Math.min(1, high * beyond) : high * beyond];
}

/** Evenly spaced by their logarithms. */
function between(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => low * (high / low) ** (index / (count - 1)));
}

function valuesOf(found: Record<string, Estimate>): Record<string, number> {
  return Object.fromEntries(Object.entries(found).map(([name, { value }]) => [name, value]));
}

/** Messages in flight before this many minutes may be those of pollers that have not yet been cut. */
const settlingMinutes = 3;

/** From the messages in flight while every one is held: one to each poller. Null: the run was too short to see it settle. */
export function troubledPollers({ metrics }: RunRecord): Estimate | null {
  const points = metrics.find(({ name }) => name === "queue.ApproximateNumberOfMessagesNotVisible")?.points ?? [];
  // In the last minute there may be fewer messages than pollers.
  const settled = points.slice(settlingMinutes, -1).map(({ value }) => value);
  if (settled.length === 0) return null;
  return {
    value: Math.round(median(settled)),
    low: Math.min(...settled),
    high: Math.max(...settled),
    n: settled.length,
    probe: "long-holds",
    how: "most messages in flight in a minute, once the pollers had been cut",
  };
}
