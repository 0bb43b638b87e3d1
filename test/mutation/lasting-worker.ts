/** A thread for tests that lasts from one mutant to the next, so that a mutant loads its test files and no module of the program anew. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { PoolOptions, PoolWorker, WorkerRequest } from "vitest/node";

// biome-ignore lint/suspicious/noExplicitAny: the events of a thread say no more of what they carry
type Listener = (...values: any[]) => void;

/** A thread keeps listeners of each run, so that it is replaced now and then. */
const runsPerThread = 500;

let lasting: { thread: Worker; runs: number } | undefined;

/** Vitest ends the thread of a run with the run; this one only pretends to, unless tests still run in it. */
class LastingWorker implements PoolWorker {
  readonly name = "lasting";
  readonly #entry: string;
  readonly #options: PoolOptions;
  readonly #listeners: [event: string, listener: Listener][] = [];
  #thread: Worker | undefined;
  #isRunning = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#entry = join(options.distPath, "workers", "threads.js");
  }

  async start(): Promise<void> {
    if (lasting !== undefined && lasting.runs >= runsPerThread) await end(lasting.thread);
    if (lasting === undefined) {
      const thread = new Worker(this.#entry, { env: this.#options.env, execArgv: this.#options.execArgv });
      thread.setMaxListeners(0);
      thread.once("exit", () => {
        if (lasting?.thread === thread) lasting = undefined;
      });
      lasting = { thread, runs: 0 };
    }
    lasting.runs++;
    this.#thread = lasting.thread;
    this.on("message", (message: { type?: string }) => {
      if (message.type === "testfileFinished") this.#isRunning = false;
    });
  }

  async stop(): Promise<void> {
    for (const [event, listener] of this.#listeners) this.#thread!.off(event, listener);
    if (this.#isRunning) await end(this.#thread!);
  }

  on(event: string, listener: Listener): void {
    this.#listeners.push([event, listener]);
    this.#thread!.on(event, listener);
  }

  off(event: string, listener: Listener): void {
    this.#thread!.off(event, listener);
  }

  send(message: WorkerRequest): void {
    if (message.type === "run") this.#isRunning = true;
    if (message.type === "stop") this.#thread!.emit("message", { __vitest_worker_response__: true, type: "stopped" });
    else this.#thread!.postMessage(message);
  }

  deserialize(data: unknown): unknown {
    return data;
  }
}

async function end(thread: Worker): Promise<void> {
  lasting = undefined;
  await thread.terminate();
}

/** Vitest asks it for a worker for each run. */
export const lastingWorkers = {
  name: "lasting",
  createPoolWorker: (options: PoolOptions): PoolWorker => new LastingWorker(options),
};
