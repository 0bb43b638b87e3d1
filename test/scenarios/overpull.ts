/** The public demonstration of overpull: the same queue and handler, held back by a reservation or by MaximumConcurrency. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunRecord } from "../../src/model.ts";
import type { Workbench } from "./bench.ts";

/** A template of a user's own, and the two ways of throttling it. */
export async function overpull(
  workbench: Workbench,
  events: number,
  set: string[],
): Promise<{ reservation: RunRecord; maximumConcurrency: RunRecord }> {
  const directory = await mkdtemp(join(tmpdir(), "throttle-bench-overpull-"));
  try {
    const template = join(directory, "orders.yaml");
    const shipped = await readFile("infra/scenarios/scenario-3.yaml", "utf8");
    await writeFile(template, shipped.replace(/^ {4}Published:\n(?: {6}.*\n|\n)+/m, ""));
    const options = { events, platform: "2026" as const, timeoutMs: 1_209_600_000 };
    return {
      reservation: await workbench.run(template, { ...options, set }),
      maximumConcurrency: await workbench.run(template, { ...options, set: [...set, "MaximumConcurrency=2"] }),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
