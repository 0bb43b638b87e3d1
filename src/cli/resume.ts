/** The work of `resume`: an interrupted run from its journal to its record. */
import { bench } from "../bench.ts";
import { BenchError, exitStatus } from "../errors.ts";
import { JournalStore } from "../records/journal.ts";
import { RecordStore } from "../records/store.ts";
import { readScenario } from "../scenarios/scenario.ts";
import { removalOf } from "../stacks/stack.ts";
import { stackNameOf } from "../steps/stack.ts";
import type { ResumeFlags } from "./commands/resume.ts";
import { withDatabase } from "./database.ts";
import { journalsDirectory, runsDirectory } from "./directories.ts";
import { watchForInterruption } from "./interruption.ts";
import { print, printRecords } from "./output.ts";
import { openProgress } from "./progress.ts";
import { openTarget } from "./target.ts";
import { packageVersion } from "./version.ts";

const stepReached = { deploy: "deployed, not fired", fire: "fired" } as const;

/** A line for each, on stdout. */
export async function listInterrupted(): Promise<void> {
  const journals = new JournalStore(journalsDirectory);
  const lines: string[] = [];
  for (const runId of await journals.list()) {
    const { header, reached } = await journals.load(runId);
    const step = reached === null ? "not deployed" : stepReached[reached];
    lines.push(`${runId}  ${header.scenario.name}, begun ${header.startedAt}, ${step}, in ${header.account.region}`);
  }
  print(lines.length > 0 ? lines.join("\n") : "No run waits to be resumed.");
}

/** Saves and prints the record, and drops the journal. */
export async function resume(runId: string, flags: ResumeFlags): Promise<void> {
  const journals = new JournalStore(journalsDirectory);
  const { header, reached, journal } = await journals.load(runId);
  if (reached === null) {
    throw new BenchError(
      "bad-usage",
      `The run ${runId} had not been deployed when it ended; remove what there is with \`throttle-bench clean ${stackNameOf(runId)}\`, and run it again.`,
    );
  }
  const { profile, region, endpointUrl } = header.account;
  const { name, file, templateBody } = header.scenario;
  const scenario = readScenario(name, file, templateBody);
  const interruption = watchForInterruption();
  const progress = await openProgress(name, "aws", flags.json === true);
  try {
    await withDatabase(flags.databaseUrl ?? (process.env.DATABASE_URL || null), async (databaseUrl) => {
      const target = await openTarget(
        {
          name: "aws",
          profile: flags.profile ?? profile,
          region,
          endpointUrl: flags.endpointUrl ?? endpointUrl,
          clockUrl: process.env.THROTTLE_BENCH_CLOCK || undefined,
        },
        databaseUrl,
      );
      interruption.left = `The stack ${stackNameOf(runId)} may be left; remove it with: ${removalOf(target, stackNameOf(runId))}`;
      try {
        const { startedAt, settings, events, timeoutMs, waitForMetrics, keep } = header;
        const record = await bench(
          target,
          {
            ...{ scenario, settings, events, runId, timeoutMs, waitForMetrics, keep, signal: interruption.signal },
            versions: { throttleBench: packageVersion(), node: process.version },
            wallClock: () => new Date().toISOString(),
          },
          progress.show,
          journal,
        );
        const resumed = { ...record, startedAt };
        progress.stop();
        process.stderr.write(`The record is ${await new RecordStore(runsDirectory).save(resumed)}.\n`);
        await journals.remove(runId);
        await printRecords([resumed], flags);
        if (record.outcome === "interrupted")
          throw new BenchError("interrupted", `The run ${runId} was interrupted again.`);
        if (record.summary.eventsMissing > 0) process.exitCode = exitStatus.expectation;
      } finally {
        interruption.left = null;
        await target.close();
      }
    });
  } finally {
    progress.stop();
    interruption.release();
  }
}
