/** The events that Lambda gives a function, with every field that AWS's pages show, around messages of the bench's. */

const account = "123456789012";

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html; a FIFO queue's by `.fifo` at the end of its name */
export function sqsEvent(bodies: readonly string[], queue = "queue") {
  const ofFifo = { SequenceNumber: "18849496460467696128", MessageGroupId: "1", MessageDeduplicationId: "1" };
  return {
    Records: bodies.map((body, index) => ({
      messageId: `059f36b4-87a3-44ab-83d2-${String(index).padStart(12, "0")}`,
      receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
      body,
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "1545082649183",
        SenderId: "AIDAIENQZJOLO23YVJ4VO",
        ApproximateFirstReceiveTimestamp: "1545082649185",
        ...(queue.endsWith(".fifo") ? ofFifo : {}),
      },
      messageAttributes: {},
      md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
      eventSource: "aws:sqs",
      eventSourceARN: `arn:aws:sqs:us-east-2:${account}:${queue}`,
      awsRegion: "us-east-2",
    })),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function snsEvent(message: string) {
  return {
    Records: [
      {
        EventVersion: "1.0",
        EventSubscriptionArn: `arn:aws:sns:us-east-1:${account}:topic:21be56ed-a058-49f5-8c98-aedd2564c486`,
        EventSource: "aws:sns",
        Sns: {
          SignatureVersion: "1",
          Timestamp: "2019-01-02T12:45:07.000Z",
          Signature: "tcc6faL2yUC6dgZdmrwh1Y4cGa/ebXEkAi6RibDsvpi+tE/1+82j...65r==",
          SigningCertURL:
            "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-ac565b8b1a6c5d002d285f9598aa1d9b.pem",
          MessageId: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
          Message: message,
          MessageAttributes: {
            Test: { Type: "String", Value: "TestString" },
            TestBinary: { Type: "Binary", Value: "TestBinary" },
          },
          Type: "Notification",
          UnsubscribeURL: "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
          TopicArn: `arn:aws:sns:us-east-1:${account}:topic`,
          Subject: "TestInvoke",
        },
      },
    ],
  };
}

/** The body of a queue's message without raw delivery. https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html */
export function notification(message: string): string {
  const fields = {
    Type: "Notification",
    MessageId: "dc1e94d9-56c5-5e96-808d-cc7f68faa162",
    TopicArn: `arn:aws:sns:us-east-2:${account}:ExampleTopic1`,
    Subject: "TestSubject",
    Message: message,
    Timestamp: "2021-02-16T21:41:19.978Z",
    SignatureVersion: "1",
    Signature:
      "FMG5tlZhJNHLHUXvZgtZzlk24FzVa7oX0T4P03neeXw8ZEXZx6z35j2FOTuNYShn2h0bKNC/zLTnMyIxEzmi2X1shOBWsJHkrW2xkR58ABZ+4uWHEE73yDVR4SyYAikP9jstZzDRm+bcVs8+T0yaLiEGLrIIL4esi1llhIkgErCuy5btPcWXBdio2fpCRD5x9oR6gmE/rd5O7lX1c1uvnv4r1Lkk4pqP2/iUfxFZva1xLSRvgyfm6D9hNklVyPfy+7TalMD0lzmJuOrExtnSIbZew3foxgx8GT+lbZkLd0ZdtdRJlIyPRP44eyq78sU0Eo/LsDr0Iak4ZDpg8dXg==",
    SigningCertURL:
      "https://sns.us-east-2.amazonaws.com/SimpleNotificationService-010a507c1833636cd94bdb98bd93083a.pem",
    UnsubscribeURL: `https://sns.us-east-2.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-east-2:${account}:ExampleTopic1:e1039402-24e7-40a3-a0d4-797da162b297`,
  };
  // AWS writes it over several lines.
  return JSON.stringify(fields, null, 2);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export function kinesisEvent(messages: readonly string[]) {
  return {
    Records: messages.map((message, index) => ({
      kinesis: {
        kinesisSchemaVersion: "1.0",
        partitionKey: "1",
        sequenceNumber: sequenceNumberOf(index),
        data: Buffer.from(message).toString("base64"),
        approximateArrivalTimestamp: 1545084650.987,
      },
      eventSource: "aws:kinesis",
      eventVersion: "1.0",
      eventID: `shardId-000000000006:${sequenceNumberOf(index)}`,
      eventName: "aws:kinesis:record",
      invokeIdentityArn: `arn:aws:iam::${account}:role/lambda-role`,
      awsRegion: "us-east-2",
      eventSourceARN: `arn:aws:kinesis:us-east-2:${account}:stream/lambda-stream`,
    })),
  };
}

export const sequenceNumberOf = (index: number) =>
  `495903382714902566088526925383615713214211300984${String(index).padStart(8, "0")}`;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export function busEvent(message: string) {
  return {
    version: "0",
    id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "Event",
    source: "throttle-bench",
    account,
    time: "2017-12-22T18:43:48Z",
    region: "us-west-1",
    resources: [],
    detail: JSON.parse(message),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload, as an API destination calls it */
export function urlRequest(
  body: string,
  { key, isBase64Encoded = false }: { key?: string; isBase64Encoded?: boolean },
) {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: "/",
    rawQueryString: "",
    headers: {
      ...(key === undefined ? {} : { "x-throttle-bench-key": key }),
      "content-length": String(body.length),
      "content-type": "application/json; charset=utf-8",
      host: "id.lambda-url.us-east-1.on.aws",
      "user-agent": "Amazon/EventBridge/ApiDestinations",
      "x-amzn-trace-id": "Root=1-5e66d96f-7491f09xmpl79d18acf3d050",
      "x-forwarded-for": "52.94.133.131",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    },
    requestContext: {
      accountId: "anonymous",
      apiId: "id",
      domainName: "id.lambda-url.us-east-1.on.aws",
      domainPrefix: "id",
      http: {
        method: "POST",
        path: "/",
        protocol: "HTTP/1.1",
        sourceIp: "52.94.133.131",
        userAgent: "Amazon/EventBridge/ApiDestinations",
      },
      requestId: "e1506fd5-9e7b-434f-bd42-4f8fa224b599",
      routeKey: "$default",
      stage: "$default",
      time: "12/Mar/2020:19:03:58 +0000",
      timeEpoch: 1583348638390,
    },
    body: isBase64Encoded ? Buffer.from(body).toString("base64") : body,
    isBase64Encoded,
  };
}

/** The message at an on-failure destination. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
export function invocationRecord(requestPayload: unknown): string {
  return JSON.stringify({
    version: "1.0",
    timestamp: "2019-11-14T18:16:05.568Z",
    requestContext: {
      requestId: "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
      functionArn: `arn:aws:lambda:us-east-2:${account}:function:my-function:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: 3,
    },
    requestPayload,
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: {
      errorMessage: "RequestId: e4b46cbf-b738-xmpl-8880-a18cdf61200e Process exited before completing request",
    },
  });
}
