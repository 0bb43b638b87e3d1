/** `throttle-bench history`: shows how a scenario's figures went from record to record, and removes old records. */
import { join } from "node:path";
import { BenchError } from "../../errors.ts";
import type { RunRecord } from "../../model.ts";
import { RecordStore, requireReadable } from "../../records/store.ts";
import { history } from "../../reports/history.ts";
import { nameInRecords } from "../../scenarios/catalogue.ts";
import { runsDirectory } from "../directories.ts";
import { type AllFlagsOf, typedFlags } from "../flags/flag.ts";
import { ageMs, badUsage, quoted, text, wholeNumber } from "../flags/values.ts";
import { outputOptions, print, toJson } from "../output.ts";
import { defineVerb } from "../verb.ts";

const groups = [
  {
    title: "Records",
    flags: {
      directory: { takes: "<directory>", read: text, default: runsDirectory, help: "where the records are" },
      json: { help: "print the records as JSON, the newest last" },
      details: { help: "also the course of the figures beyond the published table" },
    },
  },
  {
    title: "Removal",
    flags: {
      prune: { help: "remove old records, of the scenario or of all; their rows stay in the database" },
      olderThan: { takes: "<age>", read: ageMs, help: "with --prune: those that are older, such as 12h or 30d" },
      keep: {
        takes: "<n>",
        read: wholeNumber(0, 1_000_000),
        help: "with --prune: all but the newest n of each scenario",
      },
      dryRun: { help: "with --prune: only say what would be removed" },
    },
  },
] as const;

type HistoryFlags = AllFlagsOf<typeof groups>;

export const verb = defineVerb({
  operands: [{ name: "[scenario]", help: "a name as `list` prints it; with --prune, default: every scenario" }],
  flags: groups,
  help: `Examples:
  throttle-bench history scenario-4
  throttle-bench history scenario-4 --directory nightly
  throttle-bench history --prune --keep 20
  throttle-bench history scenario-4 --prune --older-than 30d --dry-run`,
  async run(flags, name?: string) {
    const scenario = name === undefined ? undefined : nameInRecords(name);
    if (flags.prune) return prune(scenario, flags);
    const [ofRemoval] = typedFlags(flags, ["olderThan", "keep", "dryRun"]);
    if (ofRemoval !== undefined) throw badUsage(`${ofRemoval} says which records to remove; give it with --prune.`);
    if (scenario === undefined) {
      throw badUsage("No scenario is named; give one, such as `throttle-bench history scenario-4`.");
    }
    await printHistory(scenario, flags);
  },
});

/** Throws `no-record` that names the scenarios that there are, and `bad-record` after printing those that can be read. */
async function printHistory(scenario: string, { directory, json, details }: HistoryFlags): Promise<void> {
  const { records, problems } = await new RecordStore(directory).list();
  const own = records.filter((record) => record.scenario === scenario).reverse();
  if (own.length > 0) print(json ? toJson(own) : history(own, outputOptions(details)));
  requireReadable({ problems });
  if (own.length > 0) return;
  const others = [...new Set(records.map((record) => record.scenario))].sort();
  const cure = others.length > 0 ? `there are some of ${others.join(", ")}.` : "make one with `throttle-bench run`.";
  throw new BenchError("no-record", `There is no record of ${quoted(scenario)} in ${directory}; ${cure}`);
}

/** Leaves files alone that are no records, or not named after their run. Throws `bad-usage`, `target-failed`. */
async function prune(scenario: string | undefined, flags: HistoryFlags): Promise<void> {
  const isTooMuch = ruleOf(flags);
  const [printed] = typedFlags(flags, ["json", "details"]);
  if (printed !== undefined) throw badUsage(`--prune removes records and prints no figures; leave out ${printed}.`);
  const { directory, dryRun } = flags;
  const store = new RecordStore(directory);
  const all = (await store.list()).records;
  const records = scenario === undefined ? all : all.filter((record) => record.scenario === scenario);
  const chosen = records.filter(isTooMuch).filter(({ runId }) => store.has(runId));
  for (const { runId, scenario, startedAt } of chosen) {
    if (!dryRun) await store.remove(runId);
    print(`${dryRun ? "Would remove" : "Removed"} ${join(directory, runId)}.json, ${scenario} of ${startedAt}.`);
  }
  const kept = records.length - chosen.length;
  print(`${chosen.length} of ${records.length} records ${dryRun ? "would be" : "were"} removed; ${kept} stay.`);
}

/** Says of a record whether it is to go. Takes them newest first, as `list` gives them. */
function ruleOf({ olderThan, keep }: HistoryFlags): (record: RunRecord) => boolean {
  if (keep !== undefined && olderThan === undefined) {
    const seen = new Map<string, number>();
    return ({ scenario }) => {
      const count = (seen.get(scenario) ?? 0) + 1;
      seen.set(scenario, count);
      return count > keep;
    };
  }
  if (olderThan !== undefined && keep === undefined) {
    const before = Date.now() - olderThan;
    return ({ startedAt }) => Date.parse(startedAt) < before;
  }
  throw badUsage("--prune does not say which records are to go; give either --older-than 30d or --keep 20.");
}
