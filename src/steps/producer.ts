/** Invokes the producer, and either waits for its answer or leaves it to report. */
import { type InvocationType, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { BenchError } from "../errors.ts";
import { failureOf, send } from "../targets/send.ts";
import type { Account } from "../targets/target.ts";
import type { ProducerAnswer } from "./burst.ts";

/** The producer's event, as `infra/handlers/producer.ts` takes it. */
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

/** Undefined: the payload has another form. */
export function parseAnswer(payload: unknown): ProducerAnswer | undefined {
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
   * Resolves when it has published. It is never repeated, because the events may be on their way even if the answer is lost.
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
    const answer = parseAnswer(parseJson(text));
    if (answer) return answer;
    throw new BenchError("fire-failed", `The producer ${this.name} gave an answer of another form: ${text}`);
  }

  /**
   * Resolves when Lambda has taken the event, or may have. An invocation whose answer is lost is not repeated, because its report
   * will tell; one that was refused or never sent is. An interruption does not cut it off, so that its outcome is known.
   * @throws BenchError `fire-failed` if it was refused for good.
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

/** Failures of a connection after which the request may have arrived all the same. */
const lostAnswers = new Set(["ECONNABORTED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "TimeoutError"]);

function mayHaveArrived(refusal: { name?: string; code?: string; $metadata?: { httpStatusCode?: number } }): boolean {
  const { name = "", code = "", $metadata: { httpStatusCode = 0 } = {} } = refusal;
  return httpStatusCode >= 500 || lostAnswers.has(name) || lostAnswers.has(code);
}

/** Undefined: the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return;
  }
}
