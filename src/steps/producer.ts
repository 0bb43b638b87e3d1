/** Invokes the producer, and either waits for its answer or leaves it to report. */
import { type InvocationType, InvokeCommand, type InvokeCommandOutput, LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { BenchError } from "../errors.ts";
import { mayBeCarriedOut, reasonOf } from "../targets/refusal.ts";
import { send } from "../targets/send.ts";
import type { Account } from "../targets/target.ts";
import type { ShardFailure, ShardOutcome } from "./burst.ts";

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

/** The end of an invocation that has answered. A payload of another form than the producer's may be what is left of a good one. */
export function answered(payload: unknown): ShardOutcome {
  const { data } = producerAnswer.safeParse(payload);
  if (data !== undefined) return data;
  const failure = `The producer gave an answer of another form: ${JSON.stringify(payload)}`;
  return { failure, mayHavePublished: true };
}

const functionError = z.object({ errorMessage: z.string(), errorType: z.string().optional() });

/**
 * Errors by which Lambda ends a producer that has begun. Every other error is the producer's own, which it throws if nothing was
 * published, or comes before the producer has begun. https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
const cutOff = /^(Sandbox\.|Runtime\.(ExitError|OutOfMemory))/;

/** Lambda's words for a function that has run into its timeout. The type of the error varies. */
const timedOut = /Task timed out after/;

/** The end of an invocation that has failed. Null: the payload tells of no error of a function. */
export function failed(payload: unknown): ShardFailure | null {
  const { data: error } = functionError.safeParse(payload);
  if (error === undefined) return null;
  const mayHavePublished = cutOff.test(error.errorType ?? "") || timedOut.test(error.errorMessage);
  return { failure: `The producer failed: ${error.errorMessage}`, mayHavePublished };
}

/** The SDK's answer to an invocation, as far as it is used. */
type Answer = Pick<InvokeCommandOutput, "FunctionError" | "Payload">;

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
   * Resolves when it has published, or may have. An invocation whose answer is lost is not repeated, because its events may be on their
   * way; one that was refused for now, or never sent, is.
   * @throws BenchError `fire-failed` if nothing can have been published, with what the producer or Lambda said.
   */
  async publish(payload: ProducerPayload): Promise<ShardOutcome> {
    const options = { abortSignal: this.signal, requestTimeout: longestFunctionMs };
    const answer = await this.#invoke<Answer>(payload, "RequestResponse", options);
    if ("lost" in answer) {
      const failure = `The producer's answer was lost (${answer.lost}), and it was not invoked again.`;
      return { failure, mayHavePublished: true };
    }
    const text = answer.Payload?.transformToString() ?? "";
    if (!answer.FunctionError) return answered(parseJson(text) ?? text);
    const failure = failed(parseJson(text));
    if (failure?.mayHavePublished) return failure;
    throw new BenchError("fire-failed", failure?.failure ?? `The producer ${this.name} failed: ${text}`);
  }

  /**
   * Resolves when Lambda has taken the event, or may have. An invocation whose answer is lost is not repeated, because its report
   * will tell; one that was refused or never sent is. An interruption does not cut it off, so that its outcome is known.
   * @throws BenchError `fire-failed` if it was refused for good.
   */
  async publishLater(payload: ProducerPayload): Promise<void> {
    await this.#invoke(payload, "Event");
  }

  /** The answer, or the reason why it is lost after the invocation may have begun. No such invocation is made twice. */
  async #invoke<Answered>(
    payload: ProducerPayload,
    InvocationType: InvocationType,
    options: { abortSignal?: AbortSignal; requestTimeout?: number } = {},
  ): Promise<Answered | { lost: string }> {
    const invocation = new InvokeCommand({
      FunctionName: this.name,
      InvocationType,
      Payload: JSON.stringify(payload),
    });
    const invoke = () =>
      this.#lambda.send(invocation, options).then(
        (answer) => answer as Answered,
        (refusal) => {
          options.abortSignal?.throwIfAborted();
          if (mayBeCarriedOut(refusal)) return { lost: reasonOf(refusal) };
          throw refusal;
        },
      );
    const failure = `The producer ${this.name} could not be invoked`;
    return send(this.target, invoke, { service: "Lambda", failure, code: "fire-failed", signal: this.signal });
  }
}

/** Undefined: the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return;
  }
}
