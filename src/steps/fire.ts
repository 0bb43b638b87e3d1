/** Fires the burst: invokes the producer, which publishes the events. */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { BenchError } from "../errors.ts";
import type { Burst, Settings } from "../model.ts";
import { failureOf } from "../targets/send.ts";
import type { Target } from "../targets/target.ts";
import type { Progress } from "./progress.ts";
import type { Stack } from "./stack.ts";

/** One invocation of the producer publishes for this long at most; a function may run for 15 minutes. */
const longestInvocationSeconds = 600;
const longestFunctionMs = 900_000;
/** As many events as an unpaced producer publishes well within its time. */
const mostUnpacedEvents = 50_000;

const producerAnswer = z.object({
  published: z.number(),
  failed: z.number(),
  firstSentAt: z.number().nullable(),
  lastSentAt: z.number().nullable(),
});

export interface BurstRequest {
  runId: string;
  events: number;
  settings: Settings;
  signal: AbortSignal;
}

/** Resolves when the producer has published every event. @throws BenchError `fire-failed` with what the producer said. */
export async function fire(target: Target, stack: Stack, request: BurstRequest, progress: Progress): Promise<Burst> {
  const lambda = new LambdaClient(target.aws);
  const publishRate = Number(request.settings.PublishRate ?? 0);
  const share = publishRate > 0 ? Math.max(1, Math.floor(publishRate * longestInvocationSeconds)) : mostUnpacedEvents;
  const burst: Burst = { published: 0, failed: 0, firstSentAt: null, lastSentAt: null, shards: [] };
  progress({ phase: "fire", events: request.events });
  for (let firstId = 1; firstId <= request.events; firstId += share) {
    const events = Math.min(share, request.events - firstId + 1);
    const payload = { runId: request.runId, events, firstId };
    const answer = await invokeProducer(lambda, stack.producerFunction, payload, request.signal).catch((failure) => {
      // What the shards before it have published is on its way: it is measured, and the rest of the burst is not fired.
      if (!(failure instanceof BenchError) || firstId === 1) throw failure;
      return null;
    });
    if (answer === null) {
      const left = request.events - firstId + 1;
      burst.shards.push({ firstId, events: left, published: null, failed: null });
      burst.published += left;
      break;
    }
    burst.shards.push({ firstId, events, published: answer.published, failed: answer.failed });
    burst.published += answer.published;
    burst.failed += answer.failed;
    burst.firstSentAt ??= answer.firstSentAt;
    burst.lastSentAt = answer.lastSentAt ?? burst.lastSentAt;
  }
  return burst;
}

/** Never repeated: when the answer is lost, the events may be on their way all the same. */
async function invokeProducer(lambda: LambdaClient, FunctionName: string, payload: object, signal: AbortSignal) {
  const invocation = new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) });
  const response = await lambda
    .send(invocation, { abortSignal: signal, requestTimeout: longestFunctionMs })
    .catch((refusal) => {
      signal.throwIfAborted();
      const failure = `The producer ${FunctionName} could not be invoked`;
      throw failureOf(refusal, 1, { failure, code: "fire-failed" });
    });
  const text = response.Payload?.transformToString() ?? "";
  if (response.FunctionError) throw new BenchError("fire-failed", `The producer ${FunctionName} failed: ${text}`);
  const answer = producerAnswer.safeParse(jsonOf(text));
  if (!answer.success)
    throw new BenchError("fire-failed", `The producer ${FunctionName} gave an answer of another form: ${text}`);
  return answer.data;
}

/** Undefined: it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return;
  }
}
