/** The work of `prune`: chooses the records that are too old or too many, says which, and removes them. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { BenchError, messageOf } from "../errors.ts";
import type { RunRecord } from "../model.ts";
import { RecordStore } from "../records/store.ts";
import type { PruneFlags } from "./commands/prune.ts";
import { wholeNumber } from "./flags/run-options.ts";
import { print } from "./output.ts";

const dayMs = 86_400_000;
const mostDays = 36_500;

/** Files that are no records, or not named after their run, are left alone. Throws `bad-usage`, `target-failed`. */
export async function prune(flags: PruneFlags): Promise<void> {
  const isTooMuch = ruleOf(flags);
  const { records } = await new RecordStore(flags.directory).list();
  const fileOf = ({ runId }: RunRecord) => join(flags.directory, `${runId}.json`);
  const chosen = records.filter(isTooMuch).filter((record) => existsSync(fileOf(record)));
  for (const record of chosen) {
    const file = fileOf(record);
    try {
      if (!flags.dryRun) await rm(file);
    } catch (cause) {
      throw new BenchError("target-failed", `${file} could not be removed (${messageOf(cause)}).`, { cause });
    }
    print(`${flags.dryRun ? "Would remove" : "Removed"} ${file}, ${record.scenario} of ${record.startedAt}.`);
  }
  const kept = records.length - chosen.length;
  print(`${chosen.length} of ${records.length} records ${flags.dryRun ? "would be" : "were"} removed; ${kept} stay.`);
}

/** Whether a record is to go; `list` gives them newest first, and the rule counts on it. */
function ruleOf({ olderThan, keep }: PruneFlags): (record: RunRecord) => boolean {
  if ((olderThan === undefined) === (keep === undefined)) {
    throw new BenchError(
      "bad-usage",
      "Which records are to go is not clear; give either --older-than 30d or --keep 20.",
    );
  }
  if (keep !== undefined) {
    const most = wholeNumber("--keep", keep, 0, 1_000_000);
    const seen = new Map<string, number>();
    return ({ scenario }) => {
      const count = (seen.get(scenario) ?? 0) + 1;
      seen.set(scenario, count);
      return count > most;
    };
  }
  const [, days] = /^(\d+)d$/.exec(olderThan!) ?? [];
  if (days === undefined) {
    throw new BenchError("bad-usage", `--older-than ${JSON.stringify(olderThan)} is no age; give days, such as 30d.`);
  }
  const before = Date.now() - wholeNumber("--older-than", days, 0, mostDays) * dayMs;
  return ({ startedAt }) => Date.parse(startedAt) < before;
}
