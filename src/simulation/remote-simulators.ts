/** Simulates on other machines: batches wait in a queue in Postgres for `throttle-bench worker`, wherever it runs. */
import { JobQueues, type NewJob } from "../database/job-queues.ts";
import { BenchError } from "../errors.ts";
import type { Figures } from "../model.ts";
import { systemClock } from "../targets/clock.ts";
import { figuresInBatches } from "./batches.ts";
import { buildOf } from "./build.ts";
import {
  type Asker,
  answersOf,
  batchesOf,
  pack,
  type RemoteAnswer,
  type RemoteBatch,
  renewMs,
  unpack,
} from "./remote-jobs.ts";
import type { Plan, Variation } from "./simulate.ts";
import type { Simulating } from "./simulating.ts";
import type { BatchAnswer } from "./worker.ts";
import { workerFile } from "./workers.ts";

/** Batches wait for so many threads, wherever they are. More of them than this find less to do at the end of a plan. */
const threads = 64;
/** A batch of a fifth of a second that takes longer has lost its worker. */
const leastLeaseSeconds = 30;
/** A tenth of what a core simulates in a second. */
const eventsOfLeaseSecond = 5_000;
/** So many workers may die over a batch. The next would, too. */
const deadWorkers = 4;
const answersAtATime = 100;
const shortestPauseMs = 20;
const longestPauseMs = 250;
/** Told when no worker has answered for so long, and so often. */
const silenceMs = 10_000;
const betweenSilencesMs = 60_000;

interface Waiting {
  job: NewJob;
  nobodyWaits: AbortSignal;
  withdraw(): void;
  resolve(answer: BatchAnswer): void;
  reject(reason: unknown): void;
}

/**
 * A request that is not answered is kept here, so that it can be made again. Whoever answers first is heard: a batch may be done
 * twice, and the same comes of it.
 */
export class RemoteSimulators implements Simulating {
  readonly #queues: JobQueues;
  readonly #asker: Asker;
  readonly #silent: (where: string) => void;
  /** By the id of the batch. */
  readonly #waiting = new Map<string, Waiting>();
  #toSend: NewJob[] = [];
  #toWithdraw: string[] = [];
  #asked = 0;
  /** null: nothing is wrong */
  #failure: unknown = null;
  #isClosed = false;
  /** It goes on as long as somebody waits. */
  #attending: Promise<void> | null = null;
  /** Ends the pause between two looks. */
  #awaken = new AbortController();
  #renewedAt = Number.NEGATIVE_INFINITY;

  private constructor(queues: JobQueues, asker: Asker, silent: (where: string) => void) {
    this.#queues = queues;
    this.#asker = asker;
    this.#silent = silent;
  }

  /**
   * `silent` is called, with the database's name, when nobody answers. `file`: the built worker.
   * @throws BenchError as `JobQueues.open` does.
   */
  static async open(url: string, silent: (where: string) => void, file = workerFile): Promise<RemoteSimulators> {
    const build = await buildOf(file);
    const queues = await JobQueues.open(url);
    return new RemoteSimulators(queues, { id: queues.newId(), build }, silent);
  }

  figures(plan: Plan, variations: Iterable<Variation>, signal?: AbortSignal): AsyncGenerator<Figures, void> {
    const packed = pack(plan);
    const answer = (batch: Variation[], nobodyWaits: AbortSignal) => this.#ask(packed, batch, nobodyWaits);
    return figuresInBatches({ threads, answer }, variations, signal);
  }

