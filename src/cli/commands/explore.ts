/** `throttle-bench explore`: writes a page that simulates in the browser at every move of a slider, and opens it. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { messageOf } from "../../errors.ts";
import type { Explored, ExploredScenario } from "../../explore/question.ts";
import { makeOwnDirectory } from "../../files/own-files.ts";
import { nothingGiven } from "../../metrics/expectations.ts";
import { homeDirectory } from "../directories.ts";
import { requireWritable, write } from "../files.ts";
import { defaultEvents } from "../flags/burst.ts";
import { readConfiguration } from "../flags/configuration.ts";
import { model } from "../flags/model.ts";
import { timeout } from "../flags/run-options.ts";
import { type SystemFlags, system, systemWords } from "../flags/system.ts";
import { callLimit, text } from "../flags/values.ts";
import { print, tell } from "../output.ts";
import type { Found } from "../running/chosen-scenarios.ts";
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
    const [{ chooseFound }, { chosenModel }, { explorePage }] = await Promise.all([
      import("../running/chosen-scenarios.ts"),
      import("../running/chosen-model.ts"),
      import("../../explore/page.ts"),
    ]);
    const found = await chooseFound(names, flags);
    const configuration = (await readConfiguration()).run;
    const explored: Explored = {
      scenarios: await Promise.all(found.map((one) => exploredScenario(one, flags))),
      model: await chosenModel(flags, configuration, false),
      timeoutMs: timeout.read(timeout.default, "--timeout"),
      versions: versionsHere(),
    };
    const begin = { events: defaultEvents, limit: flags.limit ?? configuration.expected?.limit ?? "" };
    if (flags.out === undefined) await makeOwnDirectory(homeDirectory);
    await write(out, `${explorePage(explored, await readFile(workerFile, "utf8"), await sharedSettings(), begin)}\n`);
    print(out);
    if (flags.open && process.stdout.isTTY) await show(out);
  },
});

/** It is beside the bundle that this file is part of. */
const workerFile = new URL("./explore-worker.js", import.meta.url);

/** The page may be passed on, so that it has no secret of a template, and no path but the one that was given. Throws as a run does. */
async function exploredScenario({ scenario, lifting }: Found, flags: SystemFlags): Promise<ExploredScenario> {
  const [{ isShipped, isShippedTemplate }, { requestOf }] = await Promise.all([
    import("../../scenarios/catalogue.ts"),
    import("../../requests/request.ts"),
  ]);
  const { name, alias, file, published, keptTemplateBody } = scenario;
  const is = { isShipped: isShipped(scenario), hasShippedTemplate: isShippedTemplate(scenario) };
  requestOf({ scenario, overrides: [], expected: nothingGiven, isLocal: true, ...is });
  const own = [file, ...(lifting === null ? [] : systemWords(flags, lifting.system.template.parameters))];
  return {
    name,
    alias,
    file: basename(file),
    published,
    templateBody: keptTemplateBody,
    words: is.isShipped ? [alias ?? name] : own,
    ...is,
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
