/** The records of good nights in a directory: the newest of each scenario is its baseline, a bounded number stays. */

import { BenchError } from "../errors.ts";
import type { RunRecord } from "../model.ts";
import { RecordStore } from "./store.ts";

export class BaselineStore {
  readonly #records: RecordStore;

  /** `directory` is made by the first `save`. */
  constructor(directory: string) {
    this.#records = new RecordStore(directory);
  }

  /** Newest first. Throws `bad-record` for a file that cannot be read, because it may be the baseline. */
  async list(): Promise<RunRecord[]> {
    const { records, problems } = await this.#records.list();
    if (problems.length > 0) throw new BenchError("bad-record", problems.map(({ problem }) => problem).join("\n"));
    return records;
  }

  /** Resolves with the file. Throws `target-failed`. */
  save(record: RunRecord): Promise<string> {
    return this.#records.save(record);
  }

  /**
   * Removes the oldest records of these scenarios until `most` of each are left, and resolves with the files. The records whose ids are
   * `current` stay, and so does every file that is not named after its run. Throws `bad-record`, `target-failed`.
   */
  async trim(scenarios: readonly string[], most: number, current: readonly (string | null)[]): Promise<string[]> {
    const removed: string[] = [];
    const records = await this.list();
    for (const scenario of scenarios) {
      const nights = new Set(records.filter((record) => record.scenario === scenario).map(({ runId }) => runId));
      const others = [...nights].filter((runId) => !current.includes(runId));
      for (const runId of others.slice(Math.max(0, most - (nights.size - others.length)))) {
        const file = await this.#records.remove(runId);
        if (file !== null) removed.push(file);
      }
    }
    return removed;
  }
}
