/** `throttle-bench list`: the scenarios that there are, and what each does to a burst. */
import { wayFormats, waysTable } from "../../reports/comparisons/ways.ts";
import { burst } from "../flags/burst.ts";
import { readConfiguration } from "../flags/configuration.ts";
import { expectations, givenExpectations } from "../flags/expectations.ts";
import { type AllFlagsOf, typedFlags } from "../flags/flag.ts";
import { chosenFormats, formatFlags } from "../flags/formats.ts";
import { model } from "../flags/model.ts";
import { repeat, timeout } from "../flags/run-options.ts";
import { system } from "../flags/system.ts";
import { badUsage } from "../flags/values.ts";
import { workers } from "../flags/workers.ts";
import { columns, outputOptions, print, toJson } from "../output.ts";
import { defineVerb } from "../verb.ts";

/** So many show how far apart the runs of a way are, within seconds for all ways. */
const defaultRepeats = 10;

const { limit, limitTolerance } = expectations.flags;

const groups = [
  {
    title: "Output",
    flags: {
      compare: {
        help: "simulate a burst through each and print what each does to it, those that keep the limit first",
      },
      ...formatFlags(wayFormats),
    },
  },
  system,
  {
    title: "With --compare",
    flags: {
      ...burst.flags,
      limit,
      limitTolerance,
      ...model.flags,
      repeat: { ...repeat, help: `simulations of each, with consecutive seeds (default: ${defaultRepeats})` },
      ...workers.flags,
    },
  },
] as const;

type ListFlags = AllFlagsOf<typeof groups>;

const ofComparison = [
  "events",
  "rate",
  "for",
  "set",
  "work",
  "limit",
  "limitTolerance",
  "seed",
  "platform",
  "calibration",
  "assume",
  "repeat",
  "workers",
  "databaseUrl",
] as const;

export const verb = defineVerb({
  operands: [{ name: "[scenario...]", help: "names, all, or paths of templates", default: ["all"], words: ["all"] }],
  flags: groups,
  help: `With --compare every scenario is simulated with the same seeds. Each simulation
draws the numbers that AWS does not publish from their plausible ranges.

Examples:
  throttle-bench list
  throttle-bench list --compare
  throttle-bench list --compare --rate 200/s --for 30s --limit 5/s
  throttle-bench list --compare all ./mine.yaml --assume database.connectMs=40`,
  async run(flags, names: string[]) {
    if (flags.compare) return compareWays(flags, names);
    const { text } = chosenFormats(wayFormats, flags);
    const [given] = [...typedFlags(flags, ofComparison), ...(text?.format.name === "markdown" ? ["--markdown"] : [])];
    if (given !== undefined) throw badUsage(`${given} goes with --compare; add that, or leave it out.`);
    const { chooseScenarios } = await import("../running/chosen-scenarios.ts");
    const { scenarioFacts, scenarioTable } = await import("../describe.ts");
    const scenarios = await chooseScenarios(names, flags);
    print(text === null ? scenarioTable(scenarios, columns()) : toJson(scenarios.map(scenarioFacts)));
  },
});

async function compareWays(flags: ListFlags, names: readonly string[]): Promise<void> {
  const { text } = chosenFormats(wayFormats, flags);
  const defaults = (await readConfiguration()).run;
  const [
    { chooseScenarios },
    { chooseRequests },
    { chosenBurst },
    { chosenModel },
    { openCount },
    { withSimulators },
    { simulateWays },
  ] = await Promise.all([
    import("../running/chosen-scenarios.ts"),
    import("../running/requests.ts"),
    import("../flags/burst.ts"),
    import("../running/chosen-model.ts"),
    import("../running/progress.ts"),
    import("../running/simulators.ts"),
    import("../running/ways.ts"),
  ]);
  const requests = chooseRequests(await chooseScenarios(names, flags), {
    ...chosenBurst(flags),
    expected: givenExpectations(flags, defaults.expected),
    timeoutMs: timeout.read(timeout.default, "--timeout"),
    waitForMetrics: true,
    keep: true,
    runId: null,
    prices: null,
  });
  const model = await chosenModel(flags, defaults, true);
  const progress = await openCount(`${requests.length} ways`, "simulations");
  const ways = await withSimulators(flags, (simulators) =>
    simulateWays(simulators, requests, model, flags.repeat ?? defaultRepeats, (done, runs) =>
      progress.show(done, runs),
    ),
  ).finally(progress.stop);
  print(text === null ? waysTable(ways, outputOptions()) : text.format.text(ways, outputOptions(), text.choice));
}
