/** `throttle-bench sweep`: every combination of some settings, simulated. */
import { exitStatus } from "../../errors.ts";
import { figures } from "../../metrics/figures.ts";
import { sweepFormats } from "../../reports/sweeps/sweeps.ts";
import { sweepTable } from "../../reports/sweeps/table.ts";
import { type MapFigure, mapFigureNamed, mapFigureNames } from "../../reports/sweeps/words.ts";
import { requireWritableFiles, writeFiles } from "../files.ts";
import { burst, settingsOfWork } from "../flags/burst.ts";
import { readConfiguration } from "../flags/configuration.ts";
import { expectations, givenExpectations } from "../flags/expectations.ts";
import { chosenFormats, formatFlags } from "../flags/formats.ts";
import { assume, givenNumbers, model } from "../flags/model.ts";
import { ranges, repeat, timeout } from "../flags/run-options.ts";
import { system } from "../flags/system.ts";
import { badUsage, quoted, type Read, text } from "../flags/values.ts";
import { workers } from "../flags/workers.ts";
import { outputOptions, print } from "../output.ts";
import { defineVerb } from "../verb.ts";

/** So many show whether a cell keeps what is asked by chance. */
const defaultRepeats = 5;
const defaultFigure = "waitOldestMs";

const mapFigure: Read<MapFigure> = (typed, flag) => {
  const named = mapFigureNamed(typed);
  if (named !== undefined) return named;
  throw badUsage(`${flag} ${quoted(typed)} is no figure; give one of ${mapFigureNames.join(", ")}.`);
};

const fresh = { help: "simulate all anew, and drop what an earlier process of this sweep has kept" } as const;

const groups = [
  {
    title: "Values to sweep",
    flags: {
      set: {
        takes: "<Name=list>",
        read: text,
        repeats: true,
        help: "values of one of the scenario's settings, such as VisibilityTimeout=10,30,60..300:60; may be repeated",
      },
      work: burst.flags.work,
      rate: { takes: "<list>", read: text, help: "paces of the burst, such as 10/s,50/s" },
      events: { takes: "<list>", read: text, help: "events in the burst, such as 100,1000" },
      for: {
        takes: "<list>",
        read: text,
        help: "how long to fire, such as 10s,20s, at the --rate or the scenario's pace; in place of --events",
      },
      every: { takes: "<list>", read: text, help: "such a burst comes this often, such as 10m,30m (default: once)" },
      spikes: { takes: "<list>", read: text, help: "with --every, how many bursts to fire, such as 2,6 (default: 1)" },
      assume: {
        ...assume,
        takes: "<name=list>",
        help: "values of a number of the local model, such as database.connectMs=10..60:10; may be repeated",
      },
    },
  },
  expectations,
  system,
  {
    title: model.title,
    flags: {
      seed: model.flags.seed,
      platform: model.flags.platform,
      calibration: model.flags.calibration,
      repeat: { ...repeat, help: `simulations of each cell, with consecutive seeds (default: ${defaultRepeats})` },
      ranges,
      timeout,
    },
  },
  { title: workers.title, flags: { ...workers.flags, fresh } },
  {
    title: "Output",
    flags: {
      figure: {
        takes: "<figure>",
        read: mapFigure,
        help: `figure of the map: peakCalls, lost, or as thresholds name it (default: ${figures[defaultFigure].shortName})`,
      },
      details: { help: "print a row for every cell" },
      ...formatFlags(sweepFormats),
    },
  },
] as const;

export const verb = defineVerb({
  operands: [{ name: "<scenario>", help: "a name or alias, or the path of a template" }],
  flags: groups,
  help: `Every combination of the values is a cell, and each cell is simulated with the
same seeds. A list is values with commas between them; from..to:step stands for
all numbers from one to the other. A cell is ✓ when it keeps the limit and loses
nothing in all its runs, or no more than --max-loss, and within --max-wait;
else ✗. A cell that AWS would refuse is shown, and not simulated.

Each simulation is kept under .throttle-bench/sweeps, so that a sweep that was
ended at any moment goes on with the same command.

Ends with status 1 where a limit, loss or wait was given and no cell keeps it.

Examples:
  throttle-bench sweep scenario-4 --set VisibilityTimeout=10,30,60..300:60
  throttle-bench sweep sqs-reserved-1 --set MaxReceiveCount=1..10 --max-loss 0
  throttle-bench sweep scenario-4 --set WorkMs=250..2000:250 --rate 10/s,50/s
  throttle-bench sweep scenario-4 --set ReservedConcurrency=1..5 --html a.html`,
  async run(flags, name: string) {
    const { text: printed, files } = chosenFormats(sweepFormats, flags);
    requireWritableFiles(files);
    const defaults = (await readConfiguration()).run;
    const [
      { chooseScenario },
      { checkTemplate },
      { withEveryFault },
      { chooseGrid },
      { chosenModel },
      { withSimulators },
      { simulateSweep },
    ] = await Promise.all([
      import("../running/chosen-scenarios.ts"),
      import("../../targets/local.ts"),
      import("../running/faults.ts"),
      import("../running/grid.ts"),
      import("../running/chosen-model.ts"),
      import("../running/simulators.ts"),
      import("../running/sweep.ts"),
    ]);
    const repeats = flags.repeat ?? defaultRepeats;
    const scenario = await chooseScenario(name, flags).catch((error) => {
      throw withEveryFault(error, [], true);
    });
    checkTemplate(scenario);
    const { set = [], rate, events, for: forTyped, every, spikes } = flags;
    const lists = {
      set: [...set, ...settingsOfWork(flags.work, set)],
      burst: { rate, events, for: forTyped, every, spikes },
      numbers: givenNumbers(flags, defaults),
    };
    const given = givenExpectations(flags, defaults.expected);
    const grid = chooseGrid(scenario, lists, given, repeats);
    const { assume: _, ...ofModel } = flags;
    const choice = {
      scenario,
      grid,
      model: await chosenModel(ofModel, defaults, flags.ranges === true),
      repeat: repeats,
      timeoutMs: flags.timeout,
      isFresh: flags.fresh === true,
    };
    const sweep = await withSimulators(flags, (simulators) => simulateSweep(choice, simulators));
    const view = { sweep, figure: flags.figure ?? defaultFigure } as const;
    const options = outputOptions(flags.details);
    print(printed === null ? sweepTable(view, options) : printed.format.text([view], options, printed.choice));
    await writeFiles([view], files);
    if (isAsked(given) && sweep.fastest === null) process.exitCode = exitStatus.expectation;
  },
});

/** True where somebody asked for something. */
function isAsked({ limit, maxLoss, maxWaitMs }: ReturnType<typeof givenExpectations>): boolean {
  return limit !== null || maxLoss !== null || maxWaitMs !== null;
}
