/** Chooses what is run: scenario names and options become requests, checked as far as no target is needed. */
import { randomInt } from "node:crypto";
import { BenchError } from "../../errors.ts";
import type { RunRequest, Scenario, Settings, Spikes } from "../../model.ts";
import { JournalStore } from "../../records/journal.ts";
import { readPrices } from "../../records/prices.ts";
import { RecordStore } from "../../records/store.ts";
import { requestOf } from "../../requests/request.ts";
import { isShipped, isShippedTemplate } from "../../scenarios/catalogue.ts";
import { firingMs, publishRate } from "../../steps/shards.ts";
import { journalsDirectory, runsDirectory } from "../directories.ts";
import { eventsOfBurst } from "../flags/burst.ts";
import { requireWindow } from "../flags/expectations.ts";
import { checkedRunId, type RunOptions } from "../flags/run-options.ts";
import { versionsHere } from "../version.ts";

type Choice = Pick<
  RunOptions,
  "overrides" | "size" | "spikes" | "timeoutMs" | "waitForMetrics" | "keep" | "prices" | "runId" | "expected"
> & { target?: Pick<RunOptions["target"], "name">; maxCostDollars?: number };

/** One request for each scenario, in the order given. Throws BenchError `bad-usage`, `bad-template`. */
export function chooseRequests(scenarios: readonly Scenario[], options: Choice): RunRequest[] {
  const { overrides, size, spikes, timeoutMs, waitForMetrics, keep } = options;
  const isLocal = (options.target?.name ?? "local") === "local";
  const prices = options.prices === null ? undefined : readPrices(options.prices);
  const requests = scenarios.map((scenario) => {
    const runId = options.runId === null ? newRunId(scenario.name) : namedRunId(options.runId, scenarios, scenario);
    const asked = requestOf({
      scenario,
      overrides,
      expected: options.expected,
      isLocal,
      isShipped: isShipped(scenario),
      hasShippedTemplate: isShippedTemplate(scenario),
    });
    const { settings, expected } = asked;
    requireWindow(expected);
    const events = eventsOfBurst({ size, spikes }, publishRate(settings));
    if (spikes !== undefined) checkSpikes(spikes, events, settings);
    return {
      ...asked,
      runId,
      events,
      ...(spikes && { spikes }),
      timeoutMs,
      waitForMetrics,
      keep,
      versions: versionsHere(),
      ...(prices && { prices }),
      ...(!isLocal && { maxCostDollars: options.maxCostDollars }),
    };
  });
  checkRunIds(requests.map(({ runId }) => runId));
  return requests;
}

/** Throws `bad-usage` where a spike is still being fired when the next is due. */
export function checkSpikes({ count, everyMs }: Spikes, events: number, settings: Settings): void {
  const firing = firingMs(events / count, publishRate(settings));
  if (everyMs >= firing) return;
  const seconds = Math.ceil(firing / 1_000);
  throw new BenchError(
    "bad-usage",
    `--every ${everyMs / 1_000}s is shorter than the ${seconds} s in which the ${(events / count).toLocaleString("en")} events of a spike are fired, so that the spikes would overlap; give at least ${seconds}s.`,
  );
}

/** An id like `20261123-094512-scenario-4-x7k2`: time, name and chance. */
export function newRunId(name: string): string {
  const [day, time] = new Date()
    .toISOString()
    .replace(/[-:]|\..*/g, "")
    .split("T");
  const chance = randomInt(36 ** 4)
    .toString(36)
    .padStart(4, "0");
  return `${day}-${time}-${idPart(name).slice(0, 40)}-${chance}`;
}

/** The given id; where there are several scenarios, with the scenario's name behind it. */
function namedRunId(given: string, scenarios: readonly Scenario[], { name }: Scenario): string {
  return scenarios.length === 1 ? given : checkedRunId(`${given}-${idPart(name)}`);
}

function idPart(name: string): string {
  return name.replace(/[^A-Za-z0-9-]+/g, "-");
}

function checkRunIds(runIds: readonly string[]): void {
  const journals = new JournalStore(journalsDirectory);
  const records = new RecordStore(runsDirectory);
  for (const [index, runId] of runIds.entries()) {
    if (journals.has(runId)) {
      throw new BenchError(
        "bad-usage",
        `The run id ${runId} belongs to a run that was interrupted; go on with it by \`throttle-bench resume ${runId}\`, or choose another --run-id.`,
      );
    }
    const isTwice = runIds.indexOf(runId) !== index;
    if (isTwice || records.has(runId)) {
      throw new BenchError(
        "bad-usage",
        `The run id ${runId} ${isTwice ? "would be given twice" : "is taken"}; choose another --run-id.`,
      );
    }
  }
}
