/** One Lambda execution environment: a handler's instance, its ports bound to virtual time, and its life. */
import type {
  CallRequest,
  CreateHandler,
  GrantRequest,
  Handler,
  InvocationContext,
  InvocationRow,
  Ports,
} from "../../../infra/handlers/ports.ts";
import type { Account, FunctionFailure, FunctionSettings, InvocationOutcome } from "../account.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { LateUuid, Random } from "../kernel/random.ts";
import { ServiceError } from "../service-error.ts";
import type { Database } from "./downstream.ts";
import { handlerLine } from "./log-lines.ts";
import { publisherFor } from "./publisher.ts";
import { queueCallsFor } from "./queue-calls.ts";
import { streamReaderFor } from "./stream-reader.ts";
import type { Waits } from "./waits.ts";

/** Everything outside of AWS that the functions of an account touch. */
export interface World {
  /** The handlers by file name: `consumer` is what the `Handler` property `consumer.handler` runs. */
  handlers: Record<string, CreateHandler>;
  database: Database;
  /** Takes what a function logs. */
  log(functionName: string, message: string): void;
}

export type Answer = Exclude<InvocationOutcome, { kind: "throttled" }>;

/** One run of a function's handler, and what Lambda tells the handler of it. */
export class Invocation implements InvocationContext {
  startedAt = 0;
  timeoutMs = 0;
  /** The time of the cold start before it; null: it was warm. */
  initMs: number | null = null;

  constructor(
    private readonly kernel: Kernel,
    private readonly id: LateUuid,
    readonly payload: unknown,
    readonly invokedAt: number,
    /** The function's when it was invoked. */
    readonly generation: number,
    readonly done: (outcome: InvocationOutcome) => void,
  ) {}

  get awsRequestId(): string {
    return String(this.id);
  }

  get getRemainingTimeInMillis(): () => number {
    return () => this.startedAt + this.timeoutMs - this.kernel.now;
  }
}

export class ExecutionEnvironment {
  /** Its alarms'; the function gives it. */
  number = 0;
  readonly #ids: Random;
  #handler: Handler | null = null;
  #invocation: Invocation | null = null;
  #alive = true;
  #connections = 0;
  #isConnecting = false;
  /** The kernel's count when the handler was last woken. */
  #wokenAtPark = -1;
  #logStream: string | null = null;

  constructor(
    private readonly account: Account,
    private readonly world: World,
    private readonly waits: Waits,
    private readonly functionName: string,
    private readonly logGroup: string,
    readonly settings: FunctionSettings,
    private readonly files: readonly string[],
    /** Is told each answer, unless the environment was stopped before. */
    private readonly onAnswer: (environment: ExecutionEnvironment, invocation: Invocation, answer: Answer) => void,
  ) {
    this.#ids = account.kernel.random("lambda.handlers");
  }

