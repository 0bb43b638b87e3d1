/** One Lambda execution environment: a handler's instance, its ports bound to virtual time, and its life. */
import type { CreateHandler, Handler, InvocationRow, Ports } from "../../../infra/handlers/ports.ts";
import type { Account, FunctionFailure, FunctionSettings } from "../account.ts";
import type { Random } from "../kernel/random.ts";
import { ServiceError } from "../service-error.ts";
import type { Database } from "./downstream.ts";

/** Everything outside of AWS that the functions of an account touch. */
export interface World {
  /** The handlers by file name: `consumer` is what the `Handler` property `consumer.handler` runs. */
  handlers: Record<string, CreateHandler>;
  database: Database;
  /** Takes what a function logs. */
  log(functionName: string, message: string): void;
}

export type Answer = { payload: unknown } | { failure: FunctionFailure };

export class ExecutionEnvironment {
  readonly #ids: Random;
  #handler: Handler | null = null;
  #alive = true;
  #connections = 0;
  /** The kernel's count when the handler was last woken. */
  #wokenAtPark = -1;

  constructor(
    private readonly account: Account,
    private readonly world: World,
    private readonly functionName: string,
    private readonly settings: FunctionSettings,
    private readonly files: readonly string[],
  ) {
    this.#ids = account.kernel.random("lambda.handlers");
  }

  /** Ends it: nothing that its handler waits for comes any more, and its connections are closed. */
  stop(): void {
    this.#alive = false;
    for (; this.#connections > 0; this.#connections--) this.world.database.disconnect();
  }

  /** Runs one invocation; `done` is called once, unless the environment is stopped before. */
  run(payload: unknown, requestId: string, deadline: number, done: (answer: Answer) => void): void {
    const { kernel } = this.account;
    const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => deadline - kernel.now };
    const answer = (result: Answer) => {
      if (this.#alive) done(result);
    };
    this.#wake(() => {
      this.#handle(payload, context)
        .then(
          (result) => answer({ payload: result ?? null }),
          (thrown) => answer({ failure: failureOf(thrown) }),
        )
        .catch((fault) => kernel.fail(fault));
    });
  }

  async #handle(payload: unknown, context: Parameters<Handler>[1]): Promise<unknown> {
    this.#handler ??= this.#initialise();
    return this.#handler(payload, context);
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
    const { kernel, constants, sns, iam } = this.account;
    const { database } = this.world;
    return {
      clock: {
        now: () => {
          this.#requireWoken();
          return kernel.now;
        },
        sleep: (ms) => this.#wait(ms),
      },
      connect: async () => {
        await this.#wait(database.connectMs());
        database.connect();
        this.#connections++;
        const url = this.settings.environment.DATABASE_URL ?? "";
        const insert = (row: InvocationRow) => {
          this.#requireWoken();
          return this.#wait(database.insert(row, url));
        };
        return { insert };
      },
      publisher: {
        publishBatch: async (topicArn, entries) => {
          await this.#wait(constants["sns.publishMs"]);
          const topic = sns.topic(topicArn);
          if (!iam.allows(this.settings.roleArn, "sns:Publish", topicArn)) {
            throw new ServiceError(
              "AuthorizationError",
              `User: ${this.settings.roleArn} is not authorized to perform: SNS:Publish on resource: ${topicArn}`,
              403,
            );
          }
          if (!topic) throw new ServiceError("NotFound", "Topic does not exist", 404);
          const { Failed } = topic.publishBatch(entries.map(({ id, message }) => ({ Id: id, Message: message })));
          return Failed.map(({ Id, Code, SenderFault }) => ({ id: Id, code: Code, senderFault: SenderFault }));
        },
      },
      newId: () => {
        this.#requireWoken();
        return this.#ids.uuid();
      },
      log: (message) => {
        this.#requireWoken();
        this.world.log(this.functionName, message);
      },
      environment: this.settings.environment,
    };
  }

  #wake(resume: () => void): void {
    const { kernel } = this.account;
    this.#wokenAtPark = kernel.parks;
    kernel.wake(resume);
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

  #wait(ms: number): Promise<void> {
    const { kernel } = this.account;
    this.#requireWoken();
    return new Promise((resolve) => {
      kernel.after(ms, () => {
        if (this.#alive) this.#wake(resolve);
      });
    });
  }
}

function failureOf(thrown: unknown): FunctionFailure {
  if (!(thrown instanceof Error)) return { errorType: "Error", errorMessage: String(thrown) };
  return { errorType: thrown instanceof ServiceError ? thrown.code : thrown.name, errorMessage: thrown.message };
}
