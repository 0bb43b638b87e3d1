/** Simulates for others: takes batches from their queues in Postgres, and answers to them. */
import { type Job, JobQueues } from "../database/job-queues.ts";
import { systemClock } from "../targets/clock.ts";
import { batchesOfThread } from "./batches.ts";
import { buildOf } from "./build.ts";
import { type Asker, answersOf, askerOf, batchesOf, pack, type RemoteBatch, staleMs, unpack } from "./remote-jobs.ts";
import type { Plan, Variation } from "./simulate.ts";
import { type Simulators, workerFile } from "./workers.ts";

/** Queues come and go no faster than somebody can ask. */
const betweenListsMs = 500;
const shortestPauseMs = 20;
const longestPauseMs = 500;

/** How far a worker is. */
export interface Done {
  batches: number;
  simulations: number;
  /** batches that it has taken and not answered */
  underway: number;
}

export interface Hearing {
  done(done: Done): void;
  /** Batches of another build wait, which this worker leaves to workers of that build. It is told once of each. */
  otherBuild(build: string): void;
}

export interface Until {
  /** Its abortion ends the work after the batches that have been taken. */
  signal: AbortSignal;
  /** Ends the work when nobody has asked for so long; null: never. */
  idleMs: number | null;
}

export class RemoteWorker {
  readonly build: string;
  readonly #queues: JobQueues;
  readonly #simulators: Simulators;
  readonly #hearing: Hearing;
  readonly #underway = new Set<Promise<void>>();
  readonly #otherBuilds = new Set<string>();
  readonly #done = { batches: 0, simulations: 0 };
  #askers: Asker[] = [];
  #listedAt = Number.NEGATIVE_INFINITY;
  /** null: nothing is wrong */
  #failure: { reason: unknown } | null = null;
  /** The plan that was unpacked last: batches of one plan come one after the other. */
  #plan: { text: string; plan: Plan } | null = null;

  private constructor(build: string, queues: JobQueues, simulators: Simulators, hearing: Hearing) {
    this.build = build;
    this.#queues = queues;
    this.#simulators = simulators;
    this.#hearing = hearing;
  }

  /** `file`: the built worker, which the simulators run, too. Throws BenchError as `JobQueues.open` does. */
  static async open(url: string, simulators: Simulators, hearing: Hearing, file = workerFile): Promise<RemoteWorker> {
    return new RemoteWorker(await buildOf(file), await JobQueues.open(url), simulators, hearing);
  }

  /** Names the database without its password. */
  get where(): string {
    return this.#queues.where;
  }

  /** Resolves when it is told to end, or has been idle for long. Throws BenchError `database-failed`. */
  async work({ signal, idleMs }: Until): Promise<Done> {
    const most = this.#simulators.threads * batchesOfThread;
    let pauseMs = shortestPauseMs;
    let busyAt = systemClock.now();
    while (!signal.aborted && this.#failure === null) {
      if (this.#underway.size >= most) {
        await Promise.race(this.#underway);
        continue;
      }
      const isTaken = await this.#take(most - this.#underway.size);
      const now = systemClock.now();
      // A job that another has taken may still come back from it, as long as somebody asks.
      if (isTaken || this.#underway.size > 0 || this.#askers.length > 0) busyAt = now;
      pauseMs = isTaken ? shortestPauseMs : Math.min(longestPauseMs, pauseMs * 2);
      if (isTaken) continue;
      if (idleMs !== null && now - busyAt >= idleMs) break;
      await systemClock.sleep(pauseMs, signal).catch(() => {});
    }
    await Promise.all(this.#underway);
    if (this.#failure !== null) throw this.#failure.reason;
    return this.#soFar();
  }

  async close(): Promise<void> {
    await this.#queues.close();
  }

  /** Takes so many batches at most, from each who asks in turn. Resolves with false when nobody has any. */
  async #take(most: number): Promise<boolean> {
    if (systemClock.now() - this.#listedAt >= betweenListsMs) await this.#list();
    let room = most;
    for (const asker of this.#askers) {
      if (room === 0) break;
      const jobs = await this.#queues.fetch<RemoteBatch>(batchesOf(asker), room);
      room -= jobs.length;
      for (const job of jobs) this.#begin(asker, job);
    }
    // Whoever was asked first now is asked last the next time.
    this.#askers.push(...this.#askers.splice(0, 1));
    return room < most;
  }

  /** Finds who asks, and removes the queues of those who have died. */
  async #list(): Promise<void> {
    const askers: Asker[] = [];
    const queues = await this.#queues.queues();
    for (const { name, idleMs } of queues) {
      const asker = askerOf(name);
      if (asker === null) continue;
      if (idleMs > staleMs) await this.#removeQueuesOf(asker);
      else if (asker.build === this.build) askers.push(asker);
      else if (!this.#otherBuilds.has(asker.build)) {
        this.#otherBuilds.add(asker.build);
        this.#hearing.otherBuild(asker.build);
      }
    }
    this.#askers = askers;
    this.#listedAt = systemClock.now();
  }

  async #removeQueuesOf(asker: Asker): Promise<void> {
    if (await this.#queues.remove(batchesOf(asker))) await this.#queues.remove(answersOf(asker));
  }

  #begin(asker: Asker, job: Job<RemoteBatch>): void {
    const work: Promise<void> = this.#answer(asker, job)
      .catch((reason) => {
        this.#failure ??= { reason };
      })
      .finally(() => {
        this.#underway.delete(work);
        this.#hearing.done(this.#soFar());
      });
    this.#underway.add(work);
    this.#hearing.done(this.#soFar());
  }

  /** Who dies between answer and deletion has done it all the same: the second answer is not heard. */
  async #answer(asker: Asker, { id, data }: Job<RemoteBatch>): Promise<void> {
    const variations = unpack(data.variations) as Variation[];
    const answer = pack(await this.#simulators.answer({ plan: this.#planOf(data), variations }));
    const job = { queue: answersOf(asker), id: this.#queues.newId(), data: { id: data.id, answer } };
    await this.#queues.insert([job]);
    await this.#queues.delete(batchesOf(asker), [id]);
    this.#done.batches++;
    this.#done.simulations += variations.length;
  }

  #planOf({ plan: text }: RemoteBatch): Plan {
    if (this.#plan?.text !== text) this.#plan = { text, plan: unpack(text) as Plan };
    return this.#plan.plan;
  }

  #soFar(): Done {
    return { ...this.#done, underway: this.#underway.size };
  }
}
