/** The hashes of the shipped scenarios' results. A change that should change no result is held to them, byte for byte. */
import { createHash } from "node:crypto";
import type pg from "pg";
import type { PlatformName, RunRecord } from "../../src/model.ts";

/** The hashes of one run. */
export interface Hashes {
  rows: string;
  summary: string;
  timeline: string;
  metrics: string;
}

export const scenarios = ["scenario-1", "scenario-2", "scenario-3", "scenario-4", "scenario-5"];
export const seeds = [1, 2, 3];
export const platforms: PlatformName[] = ["2020", "2026"];

/** Repetitions of one scenario by the command line, whose stored rows `--repeat` is held to. */
export const repetitions = {
  scenario: "scenario-3",
  events: 200,
  repeat: 3,
  seed: 1,
  platform: "2026" as PlatformName,
};

export function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/** The hash of a run's rows and dead letters. The run's id is taken out of their groups. */
export async function rowsHash(client: pg.Client, runId: string): Promise<string> {
  const { rows } = await client.query(
    `select id, sent_at, started_at, replace(group_id, $1, '') as group_id, batch_id, cache_id, created_at
     from invocations where group_id like $1 || '/%' order by group_id, created_at, id, batch_id`,
    [runId],
  );
  return hashOf(rows);
}

export async function hashesOf(client: pg.Client, record: RunRecord): Promise<Hashes> {
  return {
    rows: await rowsHash(client, record.runId),
    summary: hashOf(record.summary),
    timeline: hashOf(record.timeline),
    metrics: hashOf(record.metrics),
  };
}
