/** Configurations, questions, parameters, prices and profiles, as files with hostile parts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfiguration } from "../../../src/cli/flags/configuration.ts";
import { readParameters } from "../../../src/cli/flags/parameters.ts";
import { question } from "../../../src/cli/flags/question.ts";
import { readQuestionFile } from "../../../src/cli/flags/question-file.ts";
import { checkedNumbers } from "../../../src/cli/running/assumptions.ts";
import { readPrices } from "../../../src/records/prices.ts";
import { loadProfile } from "../../../src/records/profile.ts";
import { aProfile } from "../../unit/records/a-profile.ts";
import { bomb, type Json, mutated, mutatedText, yamlOf } from "./mutations.ts";
import { noOutcome, type Outcome, tryInput } from "./outcome.ts";
import { Random } from "./random.ts";

interface Kind {
  what: string;
  data: Json;
  read(path: string): unknown;
}

const kinds: Kind[] = [
  {
    what: "a configuration",
    data: {
      target: "local",
      region: "eu-west-1",
      platform: 2026,
      endpointUrl: "http://127.0.0.1:1",
      alpha: 0.05,
      minimumEffect: "5%",
      thresholds: { timeTaken: "10%", failed: 0 },
      assume: { "database.connectMs": 20, "lambda.accountConcurrency": "50" },
      limit: "1/s",
      limitTolerance: "100ms",
      maxLoss: "1%",
      maxWait: "5m",
    },
    read: async (path) => {
      const { run } = await readConfiguration(path);
      const configured = Object.entries(run.assume ?? {}).map(([name, value]) => ({ name, value }));
      checkedNumbers({ given: [], configured });
    },
  },
  {
    what: "a question",
    data: {
      limit: "1/s",
      spike: "50/s",
      for: "20s",
      work: "300ms..2s",
      maxLoss: 0,
      order: "required",
      effort: "quick",
      duplicates: "tolerated",
    },
    read: (path) => readQuestionFile(path, question.flags),
  },
  {
    what: "parameters",
    data: [
      { ParameterKey: "Stage", ParameterValue: "prod" },
      "Size=1",
      { ParameterKey: "List", ParameterValue: ["a", "b"] },
    ],
    read: (path) => readParameters([`file://${path}`]),
  },
  {
    what: "parameters",
    data: { Parameters: { Stage: "prod", Size: 1, List: ["a"] } },
    read: (path) => readParameters([`file://${path}`]),
  },
  {
    what: "prices",
    data: JSON.parse(readFileSync(new URL("../../../src/metrics/prices.json", import.meta.url), "utf8")) as Json,
    read: readPrices,
  },
  {
    what: "a profile",
    data: JSON.parse(JSON.stringify(aProfile())) as Json,
    read: (path) => loadProfile(path, tmpdir()),
  },
];

function inputOf({ data }: Kind, random: Random): string {
  if (random.isOneIn(100)) return bomb(random.of([3, 9])) + yamlOf(data);
  const isYaml = random.isOneIn(2);
  const written = (value: Json) => (isYaml ? yamlOf(value) : JSON.stringify(value));
  return random.isOneIn(3)
    ? mutatedText(written(data), random)
    : written(mutated(random.isOneIn(3) ? mutated(data, random) : data, random));
}

export async function fuzzFiles(count: number, seed: number): Promise<Outcome> {
  const random = new Random(seed);
  const outcome = noOutcome();
  const directory = mkdtempSync(join(tmpdir(), "throttle-bench-fuzz-"));
  const path = join(directory, "input.json");
  try {
    for (let number = 0; number < count; number++) {
      const kind = random.of(kinds);
      const text = inputOf(kind, random);
      writeFileSync(path, text);
      await tryInput(outcome, kind.what, text, () => kind.read(path));
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  return outcome;
}
