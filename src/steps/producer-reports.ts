/** Receives the reports of the producer's asynchronous invocations: Lambda's records of how each ended, in a queue. */
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { send } from "../targets/send.ts";
import type { Account } from "../targets/target.ts";
import type { ShardOutcome, ShardReport } from "./burst.ts";
import { answered, failed, parseJson } from "./producer.ts";
import { receiveWaitSeconds } from "./timetable.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const invocationRecord = z.object({
  requestContext: z.object({ condition: z.string() }),
  requestPayload: z.object({ runId: z.string(), firstId: z.number() }),
  responsePayload: z.unknown().optional(),
});

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
  if (requestContext.condition === "Success") return answered(responsePayload);
  const failure = `Lambda did not run the producer: ${requestContext.condition}`;
  return failed(responsePayload) ?? { failure, mayHavePublished: false };
}
