/** `throttle-bench trace`: simulates a recorded run again, and follows one of its events from its publish to its end. */
import type { BenchError } from "../../errors.ts";
import { areOfSameRows } from "../../metrics/sameness.ts";
import type { RunRecord } from "../../model.ts";
import { RecordStore, requireReadable } from "../../records/store.ts";
import { traceText } from "../../reports/trace.ts";
import { nameInRecords } from "../../scenarios/catalogue.ts";
import { runsDirectory } from "../directories.ts";
import { badUsage, wholeNumber } from "../flags/values.ts";
import { outputOptions, print, toJson } from "../output.ts";
import { simulationOf } from "../running/simulated-again.ts";
import { defineVerb } from "../verb.ts";

export const verb = defineVerb({
  operands: [
    { name: "<run>", help: "latest, a run's id, a scenario (its latest run), or the path of a record" },
    { name: "<event>", help: "the number of the event, from 1" },
  ],
  flags: [{ title: "Output", flags: { json: { help: "print the trace as JSON" } } }],
  help: `The run is simulated again from its record, with its seed, settings, template
and numbers, and each step of the event is told: what happened, where, how long
it waited before, and for what. A run with --repeat is traced in its first seed.

Examples:
  throttle-bench trace latest 17
  throttle-bench trace scenario-4 1000
  throttle-bench trace 20261124-021500-scenario-4-x7k2 42 --json

Exit status: 0 done, 2 bad input: no such event, a run on an account, or one
that cannot be simulated again as it was.`,
  async run({ json }, run: string, typedEvent: string) {
    const record = await recordOf(run);
    const { totalEvents } = record.summary;
    const event = wholeNumber(0, Number.MAX_SAFE_INTEGER)(typedEvent, "The event");
    if (event < 1 || event > totalEvents) {
      throw badUsage(`The run ${record.runId} has no event ${event}; it has the events 1 to ${totalEvents}.`);
    }
    const simulation = simulationOf(record);
    const { traceEvent } = await import("../../simulation/trace.ts");
    const traced = await traceEvent(simulation, event);
    if (!areOfSameRows(record, traced.record)) throw another(record);
    print(json ? toJson(traced.trace) : traceText(traced.trace, record, outputOptions()));
  },
});

/** The latest where the name is of several. Throws `no-record`, `bad-record`, `bad-usage`. */
async function recordOf(run: string): Promise<RunRecord> {
  const { records, problems } = await new RecordStore(runsDirectory).find(nameInRecords(run));
  const [latest] = records;
  if (latest === undefined) requireReadable({ problems });
  return latest!;
}

function another({ runId, versions, outcome, scenario }: RunRecord): BenchError {
  const cause =
    outcome === "timeout" || outcome === "interrupted"
      ? "it was ended before its events were"
      : `throttle-bench ${versions.throttleBench} made it, and this model gives other rows`;
  return badUsage(
    `The run ${runId} cannot be simulated again as it was: ${cause}; run ${scenario} again and trace that.`,
  );
}
