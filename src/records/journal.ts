/** The journal of a run: its request and the steps that are done. A run whose process ended goes on from it. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { BenchError, messageOf } from "../errors.ts";
import { makeOwnDirectory, openOwnFile } from "../files/own-files.ts";
import { mostBytesOfPlan, readUserText, UnreadableFile } from "../files/user-file.ts";
import type { SpikeLog } from "../model.ts";
import { pricesSchema } from "./prices.ts";
import { burst, count, expectations, ignored, spikes, stackEvent, stackNames, warning } from "./schema.ts";
import { isDiskFull, namesIn } from "./whole-file.ts";

/** Keeps the answers of a run's steps. */
export interface Journal {
  /**
   * Resolves with the journal's answer where it has one, else with that of `work`. A step that was begun and never answered is done
   * again by `work`. A step that must not be done twice has `unanswered`, which finds out what it came to.
   */
  step<Name extends StepName>(
    name: Name,
    work: () => Promise<StepAnswer<Name>>,
    unanswered?: () => Promise<StepAnswer<Name>>,
  ): Promise<StepAnswer<Name>>;
  spikes: SpikeLog;
}

/** Keeps nothing: the run ends with its process. */
export const noJournal: Journal = {
  step: (_name, work) => work(),
  spikes: { begun: [], begin: async () => {} },
};

const answers = {
  deploy: z.strictObject({ id: z.string(), ...stackNames.shape, events: z.array(stackEvent) }),
  fire: burst,
};

export type StepName = keyof typeof answers;
export type StepAnswer<Name extends StepName> = z.infer<(typeof answers)[Name]>;

const header = z.strictObject({
  journalVersion: z.literal(1),
  runId: z.string(),
  startedAt: z.iso.datetime(),
  scenario: z.strictObject({ name: z.string(), file: z.string(), templateBody: z.string() }),
  /** The values of NoEcho parameters are masked. */
  settings: z.record(z.string(), z.string()),
  /** A journal of an earlier version may know of no claims, or of no expectations at all. */
  expected: expectations
    .extend({ claims: expectations.shape.claims.default(null) })
    .default({ limit: null, maxLoss: null, maxWait: null, claims: null }),
  events: count,
  spikes: spikes.optional(),
  timeoutMs: count,
  waitForMetrics: z.boolean(),
  keep: z.boolean(),
  warnings: z.array(warning).default([]),
  ignored: ignored.nullable().default(null),
  /** absent: those of us-east-1 */
  prices: pricesSchema.optional(),
  /** absent: an earlier version began the journal */
  maxCostDollars: z.number().nonnegative().optional(),
  account: z.strictObject({
    id: z.string().nullable(),
    profile: z.string().optional(),
    region: z.string(),
    endpointUrl: z.string().optional(),
  }),
  /** The functions' network; null: none of the account's. */
  vpc: z
    .strictObject({ subnetIds: z.array(z.string()), securityGroupIds: z.array(z.string()) })
    .nullable()
    .default(null),
});

/** The request of a run, without its secrets, and the account that it is on. */
export type JournalHeader = z.infer<typeof header>;

const entry = z.union([
  z.strictObject({ begun: z.enum(["deploy", "fire"]) }),
  z.strictObject({ done: z.literal("deploy"), answer: answers.deploy }),
  z.strictObject({ done: z.literal("fire"), answer: answers.fire }),
  z.strictObject({ spike: count, at: z.int() }),
]);
type Entry = z.infer<typeof entry>;

/** A run whose process ended before the record was saved. */
export interface InterruptedRun {
  header: JournalHeader;
  /** The last step that is known to be done, and has not been begun anew. */
  reached: StepName | null;
  /** The burst was begun, and is not fired again. */
  hasFired: boolean;
  journal: Journal;
}

const extension = ".jsonl";

export class JournalStore {
  /** `directory`: usually `.throttle-bench/journals`; made by the first journal. */
  constructor(private readonly directory: string) {}

  /** Begins a run's journal. Throws `target-failed`. */
  async begin(run: JournalHeader): Promise<Journal> {
    await makeOwnDirectory(this.directory).catch((cause) => {
      throw this.unwritable(cause);
    });
    await this.#append(run.runId, run, "wx");
    return this.#journal(run.runId, []);
  }

