/** The records of good nights in a directory: the newest of each scenario is its baseline, a bounded number stays. */

import type { RunRecord } from "../model.ts";
import { RecordStore, requireReadable } from "./store.ts";

export class BaselineStore {
  readonly #records: RecordStore;

  /** `directory` is made by the first `save`. */
  constructor(directory: string) {
    this.#records = new RecordStore(directory);
  }

  /** Newest first. Throws `bad-record` for a file that cannot be read, because it may be the baseline. */
  async list(): Promise<RunRecord[]> {
    const listing = await this.#records.list();
    requireReadable(listing);
    return listing.records;
  }

  /** Resolves with the file. Throws `target-failed`. */
  save(record: RunRecord): Promise<string> {
    return this.#records.save(record);
  }

  /**
   * Removes the oldest of the earlier nights of the current one's scenario, so that `most` stay with it, and resolves with the files.
   * `earlier` is newest first. A file that is not named after its run stays. Throws `target-failed`.
   */
  async trim(current: RunRecord, earlier: readonly RunRecord[], most: number): Promise<string[]> {
    const nights = earlier.filter(({ scenario, runId }) => scenario === current.scenario && runId !== current.runId);
    const tooMany = [...new Set(nights.map(({ runId }) => runId))].slice(most - 1);
    const removed = [];
    for (const runId of tooMany) removed.push(await this.#records.remove(runId));
    return removed.filter((file) => file !== null);
  }
}
