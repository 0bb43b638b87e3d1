/** Ports for the handlers' tests: a clock that a sleep moves on, a table that is an array, a sink that is told what to answer. */
import type {
  CallRequest,
  Grant,
  GrantRequest,
  InvocationContext,
  InvocationRow,
  Ports,
  PublishEntry,
  PublishFailure,
  PulledMessage,
  StreamPlace,
} from "../../../infra/handlers/ports.ts";
import type { Sink } from "../../../infra/handlers/sink.ts";

export const epoch = 1_700_000_000_000;

export class FakePorts implements Ports {
  readonly rows: (InvocationRow & { createdAt: number })[] = [];
  readonly logged: string[] = [];
  readonly calls: { at: number; sink: Sink; entries: PublishEntry[] }[] = [];
  /** How long each `connect` takes. */
  connectMs = 0;
  connects = 0;
  /** Errors of the next attempts to connect, first one first. */
  connectErrors: Error[] = [];
  /** Ids whose insert fails. */
  unwritable = new Set<number>();
  /** The calls of the downstream that were made. */
  readonly called: { at: number; request: CallRequest }[] = [];
  /** The downstream's answer to a call: how long until it has room, 0 when it has. */
  refuse: (request: CallRequest, call: number) => number = () => 0;
  /** The requests to the limiter that were made. */
  readonly asked: { at: number; request: GrantRequest }[] = [];
  /** The limiter's answer to a request. */
  grant: (request: GrantRequest, asked: number) => Grant = () => ({ granted: true, waitMs: 0 });
  /** The draws of the next calls of `random`, first one first; 0.5 when there are none left. */
  draws: number[] = [];
  readonly returned: { queueUrl: string; receiptHandle: string; seconds: number }[] = [];
  /** The messages that wait in the queue, and the receipts of those that were deleted. */
  waiting: PulledMessage[] = [];
  readonly deleted: string[] = [];
  /** The sink's answer to a call; `taken` holds the events that it takes. */
  answer: (entries: PublishEntry[], call: number) => PublishFailure[] | Error = () => [];
  publishMs = 0;
  readonly taken: { id: number; sentAt: number; runId: string }[] = [];

  private time = epoch;
  private ids = 0;

  constructor(readonly environment: Record<string, string | undefined>) {}

  readonly clock = {
    now: () => this.time,
    sleep: async (ms: number) => {
      this.time += ms;
    },
  };

  readonly publisher = {
    publishBatch: async (sink: Sink, entries: PublishEntry[]) => {
      this.calls.push({ at: this.time, sink, entries });
      this.time += this.publishMs;
      const answer = this.answer(entries, this.calls.length);
      if (answer instanceof Error) throw answer;
      const failed = new Set(answer.map(({ id }) => id));
      this.taken.push(...entries.filter(({ id }) => !failed.has(id)).map(({ message }) => JSON.parse(message)));
      return answer;
    },
  };

  async connect() {
    this.connects++;
    this.time += this.connectMs;
    const error = this.connectErrors.shift();
    if (error) throw error;
    return {
      call: async (request: CallRequest) => {
        this.called.push({ at: this.time, request });
        const retryAfterMs = this.refuse(request, this.called.length);
        return { refused: retryAfterMs > 0, retryAfterMs };
      },
      take: async (request: GrantRequest) => {
        this.asked.push({ at: this.time, request });
        return this.grant(request, this.asked.length);
      },
      insert: async (row: InvocationRow) => {
        if (this.unwritable.has(row.id)) throw new Error(`row ${row.id} is refused`);
        this.rows.push({ ...row, createdAt: this.time });
      },
    };
  }

  readonly queue = {
    receive: async (_queueUrl: string, maximum: number) => this.waiting.splice(0, maximum),
    delete: async (_queueUrl: string, receiptHandle: string) => {
      this.deleted.push(receiptHandle);
    },
    changeVisibility: async (queueUrl: string, receiptHandle: string, seconds: number) => {
      this.returned.push({ queueUrl, receiptHandle, seconds });
    },
  };

  /** The texts of the records at a place, or why they cannot be read. */
  recordsAt: (place: StreamPlace) => string[] | Error = () => [];

