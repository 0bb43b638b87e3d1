/** The flags of every verb that judges runs: what the downstream allows, how many events may be lost, how long one may wait. */
import { defaultToleranceMs, parseLimit } from "../../../infra/handlers/limit.ts";
import type { Given, GivenExpectations } from "../../metrics/expectations.ts";
import type { Allowance, Expectation, Expectations, GivenBy, RunVerdict } from "../../model.ts";
import type { FlagGroup, FlagsOf } from "./flag.ts";
import { limit as allowance, badUsage, callLimit, durationMs, milliseconds } from "./values.ts";

export const expectations = {
  title: "Verdict",
  flags: {
    limit: {
      takes: "<n/unit>",
      read: callLimit,
      help: "what the downstream allows, such as 1/s, 30/m or 0.5/s; 0: anything (default: DownstreamLimit, else the scenario's)",
    },
    limitTolerance: {
      takes: "<ms>",
      read: milliseconds,
      help: `how much shorter the limit's windows are; 0 is strict (default: ${defaultToleranceMs})`,
    },
    maxLoss: { takes: "<n|share>", read: allowance, help: "events that may be failed or missing, such as 0 or 1%" },
    maxWait: { takes: "<time>", read: durationMs, help: "how long the oldest event may wait, such as 90s or 10m" },
  },
} satisfies FlagGroup;

/** The configuration file's say; nothing where it is silent. */
export interface ExpectationDefaults {
  limit?: string;
  limitTolerance?: number;
  maxLoss?: Allowance;
  maxWait?: number;
}

/** A flag goes before the file. */
export function givenExpectations(
  flags: FlagsOf<typeof expectations>,
  file: ExpectationDefaults = {},
): GivenExpectations {
  const given = <Value>(flag: Value | undefined, inFile: Value | undefined): Given<Value> | null => {
    const [value, by]: [Value | undefined, GivenBy] = flag === undefined ? [inFile, "configuration"] : [flag, "flag"];
    return value === undefined ? null : { value, by };
  };
  return {
    limit: given(flags.limit, file.limit),
    toleranceMs: given(flags.limitTolerance, file.limitTolerance),
    maxLoss: given(flags.maxLoss, file.maxLoss),
    maxWaitMs: given(flags.maxWait, file.maxWait),
  };
}

/** Says whether a verdict is broken in something that is given now. */
export function breaksGiven(verdict: RunVerdict | null, given: GivenExpectations): boolean {
  const asked: Record<Expectation, unknown> = { limit: given.limit, loss: given.maxLoss, wait: given.maxWaitMs };
  return verdict?.broken.some((one) => asked[one] !== null) === true;
}

/** Throws `bad-usage` for a tolerance that leaves nothing of the limit's windows. */
export function requireWindow({ limit }: Expectations): void {
  const perMs = limit === null ? Number.POSITIVE_INFINITY : parseLimit(limit.limit)!.perMs;
  if (limit === null || limit.toleranceMs < perMs) return;
  throw badUsage(
    `A tolerance of ${limit.toleranceMs} ms leaves nothing of the ${perMs} ms of ${limit.limit}; give a shorter --limit-tolerance.`,
  );
}
