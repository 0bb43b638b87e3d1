/** Receives the reports of the producer's asynchronous invocations: Lambda's records of how each ended, in a queue. */
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";
import { send } from "../targets/send.ts";
import type { Account } from "../targets/target.ts";
import type { ShardOutcome, ShardReport } from "./burst.ts";
import { parseAnswer, parseJson } from "./producer.ts";
import { receiveWaitSeconds } from "./timetable.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const invocationRecord = z.object({
  requestContext: z.object({ condition: z.string() }),
  requestPayload: z.object({ runId: z.string(), firstId: z.number() }),
  responsePayload: z.unknown().optional(),
});

const functionError = z.object({ errorMessage: z.string(), errorType: z.string().optional() });

/**
 * Errors by which Lambda ends a producer that has begun. Every other error is the producer's own, which it throws if nothing was
 * published, or comes before the producer has begun. https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
const cutOff = /^(Sandbox\.|Runtime\.(ExitError|OutOfMemory))/;

/** Lambda's words for a function that has run into its timeout. The type of the error varies. */
const timedOut = /Task timed out after/;

const mostMessages = 10;

export class ProducerReports {
  readonly #sqs: SQSClient;

  constructor(
    private readonly target: Account,
    private readonly queueUrl: string,
    private readonly runId: string,
  ) {
    this.#sqs = target.clients.get(SQSClient);
  }

  /**
   * Takes the reports that are there from the queue. One may come twice.
   * @throws BenchError `target-failed` when they cannot be had.
   */
  async take(signal?: AbortSignal): Promise<ShardReport[]> {
    const reports: ShardReport[] = [];
    const sending = { service: "SQS", failure: "The producer's reports cannot be received", signal };
    const options = { abortSignal: signal };
    const refused = (refusal: unknown) => {
      signal?.throwIfAborted();
      throw refusal;
    };
    const receive = new ReceiveMessageCommand({
      QueueUrl: this.queueUrl,
      MaxNumberOfMessages: mostMessages,
      WaitTimeSeconds: receiveWaitSeconds,
    });
    for (;;) {
      const { Messages = [] } = await send(this.target, () => this.#sqs.send(receive, options).catch(refused), sending);
      if (Messages.length === 0) return reports;
      reports.push(...Messages.flatMap(({ Body = "" }) => this.#reportIn(Body)));
      // A report that is not deleted comes again, and says nothing new.
      const deletion = new DeleteMessageBatchCommand({
        QueueUrl: this.queueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      });
      await send(this.target, () => this.#sqs.send(deletion, options).catch(refused), sending);
    }
  }

  /** Empty: the message is no record of this run. */
  #reportIn(body: string): ShardReport[] {
    const { data } = invocationRecord.safeParse(parseJson(body));
    if (!data || data.requestPayload.runId !== this.runId) return [];
    return [{ firstId: data.requestPayload.firstId, outcome: shardOutcome(data) }];
  }
}

function shardOutcome({ requestContext, responsePayload }: z.infer<typeof invocationRecord>): ShardOutcome {
  if (requestContext.condition === "Success") {
    const answer = parseAnswer(responsePayload);
    if (answer) return answer;
    return {
      failure: `The producer gave an answer of another form: ${JSON.stringify(responsePayload)}`,
      mayHavePublished: true,
    };
  }
  const { data: error } = functionError.safeParse(responsePayload);
  if (!error)
    return { failure: `Lambda did not run the producer: ${requestContext.condition}`, mayHavePublished: false };
  const mayHavePublished = cutOff.test(error.errorType ?? "") || timedOut.test(error.errorMessage);
  return { failure: `The producer failed: ${error.errorMessage}`, mayHavePublished };
}
