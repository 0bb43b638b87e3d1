/** The producer as the harness invokes it: waiting for its answer, or leaving it to report. */
import { type InvocationType, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { BenchError } from "../errors.ts";
import { failureOf, send } from "../targets/send.ts";
import type { Account } from "../targets/target.ts";
import type { ProducerAnswer } from "./burst.ts";

/** What the producer takes: `infra/handlers/producer.ts`. */
export interface ProducerPayload {
  runId: string;
  events: number;
  firstId: number;
  stride?: number;
  /** ms since the epoch, on the target's clock */
  startAt?: number;
}

const longestFunctionMs = 900_000;

const producerAnswer = z.object({
  published: z.number(),
  failed: z.number(),
  firstSentAt: z.number().nullable(),
  lastSentAt: z.number().nullable(),
});

/** Undefined: it is of another form. */
export function answerIn(payload: unknown): ProducerAnswer | undefined {
  return producerAnswer.safeParse(payload).data;
}

export class Producer {
  readonly #lambda: LambdaClient;

  constructor(
    private readonly target: Account,
    readonly name: string,
    private readonly signal: AbortSignal,
  ) {
    this.#lambda = target.clients.get(LambdaClient);
  }

  /**
   * Resolves when it has published. Never repeated: when the answer is lost, the events may be on their way all the same.
   * @throws BenchError `fire-failed` with what the producer said.
   */
  async publish(payload: ProducerPayload): Promise<ProducerAnswer> {
    const response = await this.#lambda
      .send(this.#invocation(payload, "RequestResponse"), {
        abortSignal: this.signal,
        requestTimeout: longestFunctionMs,
      })
      .catch((refusal) => {
        this.signal.throwIfAborted();
        throw failureOf(refusal, 1, this.#sending);
      });
    const text = response.Payload?.transformToString() ?? "";
    if (response.FunctionError) throw new BenchError("fire-failed", `The producer ${this.name} failed: ${text}`);
    const answer = answerIn(jsonOf(text));
    if (answer) return answer;
    throw new BenchError("fire-failed", `The producer ${this.name} gave an answer of another form: ${text}`);
  }

  /**
   * Resolves when Lambda has taken the event, or may have: an invocation whose answer is lost is not repeated, its report tells.
   * Repeated is only what was refused, or never sent. An interruption does not cut it off, so that it is known. @throws BenchError `fire-failed` where it was refused for good.
   */
  async publishLater(payload: ProducerPayload): Promise<void> {
    const invocation = this.#invocation(payload, "Event");
    const invoke = () =>
      this.#lambda.send(invocation).then(
        () => {},
        (refusal) => {
          if (!mayHaveArrived(refusal)) throw refusal;
        },
      );
    await send(this.target, invoke, { ...this.#sending, signal: this.signal });
  }

  #invocation(payload: ProducerPayload, type: InvocationType): InvokeCommand {
    return new InvokeCommand({ FunctionName: this.name, InvocationType: type, Payload: JSON.stringify(payload) });
  }

  get #sending() {
    const failure = `The producer ${this.name} could not be invoked`;
    return { service: "Lambda", failure, code: "fire-failed" } as const;
  }
}

/** Failures of a connection by which a request may have been made. */
const lostAnswers = new Set(["ECONNABORTED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "TimeoutError"]);

function mayHaveArrived(refusal: { name?: string; code?: string; $metadata?: { httpStatusCode?: number } }): boolean {
  const { name = "", code = "", $metadata: { httpStatusCode = 0 } = {} } = refusal;
  return httpStatusCode >= 500 || lostAnswers.has(name) || lostAnswers.has(code);
}

/** Undefined: it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return;
  }
}
