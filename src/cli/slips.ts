/** Suggestions for somebody who typed a verb or a flag that there is not. */
import { didYouMean, meant } from "../scenarios/nearest.ts";
import { editDistance } from "../template/nearest.ts";
import { flagName } from "./flags/flag.ts";
import type { Verb } from "./verb.ts";

/** Edits by which a finger misses a flag. */
const slip = 2;

const verbsByMeaning = {
  new: ["init"],
  create: ["init"],
  lift: ["init"],
  convert: ["init"],
  bench: ["run"],
  start: ["run"],
  deploy: ["run"],
  simulate: ["run", "sweep"],
  suggest: ["recommend"],
  advise: ["recommend"],
  find: ["recommend"],
  search: ["recommend"],
  grid: ["sweep"],
  diff: ["compare"],
  ls: ["list"],
  scenario: ["list", "show"],
  describe: ["show"],
  rm: ["clean"],
  remove: ["clean"],
  delete: ["clean"],
  destroy: ["clean"],
  check: ["doctor"],
  print: ["report"],
  log: ["trace"],
  ci: ["nightly"],
};

const flagsByMeaning = {
  duration: ["--for"],
  count: ["--events"],
  number: ["--events"],
  message: ["--events"],
  pace: ["--rate"],
  run: ["--repeat"],
  iteration: ["--repeat"],
  time: ["--repeat"],
  thread: ["--workers", "--threads"],
  core: ["--workers", "--threads"],
  job: ["--workers", "--threads"],
  output: ["--out"],
  lost: ["--max-loss"],
  loss: ["--max-loss"],
  wait: ["--max-wait"],
  force: ["--yes"],
  setting: ["--set"],
  parameter: ["--set"],
};

/** A question, or null where nothing is near. */
export function verbMeant(typed: string, verbs: readonly string[]): string | null {
  return didYouMean(
    meant(
      typed,
      verbs.map((name) => ({ name })),
      verbsByMeaning,
    ),
  );
}

/**
 * A question, or null where nothing is near. `typed`: such as `--concurrency`. `words`: of the whole line, one of which may name the
 * scenario, whose settings a user may have taken for flags.
 */
export async function flagMeant(typed: string, verb: Verb, words: readonly string[]): Promise<string | null> {
  if ("verbs" in verb) return null;
  const all = verb.flags.flatMap(({ flags }) => Object.entries(flags));
  const flags = [...all.map(([key, flag]) => flagName(key, flag)), "--help", "--verbose", "--quiet", "--version"];
  const [near] = meant(
    typed,
    flags.map((name) => ({ name })),
    flagsByMeaning,
  );
  const isSure = near !== undefined && (editDistance(typed, near) <= slip || isNamedOtherwise(typed, near));
  const settings = !isSure && flags.includes("--set") ? await settingsFor(typed, words) : [];
  if (settings.length > 0) return didYouMean(settings.map((name) => `--set ${name}=…`));
  return near === undefined ? null : didYouMean([near]);
}

function isNamedOtherwise(typed: string, flag: string): boolean {
  return Object.entries(flagsByMeaning).some(([word, names]) => typed.includes(word) && names.includes(flag));
}

/** Settings of the scenario that a word names; where none does, of one that has those that most have. */
async function settingsFor(typed: string, words: readonly string[]): Promise<string[]> {
  const [{ findScenario }, { settingsMeant }] = await Promise.all([
    import("../scenarios/catalogue.ts"),
    import("../scenarios/settings.ts"),
  ]);
  for (const name of [...words.filter((word) => !word.startsWith("-")), "scenario-4"]) {
    try {
      return settingsMeant(findScenario(name), typed);
    } catch {
      // It is no scenario.
    }
  }
  return [];
}
