/** An SDK that nobody here wrote against `serve`: the Python SDK that Debian's package awscli brings, of 2022. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase, region, type Serving, serving, type TestDatabase } from "./serving.ts";

let database: TestDatabase;
let served: Serving;

beforeAll(async () => {
  database = await openDatabase();
  served = await serving(database.url);
});

afterAll(async () => {
  await served.close();
  await database.close();
});

/** Creates a stack, waits for it, works its queue by the URL that the stack tells, and misses another. */
const program = `
import json, sys
try:
    from awscli.botocore.session import Session
except ImportError:
    sys.exit("There is no awscli.botocore: install Debian's package awscli, as .ci/run does.")
session = Session()
def client(name):
    return session.create_client(name, region_name=sys.argv[2], endpoint_url=sys.argv[1], aws_access_key_id="x", aws_secret_access_key="x")
stacks, sqs = client("cloudformation"), client("sqs")
stacks.create_stack(StackName="py", TemplateBody="Resources: { Q: { Type: AWS::SQS::Queue } }")
stacks.get_waiter("stack_create_complete").wait(StackName="py")
detail = stacks.describe_stack_resource(StackName="py", LogicalResourceId="Q")["StackResourceDetail"]
url = detail["PhysicalResourceId"]
colour = {"DataType": "String", "StringValue": "blue"}
sqs.send_message(QueueUrl=url, MessageBody="<one> & é", MessageAttributes={"colour": colour})
received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, MessageAttributeNames=["All"])["Messages"]
sqs.delete_message(QueueUrl=url, ReceiptHandle=received[0]["ReceiptHandle"])
try:
    sqs.get_queue_url(QueueName="none")
except sqs.exceptions.QueueDoesNotExist as error:
    missing = error.response["Error"]["Code"]
print(json.dumps([received[0]["Body"], received[0]["MessageAttributes"], missing, client("lambda").list_functions()["Functions"], url]))
`;

it("serves the Python SDK: a stack, its waiter, a queue and an error that it knows", { timeout: 60_000 }, async () => {
  const { stdout } = await promisify(execFile)("/usr/bin/python3", ["-c", program, served.endpoint, region]);
  expect(JSON.parse(stdout)).toEqual([
    "<one> & é",
    { colour: { DataType: "String", StringValue: "blue" } },
    "AWS.SimpleQueueService.NonExistentQueue",
    [],
    expect.stringContaining(`${served.endpoint}/123456789012/py-Q-`),
  ]);
});