  /** The id that is or uniquely begins with this. Throws `no-record`. */
  async find(beginning: string): Promise<string> {
    const ids = await this.list();
    const matches = ids.includes(beginning) ? [beginning] : ids.filter((id) => id.startsWith(beginning));
    if (matches.length === 1) return matches[0]!;
    if (matches.length === 0) throw notWaiting(beginning);
    throw new BenchError(
      "no-record",
      `"${beginning}" begins the ids of ${matches.length} runs that wait to be resumed; give more of the one you mean.`,
    );
  }

  /** Throws `no-record` when there is none of this id, `bad-record` when it cannot be read. */
  async load(runId: string): Promise<InterruptedRun> {
    const file = this.#file(runId);
    const text = this.#read(runId);
    // A line that was being written when the process ended is not whole.
    const lines = text.split("\n").slice(0, -1);
    try {
      const [first, ...rest] = lines.map((line) => JSON.parse(line));
      const entries = rest.map((line) => entry.parse(line));
      return {
        header: header.parse(first),
        reached: (["fire", "deploy"] as const).find((name) => answerIn(entries, name) !== null) ?? null,
        hasFired: entries.some((one) => "begun" in one && one.begun === "fire"),
        journal: this.#journal(runId, entries),
      };
    } catch (cause) {
      throw new BenchError(
        "bad-record",
        `${file} is not a journal that this version reads; use the version that wrote it, or drop it with \`throttle-bench resume ${runId} --drop\` and see \`throttle-bench clean\`.`,
        { cause },
      );
    }
  }

  /** Begins the deployment anew, because what it had made is gone. Its earlier answer holds no more. */
  async redeploy(runId: string): Promise<void> {
    await this.#append(runId, { begun: "deploy" }, "a");
  }

  /** The ids of the runs that can be resumed, sorted. */
  async list(): Promise<string[]> {
    return namesIn(this.directory, extension).catch(() => []);
  }

  /** Says whether a run of this id waits to be resumed. */
  has(runId: string): boolean {
    return existsSync(this.#file(runId));
  }

  async remove(runId: string): Promise<void> {
    await rm(this.#file(runId), { force: true });
  }

  #journal(runId: string, entries: readonly Entry[]): Journal {
    return {
      step: async (name, work, unanswered) => {
        const known = answerIn(entries, name);
        if (known !== null) return known;
        const isBegun = entries.some((one) => "begun" in one && one.begun === name);
        if (!isBegun) await this.#append(runId, { begun: name }, "a");
        const answer = isBegun && unanswered ? await unanswered() : await work();
        await this.#append(runId, { done: name, answer }, "a");
        return answer;
      },
      spikes: {
        begun: entries.filter((one) => "spike" in one),
        begin: (spike) => this.#append(runId, spike, "a"),
      },
    };
  }

  /** On the disk when it resolves. */
  async #append(runId: string, line: object, flags: "a" | "wx"): Promise<void> {
    try {
      const file = await openOwnFile(this.#file(runId), flags);
      try {
        await file.appendFile(`${JSON.stringify(line)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw this.unwritable(cause);
    }
  }

  /** Throws `no-record`, `bad-record`. */
  #read(runId: string): string {
    const file = this.#file(runId);
    try {
      return readUserText(file, mostBytesOfPlan);
    } catch (cause) {
      if (cause instanceof UnreadableFile && cause.isMissing) throw notWaiting(runId, cause);
      throw new BenchError(
        "bad-record",
        `The journal ${file} cannot be read (${messageOf(cause)}); remove it, and see \`throttle-bench clean\`.`,
        { cause },
      );
    }
  }

  #file(runId: string): string {
    return join(this.directory, runId + extension);
  }

  private unwritable(cause: unknown): BenchError {
    return new BenchError(
      "target-failed",
      `The run's journal could not be written to ${this.directory} (${messageOf(cause)}); make ${isDiskFull(cause) ? "room on its disk" : "the directory writable"} and run again.`,
      { cause },
    );
  }
}

function notWaiting(run: string, cause?: unknown): BenchError {
  return new BenchError(
    "no-record",
    `No run ${run} waits to be resumed; \`throttle-bench resume\` lists those that do.`,
    { cause },
  );
}

/** null: the step was not begun, or has not been answered since it was begun last. */
function answerIn<Name extends StepName>(entries: readonly Entry[], name: Name): StepAnswer<Name> | null {
  const last = entries.findLast((one) => ("done" in one ? one.done : "begun" in one && one.begun) === name);
  return last !== undefined && "answer" in last ? (last.answer as StepAnswer<Name>) : null;
}