  /** Takes back what nobody has done, and removes the queues. */
  async close(): Promise<void> {
    const left = [...this.#toWithdraw, ...this.#waiting.keys()];
    this.#fail(new BenchError("interrupted", "The simulations were closed."));
    this.#isClosed = true;
    this.#awaken.abort();
    await this.#attending;
    // Queues that are left when this fails are removed by whoever comes next.
    if (this.#asked > 0) await this.#remove(left).catch(() => {});
    await this.#queues.close();
  }

  async #remove(left: string[]): Promise<void> {
    await this.#queues.delete(batchesOf(this.#asker), left);
    await this.#queues.remove(batchesOf(this.#asker));
    await this.#queues.remove(answersOf(this.#asker));
  }

  #ask(plan: string, variations: Variation[], nobodyWaits: AbortSignal): Promise<BatchAnswer> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const id = this.#queues.newId();
    const events = variations.reduce((sum, variation) => sum + variation.events, 0);
    const data: RemoteBatch = { id, plan, variations: pack(variations) };
    const job = {
      queue: batchesOf(this.#asker),
      id,
      data,
      // The first that was asked for is waited for first.
      priority: -this.#asked++,
      expireInSeconds: Math.ceil(leastLeaseSeconds + events / eventsOfLeaseSecond),
    };
    return new Promise((resolve, reject) => {
      const withdraw = () => {
        this.#settled(id);
        this.#toWithdraw.push(id);
        reject(nobodyWaits.reason);
        this.#attend();
      };
      nobodyWaits.addEventListener("abort", withdraw);
      this.#waiting.set(id, { job, nobodyWaits, withdraw, resolve, reject });
      this.#toSend.push(job);
      this.#attend();
    });
  }

  /** From now on nobody waits for the batch. */
  #settled(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.nobodyWaits.removeEventListener("abort", waiting.withdraw);
    return waiting;
  }

  #attend(): void {
    this.#awaken.abort();
    if (this.#isClosed) return;
    // All that is asked for in one moment is sent at once.
    this.#attending ??= Promise.resolve()
      .then(() => this.#sendAndHear())
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#attending = null;
      });
  }

  async #sendAndHear(): Promise<void> {
    let pauseMs = shortestPauseMs;
    let silenceIsToldAt = systemClock.now() + silenceMs;
    while (!this.#isClosed && this.#waiting.size + this.#toWithdraw.length > 0) {
      await this.#renew();
      await this.#queues.insert(this.#toSend.splice(0).filter(({ id }) => this.#waiting.has(id)));
      await this.#queues.delete(batchesOf(this.#asker), this.#toWithdraw.splice(0));
      const jobs = await this.#queues.fetch<RemoteAnswer | RemoteBatch>(answersOf(this.#asker), answersAtATime);
      for (const { data } of jobs) this.#hear(data);
      await this.#queues.delete(
        answersOf(this.#asker),
        jobs.map(({ id }) => id),
      );
      const now = systemClock.now();
      if (jobs.length > 0) {
        silenceIsToldAt = now + silenceMs;
        pauseMs = shortestPauseMs;
        continue;
      }
      if (now >= silenceIsToldAt) {
        this.#silent(this.#queues.where);
        silenceIsToldAt = now + betweenSilencesMs;
      }
      await this.#pause(pauseMs);
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
  }

  /** Until the time is over, or there is something to send. */
  async #pause(ms: number): Promise<void> {
    this.#awaken = new AbortController();
    if (this.#toSend.length + this.#toWithdraw.length > 0 || this.#isClosed) return;
    await systemClock.sleep(ms, this.#awaken.signal).catch(() => {});
  }

  /** Says that the queues are wanted. They are removed from one that has slept for long, as a laptop may, and then made again. */
  async #renew(): Promise<void> {
    const now = systemClock.now();
    if (now - this.#renewedAt < renewMs) return;
    await this.#queues.renew(answersOf(this.#asker));
    const isNew = await this.#queues.renew(batchesOf(this.#asker), {
      retryLimit: deadWorkers - 1,
      deadLetter: answersOf(this.#asker),
    });
    if (isNew) this.#toSend = [...this.#waiting.values()].map(({ job }) => job);
    this.#renewedAt = now;
  }

  /** A batch that comes back itself is one that its workers have died over. */
  #hear(data: RemoteAnswer | RemoteBatch): void {
    const waiting = this.#settled(data.id);
    if ("answer" in data) waiting?.resolve(unpack(data.answer) as BatchAnswer);
    else
      waiting?.reject(
        new BenchError(
          "target-failed",
          `${deadWorkers} workers died over the same simulations, or were too slow for them; see what they say on stderr, and give them more memory or fewer --threads.`,
        ),
      );
  }

  #fail(reason: unknown): void {
    this.#failure ??= reason;
    for (const id of [...this.#waiting.keys()]) this.#settled(id)?.reject(reason);
    this.#toSend = [];
  }
}