  /** Ends it: whatever its handler waits for never comes, and its connections are closed. */
  stop(): void {
    this.#alive = false;
    if (this.#isConnecting) this.world.database.abandonedConnections++;
    for (; this.#connections > 0; this.#connections--) this.world.database.disconnect();
  }

  /** The name of its log stream, which many environments never need. */
  get logStream(): string {
    const { kernel } = this.account;
    this.#logStream ??= `${new Date(kernel.now).toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${kernel.random("lambda.logStreams").uuid().replaceAll("-", "")}`;
    return this.#logStream;
  }

  /** null: it is idle. */
  get invocation(): Invocation | null {
    return this.#invocation;
  }

  run(invocation: Invocation): void {
    this.#invocation = invocation;
    this.wake(this.#start);
  }

  /** Starts or goes on with the handler, unless the environment was stopped. */
  wake(resume: () => void): void {
    if (!this.#alive) return;
    const { kernel } = this.account;
    this.#wokenAtPark = kernel.parks;
    kernel.wake(resume);
  }

  readonly #start = (): void => {
    this.#answer(this.#invocation!).then(this.#onResult, this.#onThrown);
  };

  readonly #onResult = (result: unknown): void => this.#end({ kind: "success", payload: result ?? null });

  readonly #onThrown = (thrown: unknown): void => this.#end({ kind: "error", failure: failureOf(thrown) });

  #answer(invocation: Invocation): Promise<unknown> {
    try {
      this.#handler ??= this.#initialise();
      return Promise.resolve(this.#handler(invocation.payload, invocation));
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  #end(answer: Answer): void {
    if (!this.#alive) return;
    const invocation = this.#invocation!;
    this.#invocation = null;
    try {
      this.onAnswer(this, invocation, answer);
    } catch (fault) {
      this.account.kernel.fail(fault);
    }
  }

  #initialise(): Handler {
    const [file] = this.settings.handler.split(".");
    const createHandler = this.world.handlers[file!];
    if (!this.files.includes(`${file}.js`) || !createHandler) {
      throw Object.assign(new Error(`Error: Cannot find module '${file}'`), { name: "Runtime.ImportModuleError" });
    }
    return createHandler(this.#ports());
  }

  #ports(): Ports {
    const { kernel } = this.account;
    const { database } = this.world;
    return {
      clock: {
        now: () => {
          this.#requireWoken();
          return kernel.now;
        },
        sleep: (ms) => {
          this.#requireWoken();
          return this.waits.sleep(this, ms);
        },
      },
      connect: async () => {
        this.#isConnecting = true;
        await this.#wait(database.connectMs());
        this.#isConnecting = false;
        database.connect();
        this.#connections++;
        const url = this.settings.environment.DATABASE_URL ?? "";
        const insert = (row: InvocationRow) => {
          this.#requireWoken();
          const refusal = database.textRefusal(row.groupId);
          return refusal === null ? this.#wait(database.insert(row, url)) : this.#refused(refusal);
        };
        const call = async (request: CallRequest) => {
          this.#requireWoken();
          const { roundTripMs, answer } = database.call(request, url);
          await this.#wait(roundTripMs);
          return answer;
        };
        const take = async (request: GrantRequest) => {
          this.#requireWoken();
          const { roundTripMs, answer } = database.take(request);
          await this.#wait(roundTripMs);
          return answer;
        };
        return { call, take, insert };
      },
      publisher: publisherFor(this.account, this.settings.roleArn, (ms) => this.#wait(ms)),
      queue: queueCallsFor(this.account, this.settings.roleArn, (ms) => this.#wait(ms)),
      stream: streamReaderFor(this.account, this.settings.roleArn, (ms) => this.#wait(ms)),
      random: (purpose) => {
        this.#requireWoken();
        return kernel.random(`handlers.${purpose}`).fraction();
      },
      newId: () => {
        this.#requireWoken();
        return this.#ids.uuid();
      },
      log: (message) => {
        this.#requireWoken();
        this.world.log(this.functionName, message);
        const { kernel, logs } = this.account;
        const line = handlerLine(kernel.now, this.#invocation?.awsRequestId ?? "", message);
        logs.write(this.logGroup, line, this.logStream);
      },
      environment: this.settings.environment,
    };
  }

  /**
   * The clock has moved on without a handler that awaited something of its own, such as a real timer. It finds most such handlers,
   * but not one that happens to come back while a port has woken it.
   */
  #requireWoken(): void {
    if (this.#wokenAtPark === this.account.kernel.parks) return;
    const fault = new Error(`The handler of ${this.functionName} awaited something else than its ports.`);
    this.account.kernel.fail(fault);
    throw fault;
  }

  /** Waits for the database's refusal of a statement. */
  async #refused(message: string): Promise<never> {
    await this.#wait(this.world.database.refusalMs());
    throw new Error(message);
  }

  /** Waits for what the world answers after `ms`. */
  #wait(ms: number): Promise<void> {
    this.#requireWoken();
    return this.waits.answer(this, ms);
  }
}

function failureOf(thrown: unknown): FunctionFailure {
  if (!(thrown instanceof Error)) return { errorType: "Error", errorMessage: String(thrown) };
  return { errorType: thrown instanceof ServiceError ? thrown.code : thrown.name, errorMessage: thrown.message };
}
