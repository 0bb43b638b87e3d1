/** The work of `history`: finds the records of a scenario, oldest first. */
import { BenchError } from "../errors.ts";
import { RecordStore } from "../records/store.ts";
import { history } from "../reports/history.ts";
import { columns, isColourful, print, toJson } from "./output.ts";

/** Throws `no-record` that names the scenarios that there are, and `bad-record` after printing those that can be read. */
export async function printHistory(scenario: string, flags: { directory: string; json?: boolean }): Promise<void> {
  const { records, problems } = await new RecordStore(flags.directory).list();
  const own = records.filter((record) => record.scenario === scenario).reverse();
  if (own.length > 0) print(flags.json ? toJson(own) : history(own, { columns: columns(), colour: isColourful() }));
  if (problems.length > 0) throw new BenchError("bad-record", problems.map(({ problem }) => problem).join("\n"));
  if (own.length > 0) return;
  const others = [...new Set(records.map((record) => record.scenario))].sort();
  const cure = others.length > 0 ? `there are some of ${others.join(", ")}.` : "make one with `throttle-bench run`.";
  throw new BenchError("no-record", `There is no record of ${JSON.stringify(scenario)} in ${flags.directory}; ${cure}`);
}