  readonly stream = {
    recordsAt: async (place: StreamPlace) => {
      const answer = this.recordsAt(place);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };

  readonly random = () => this.draws.shift() ?? 0.5;

  newId(): string {
    this.ids++;
    return `id-${this.ids}`;
  }

  log(message: string): void {
    this.logged.push(message);
  }
}

export function contextWith(remainingMs = 900_000): InvocationContext {
  return { awsRequestId: "request", getRemainingTimeInMillis: () => remainingMs };
}

export function message(id: number, runId = "run"): string {
  return JSON.stringify({ id, sentAt: epoch - 1_000 + id, runId });
}

export function snsEvent(...messages: unknown[]) {
  return {
    Records: messages.map((Message, index) => ({
      EventSource: "aws:sns",
      EventVersion: "1.0",
      EventSubscriptionArn: "arn:aws:sns:eu-west-1:000000000000:topic:subscription",
      Sns: {
        Type: "Notification",
        MessageId: `sns-${index + 1}`,
        TopicArn: "arn:aws:sns:eu-west-1:000000000000:topic",
        Subject: null,
        Message,
        Timestamp: "2026-11-23T09:00:00.000Z",
        MessageAttributes: {},
      },
    })),
  };
}

export function sqsEvent(...bodies: unknown[]) {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `sqs-${index + 1}`,
      receiptHandle: "handle",
      body,
      attributes: { ApproximateReceiveCount: "1" },
      messageAttributes: {},
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:eu-west-1:000000000000:queue",
      awsRegion: "eu-west-1",
    })),
  };
}

/** As `sqsEvent`, of a FIFO queue. */
export function fifoEvent(...bodies: unknown[]) {
  const { Records } = sqsEvent(...bodies);
  return { Records: Records.map((record) => ({ ...record, eventSourceARN: `${record.eventSourceARN}.fifo` })) };
}

/** The records of one shard, with the sequence numbers kinesis-1, kinesis-2, …. */
export function kinesisEvent(...texts: string[]) {
  return {
    Records: texts.map((text, index) => ({
      kinesis: {
        kinesisSchemaVersion: "1.0",
        partitionKey: "1",
        sequenceNumber: `kinesis-${index + 1}`,
        data: Buffer.from(text).toString("base64"),
        approximateArrivalTimestamp: 1_545_084_650.987,
      },
      eventSource: "aws:kinesis",
      eventVersion: "1.0",
      eventID: `shardId-000000000006:kinesis-${index + 1}`,
      eventName: "aws:kinesis:record",
      invokeIdentityArn: "arn:aws:iam::000000000000:role/role",
      awsRegion: "eu-west-1",
      eventSourceARN: "arn:aws:kinesis:eu-west-1:000000000000:stream/stream",
    })),
  };
}

/**
 * The message that Lambda sends when it gives up records of a stream, as AWS publishes it:
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export const publishedGivenUpRecords = `{
    "requestContext": {
        "requestId": "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5",
        "functionArn": "arn:aws:lambda:us-east-2:123456789012:function:myfunction",
        "condition": "RetryAttemptsExhausted",
        "approximateInvokeCount": 1
    },
    "responseContext": {
        "statusCode": 200,
        "executedVersion": "$LATEST",
        "functionError": "Unhandled"
    },
    "version": "1.0",
    "timestamp": "2019-11-14T00:38:06.021Z",
    "KinesisBatchInfo": {
        "shardId": "shardId-000000000001",
        "startSequenceNumber": "49601189658422359378836298521827638475320189012309704722",
        "endSequenceNumber": "49601189658422359378836298522902373528957594348623495186",
        "approximateArrivalOfFirstRecord": "2019-11-14T00:38:04.835Z",
        "approximateArrivalOfLastRecord": "2019-11-14T00:38:05.580Z",
        "batchSize": 500,
        "streamArn": "arn:aws:kinesis:us-east-2:123456789012:stream/mystream"
    }
}`;

/** The body that SNS writes into a queue without raw delivery. */
export function notification(text: unknown): string {
  return JSON.stringify({
    Type: "Notification",
    MessageId: "sns-of-the-envelope",
    TopicArn: "arn:aws:sns:eu-west-1:000000000000:topic",
    Message: text,
    Timestamp: "2026-11-23T09:00:00.000Z",
  });
}

/** The body that Lambda sends to an on-failure destination. */
export function discardedInvocation(requestPayload: unknown): string {
  return JSON.stringify({
    version: "1.0",
    timestamp: "2026-11-23T09:00:00.000Z",
    requestContext: {
      requestId: "request",
      functionArn: "arn:aws:lambda:eu-west-1:000000000000:function:consumer:$LATEST",
      condition: "RetriesExhausted",
      approximateInvokeCount: 3,
    },
    requestPayload,
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: { errorMessage: "Task timed out after 20.00 seconds" },
  });
}
