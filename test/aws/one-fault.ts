/** Runs that meet one fault of the wire, at a request of one's choice, and what each of them must come to all the same. */
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { expect } from "vitest";
import { bench } from "../../src/bench.ts";
import { BenchError } from "../../src/errors.ts";
import type { RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";
import { type Fault, type Faults, faultsBefore } from "./faults.ts";
import { type Serving, servedTarget } from "./serving.ts";

const requestTimeoutMs = 1_000;

/** Every kind of fault that a request can meet. */
export const kinds = {
  throttled: { error: "ThrottlingException", message: "Rate exceeded", status: 429 },
  "AWS's own error": { error: "InternalFailure", message: "We encountered an internal error.", status: 500 },
  "a service that is not there": { error: "ServiceUnavailable", message: "Try later.", status: 503 },
  "a reset before it arrived": "cut",
  "a reset after it was carried out": "cut-after",
  "half an answer": "cut-short",
  "a proxy's page": { page: "<html><title>502 Bad Gateway</title></html>", status: 502 },
  "an empty 502": { page: "", status: 502 },
  "a sign-in page": { page: "<html><title>Welcome to our network</title></html>", status: 200 },
  "a way to a sign-in page": { page: "", status: 302, headers: { location: "https://portal.test/?secret" } },
  "no answer in time": { delayMs: requestTimeoutMs + 500 },
} as const satisfies Record<string, Fault>;

export type Kind = keyof typeof kinds;

export interface Place {
  databaseUrl: string;
  served: Serving;
}

export interface FaultyRun {
  /** the operation that met the fault; undefined: no request had the number */
  met: string | undefined;
  /** all operations, in their order */
  operations: string[];
  ended: RunRecord | BenchError;
  stacksLeft: string[];
}

const events = 5;
let runs = 0;

/** `number`: of the request that meets the fault, from 1; 0: none does. */
export async function runWithFault(place: Place, number: number, fault: Fault): Promise<FaultyRun> {
  let requests = 0;
  const run = await runWithFaults(place, () => (++requests === number ? fault : undefined));
  return { ...run, met: run.operations[number - 1] };
}

export async function runWithFaults(
  { databaseUrl, served }: Place,
  rule: Faults["rule"],
  { runId = `one-fault-${process.pid}-${++runs}` } = {},
): Promise<FaultyRun> {
  const faults = await faultsBefore(served.endpoint);
  faults.rule = rule;
  const { clockUrl } = served;
  const request = aRequest(findScenario("scenario-5"), { runId, events, set: ["WorkMs=0"], waitForMetrics: true });
  const measured = async () => {
    const target = await servedTarget({ databaseUrl, clockUrl, endpointUrl: faults.endpoint, requestTimeoutMs });
    return bench(target, request, aContext({})).finally(() => target.close());
  };
  // A storm from the first request on ends it while the target is opened.
  const ended = await measured()
    .catch((failure) => {
      if (failure instanceof BenchError) return failure;
      throw failure;
    })
    .finally(() => faults.close());
  const { Stacks = [] } = await served.cloudFormation.send(new DescribeStacksCommand({}));
  const stacksLeft = Stacks.map(({ StackName }) => StackName!).filter((name) => name.endsWith(runId));
  return { met: undefined, operations: faults.operations, ended, stacksLeft };
}

/** The faults of the burst's invocation after which it may have run, although it did not. */
const seemsToHaveRun = new Set<Kind>([
  "AWS's own error",
  "a service that is not there",
  "a reset before it arrived",
  "a proxy's page",
  "an empty 502",
  "a sign-in page",
  "a way to a sign-in page",
]);

/** Holds that all events completed once, or that the record says which are missing and why, and that nothing is left. */
export function holds({ met, ended, stacksLeft }: FaultyRun, kind: Kind): void {
  const what = `${kind} at ${met}`;
  if (ended instanceof BenchError) expect.fail(`${what}: ${ended.message}; ${ended.cleanUp}`);
  const { summary, caveats, burst, outcome, cleanUp } = ended;
  const isLost = met === "Invoke" && seemsToHaveRun.has(kind);
  expect({ what, stacksLeft, cleanUp, ...summary }).toMatchObject({
    what,
    stacksLeft: [],
    cleanUp: expect.stringMatching(/was deleted/),
    totalEvents: events,
    eventsCompleted: isLost ? 0 : events,
    eventsMissing: isLost ? events : 0,
    eventsFailed: 0,
    duplicates: 0,
  });
  expect({ what, outcome }).toEqual({ what, outcome: isLost ? "quiet" : "drained" });
  const codes = caveats.map(({ code }) => code);
  if (isLost) {
    const why = expect.stringMatching(/^The producer's answer was lost \(.+\), and it was not invoked again\.$/);
    expect(caveats).toContainEqual({ code: "shards-unreported", events, why });
    expect(codes).toContain("events-missing");
    expect(burst.shards).toMatchObject([{ published: null, failed: null }]);
  } else {
    expect(codes).not.toContain("events-missing");
  }
  expect(JSON.stringify(ended)).not.toMatch(/hidden field|Deserialization|secret/);
}
