/** Templates of every format with hostile nodes and texts in them, read as every verb reads them. */
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { scenarioFacts, scenarioPage } from "../../../src/cli/describe.ts";
import { requireFaultless, withEveryFault } from "../../../src/cli/running/faults.ts";
import { BenchError } from "../../../src/errors.ts";
import { findScenario, isScenario, scenarioIn, shippedNames } from "../../../src/scenarios/catalogue.ts";
import { settingsOf } from "../../../src/scenarios/settings.ts";
import { simulateRecord } from "../../../src/simulation/simulate.ts";
import { adviceOn } from "../../../src/systems/advice.ts";
import { eventPathsIn } from "../../../src/systems/event-paths.ts";
import { readSystem } from "../../../src/systems/formats/formats.ts";
import { lift } from "../../../src/systems/lift.ts";
import { ignoredIn } from "../../../src/targets/service-rules.ts";
import { foreignDataOf, parseSource } from "../../../src/template/nodes.ts";
import { bomb, type Json, mutated, mutatedText, yamlOf } from "./mutations.ts";
import { noOutcome, type Outcome, tryInput } from "./outcome.ts";
import { Random } from "./random.ts";

interface Seed {
  file: string;
  text: string;
  data: Json;
}

const folder = new URL("../../systems/templates/", import.meta.url);

/** The shipped scenarios and small templates of other systems, as text and as data. */
function seeds(): Seed[] {
  const scenarios = shippedNames().map((name) => ({
    file: `${name}.yaml`,
    text: readFileSync(findScenario(name).file, "utf8"),
  }));
  const systems = readdirSync(folder).map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") }));
  return [...scenarios, ...systems].map(({ file, text }) => {
    // Plain data, functions in their long form; nothing of it is shared.
    const { root } = foreignDataOf(parseSource(text, file), file);
    return { file, text, data: JSON.parse(JSON.stringify(root)) as Json };
  });
}

function inputOf({ text, data, file }: Seed, random: Random): string {
  if (random.isOneIn(200)) return `${bomb(random.of([2, 9]))}${text}`;
  if (random.isOneIn(3)) return mutatedText(random.isOneIn(4) ? mutatedText(text, random) : text, random);
  let changed = data;
  for (let times = random.of([1, 1, 1, 2, 5]); times > 0; times--) changed = mutated(changed, random);
  const isJson = extname(file) === ".json" || random.isOneIn(2);
  return isJson ? JSON.stringify(changed) : yamlOf(changed);
}

/** Does with a text what `show`, `run`, `init --from` and `recommend --from` do before anything is made. */
async function read(file: string, text: string, random: Random): Promise<void> {
  if (text.trim() === "" || text.includes("\0")) return;
  if (!isScenario(text)) {
    const system = readSystem({ file, text, parameters: {} });
    for (const path of eventPathsIn(system).slice(0, 3)) {
      const lifted = lift(system, { functionName: path.stations.at(-1)!.logicalId ?? undefined });
      adviceOn(system, lifted);
      ignoredIn(lifted.scenario, []);
    }
    lift(system);
    return;
  }
  try {
    const scenario = scenarioIn(file, text);
    scenarioPage(scenario, 80, null);
    JSON.stringify(scenarioFacts(scenario));
    const settings = settingsOf(scenario, []);
    requireFaultless(scenario, settings, true);
    if (!random.isOneIn(20)) return;
    // The model may refuse the stack as AWS does, which ends a run with 3.
    await simulateRecord({
      request: {
        runId: "fuzz",
        scenario,
        settings,
        events: 2,
        timeoutMs: 3_600_000,
        expected: { limit: null, maxLoss: null, maxWait: null, claims: null },
        waitForMetrics: false,
        keep: false,
        versions: { throttleBench: "0", node: "0" },
      },
      model: { platform: "2026", seed: 1, profile: null, ranges: false, constants: {} },
    }).catch((error: unknown) => {
      if (!(error instanceof BenchError)) throw error;
    });
  } catch (error) {
    throw error instanceof BenchError ? withEveryFault(error, [], true) : error;
  }
}

export async function fuzzTemplates(count: number, seed: number): Promise<Outcome> {
  const random = new Random(seed);
  const outcome = noOutcome();
  const known = seeds();
  for (let number = 0; number < count; number++) {
    const from = known[number % known.length]!;
    const text = inputOf(from, random);
    await tryInput(outcome, from.file, text, () => read(from.file, text, random));
  }
  return outcome;
}
