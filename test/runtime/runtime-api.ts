/**
 * Lambda's side of an instance: the HTTP API by which a runtime takes its invocations and answers them.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The error that a function or its runtime reports, as a caller of Invoke gets it. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
}

export type Answer = { response: unknown } | { error: FunctionError };

export interface Invocation {
  id: string;
  answered: Promise<Answer>;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB of a synchronous response */
const largestResponseBytes = 6 * 1024 * 1024;

/** A runtime reports an error in a header, too, of up to 1 MB. */
const largestHeaderBytes = 2 * 1024 * 1024;

const version = "/2018-06-01/runtime";

export class RuntimeApi {
  readonly initErrors: FunctionError[] = [];
  /** Called when a runtime waits for its next invocation, and is done with the one before. */
  onIdle: () => void = () => {};

  #waiting: ServerResponse | null = null;
  #whenIdle: (() => void)[] = [];
  #answers = new Map<string, (answer: Answer) => void>();
  readonly #server = createServer({ maxHeaderSize: largestHeaderBytes }, (incoming, reply) => {
    void this.#serve(incoming, reply);
  });

  static async open(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  /** The value of AWS_LAMBDA_RUNTIME_API. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when a runtime waits for its next invocation. */
  idle(): Promise<void> {
    if (this.#waiting !== null) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Gives the event, a JSON text, to the runtime that waits. Throws when none does. */
  invoke(event: string, deadlineMs: number): Invocation {
    const reply = this.#waiting;
    if (reply === null) throw new Error("No runtime waits for an invocation.");
    this.#waiting = null;
    const id = randomUUID();
    const answered = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    const trace = `Root=1-${id.slice(0, 8)}-${id.replaceAll("-", "").slice(8)};Parent=53995c3f42cd8ad8;Sampled=0`;
    reply.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": id,
      "lambda-runtime-deadline-ms": String(deadlineMs),
      "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:123456789012:function:function",
      "lambda-runtime-trace-id": trace,
    });
    reply.end(event);
    return { id, answered };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, reply: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = incoming.url ?? "";
    if (path === `${version}/invocation/next`) {
      this.#waiting = reply;
      reply.once("close", () => {
        if (this.#waiting === reply) this.#waiting = null;
      });
      this.onIdle();
      for (const resolve of this.#whenIdle.splice(0)) resolve();
      return;
    }
    if (path === `${version}/init/error`) {
      this.initErrors.push(errorOf(body));
      reply.writeHead(202).end();
      return;
    }
    const [, id, kind] = /\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const answer = this.#answers.get(id ?? "");
    if (answer === undefined) {
      reply.writeHead(400).end();
      return;
    }
    if (kind === "response" && body.length > largestResponseBytes) {
      // Lambda then fails the invocation, whatever the runtime does about the status.
      this.#answers.delete(id!);
      answer({ error: { errorType: "Function.ResponseSizeTooLarge", errorMessage: `${body.length} bytes` } });
      reply.writeHead(413).end();
      return;
    }
    this.#answers.delete(id!);
    answer(kind === "error" ? { error: errorOf(body) } : { response: JSON.parse(body.toString() || "null") });
    reply.writeHead(202).end();
  }
}

function errorOf(body: Buffer): FunctionError {
  const { errorType, errorMessage } = JSON.parse(body.toString()) as FunctionError;
  return { errorType, errorMessage };
}
