/** A refresh completes a run's record from its account's CloudWatch, and keeps it. */
import { isDeepStrictEqual } from "node:util";
import { BenchError } from "../../errors.ts";
import type { RunRecord } from "../../model.ts";
import type { RecordStore } from "../../records/store.ts";
import { refresh } from "../../steps/refresh.ts";
import { readConfiguration } from "../flags/configuration.ts";
import { accountOfRun } from "../flags/place.ts";
import { openAccount } from "./account.ts";

/** Gives the records as they are now, and says on stderr what became of each. Throws `bad-usage` for a prediction. */
export async function refreshRecords(
  records: readonly RunRecord[],
  store: RecordStore,
  flags: { profile?: string; endpointUrl?: string },
): Promise<RunRecord[]> {
  const prediction = records.find(({ target }) => target === "local");
  if (prediction) {
    throw new BenchError(
      "bad-usage",
      `${prediction.runId} is a prediction, and no CloudWatch has more to say of it; --refresh is for runs with --target aws.`,
    );
  }
  const { run: defaults } = await readConfiguration();
  const refreshed: RunRecord[] = [];
  for (const record of records) {
    const where = { region: record.location.region, endpointUrl: record.location.endpoint ?? undefined };
    const target = await openAccount(accountOfRun(where, flags, process.env, defaults));
    try {
      const now = await refresh(target, record);
      const { readAt } = record.metricsWindow;
      const isSame = isDeepStrictEqual({ ...now, metricsWindow: { ...now.metricsWindow, readAt } }, record);
      if (!isSame) await store.save(now);
      process.stderr.write(`${record.runId}: ${isSame ? "CloudWatch has nothing new" : "refreshed"}.\n`);
      refreshed.push(isSame ? record : now);
    } finally {
      await target.close();
    }
  }
  return refreshed;
}
