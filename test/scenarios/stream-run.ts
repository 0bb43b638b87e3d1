/** A run of a scenario in the model alone, with the ids of its rows: what the tests of order and loss look at. */
import { bench } from "../../src/bench.ts";
import type { RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { openLocal } from "../../src/targets/local.ts";
import { aContext, aRequest } from "./a-request.ts";

export interface StreamRun {
  record: RunRecord;
  /** ids in the order of their rows */
  completed: number[];
  dead: number[];
}

/** `set`: as `--set` takes it; `constants`: replace numbers of the model. */
export async function streamRun(
  name: string,
  set: readonly string[],
  events: number,
  seed: number,
  constants: Record<string, number> = {},
): Promise<StreamRun> {
  const target = await openLocal({ databaseUrl: null, platform: "2026", seed, constants });
  try {
    const timeoutMs = 86_400_000;
    const request = aRequest(findScenario(name), { runId: "run", set, events, timeoutMs, keep: true });
    const record = await bench(target, request, aContext());
    const idsOf = async (group: string) => {
      const { id, length } = await target.rows.columns(group);
      return [...id.subarray(0, length)];
    };
    return { record, completed: await idsOf(record.groupId), dead: await idsOf(record.deadLetterGroupId) };
  } finally {
    await target.close();
  }
}

/** The ids of these that no id of a higher number of the same group came before. */
export function isInOrder(ids: readonly number[], groups: number): boolean {
  const latest = new Map<number, number>();
  for (const id of ids) {
    const group = id % groups;
    if ((latest.get(group) ?? 0) > id) return false;
    latest.set(group, id);
  }
  return true;
}
