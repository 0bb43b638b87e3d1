/** `throttle-bench run`: deploys each scenario, fires the burst, and prints what became of it. */
import { readConfiguration } from "../flags/configuration.ts";
import { runGroups, runOptions } from "../flags/run-options.ts";
import { defineVerb } from "../verb.ts";

export const verb = defineVerb({
  operands: [
    { name: "<scenario...>", help: "names as `list` prints them, all, or the path of a template", words: ["all"] },
  ],
  flags: runGroups,
  help: `Examples:
  throttle-bench run scenario-4
  throttle-bench run scenario-3 scenario-4 --set WorkMs=800
  throttle-bench run scenario-5 --rate 200/s --for 30s
  throttle-bench run all --json > results.json
  throttle-bench run ./mine.yaml --events 200 --details
  throttle-bench run ./template.yaml --function Worker --work 300ms..2s
  throttle-bench run scenario-4 --limit 5/s --max-loss 0 --max-wait 30m

Exit status: 0 done, 1 events are missing or the run breaks what a flag of the
verdict or the configuration file asks for, 2 bad input, 3 the target failed,
130 interrupted.`,
  async run(flags, names: string[]) {
    const options = runOptions(flags, process.env, (await readConfiguration()).run);
    const [{ chooseScenarios }, { withEveryFault }, { runSeries }] = await Promise.all([
      import("../running/chosen-scenarios.ts"),
      import("../running/faults.ts"),
      import("../running/series.ts"),
    ]);
    const isLocal = options.target.name === "local";
    const scenarios = await chooseScenarios(names, flags).catch((error) => {
      throw withEveryFault(error, options.overrides, isLocal);
    });
    await runSeries(scenarios, options);
  },
});
