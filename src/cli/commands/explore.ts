/** `throttle-bench explore`: writes a page that simulates in the browser at every move of a slider, and opens it. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { messageOf } from "../../errors.ts";
import type { Explored } from "../../explore/question.ts";
import { makeOwnDirectory } from "../../files/own-files.ts";
import type { Scenario } from "../../model.ts";
import { homeDirectory } from "../directories.ts";
import { requireWritable, write } from "../files.ts";
import { readConfiguration } from "../flags/configuration.ts";
import { model } from "../flags/model.ts";
import { timeout } from "../flags/run-options.ts";
import { system } from "../flags/system.ts";
import { callLimit, text } from "../flags/values.ts";
import { print, tell } from "../output.ts";
import { defineVerb } from "../verb.ts";
import { versionsHere } from "../version.ts";

const groups = [
  {
    title: "Page",
    flags: {
      out: { takes: "<file>", read: text, help: `where the page is written (default: ${homeDirectory}/explore.html)` },
      open: { negates: true, help: "only write the page, and open no browser" },
      limit: { takes: "<n/unit>", read: callLimit, help: "what the downstream allows, such as 1/s, to begin with" },
    },
  },
  system,
  model,
] as const;

const defaultFile = `${homeDirectory}/explore.html`;
const firstEvents = 1_000;

export const verb = defineVerb({
  operands: [{ name: "[scenario...]", help: "names, all, or paths of templates", default: ["all"], words: ["all"] }],
  flags: groups,
  help: `The page simulates by itself, in the browser, with the same model as
\`throttle-bench run\`: move a slider, and see the verdict, the timeline and what
is lost. It is one file that asks the network for nothing, so it can be passed
on or published. A browser is opened where stdout is a terminal.

Examples:
  throttle-bench explore
  throttle-bench explore ./mine.yaml scenario-4 --limit 5/s
  throttle-bench explore --no-open --out public/index.html

Exit status: 0 done, 2 bad input.`,
  async run(flags, names: string[]) {
    const out = flags.out ?? defaultFile;
    requireWritable(out);
    const [{ chooseScenarios }, { chosenModel }, { explorePage }] = await Promise.all([
      import("../running/chosen-scenarios.ts"),
      import("../running/chosen-model.ts"),
      import("../../explore/page.ts"),
    ]);
    const scenarios = await chooseScenarios(names, flags);
    const configuration = (await readConfiguration()).run;
    const explored: Explored = {
      scenarios: await Promise.all(scenarios.map(exploredScenario)),
      model: await chosenModel(flags, configuration, false),
      timeoutMs: timeout.read(timeout.default, "--timeout"),
      versions: versionsHere(),
    };
    const begin = { events: firstEvents, limit: flags.limit ?? configuration.expected?.limit ?? "" };
    if (flags.out === undefined) await makeOwnDirectory(homeDirectory);
    await write(out, `${explorePage(explored, await readFile(workerFile, "utf8"), await sharedSettings(), begin)}\n`);
    print(out);
    if (flags.open && process.stdout.isTTY) await show(out);
  },
});

/** It is beside the bundle that this file is part of. */
const workerFile = new URL("./explore-worker.js", import.meta.url);

/** The page may be passed on, so that it has no secret of a template. */
async function exploredScenario(given: Scenario) {
  const { isShipped, isShippedTemplate, keptScenario } = await import("../../scenarios/catalogue.ts");
  const { name, alias, file } = given;
  const scenario = keptScenario({ name, file: basename(file), templateBody: given.keptTemplateBody });
  return {
    scenario,
    words: [isShipped(given) ? (alias ?? name) : file],
    isShipped: isShipped(given),
    hasShippedTemplate: isShippedTemplate(given),
  };
}

/** The settings that every shipped scenario has. */
async function sharedSettings(): Promise<Set<string>> {
  const [{ shippedScenarios }, { settingsIn }] = await Promise.all([
    import("../../scenarios/catalogue.ts"),
    import("../../scenarios/settings.ts"),
  ]);
  const [first = [], ...others] = shippedScenarios().map((scenario) => settingsIn(scenario).map(({ name }) => name));
  return new Set(first.filter((name) => others.every((names) => names.includes(name))));
}

/** A page that no browser shows is there all the same. */
async function show(path: string): Promise<void> {
  const { default: open } = await import("open");
  await open(path).catch((failure) => tell(`No browser could be opened (${messageOf(failure)}); open ${path} in one.`));
}
