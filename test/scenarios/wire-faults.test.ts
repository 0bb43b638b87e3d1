/** Faults of the wire at the requests that change something: the burst is fired once, and a stack is ours or nobody touches it. */
import { CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Fault } from "../aws/faults.ts";
import { holds, type Kind, kinds, runWithFault, runWithFaults } from "../aws/one-fault.ts";
import { openDatabase, type Serving, serving, type TestDatabase } from "../aws/serving.ts";

let database: TestDatabase;
let served: Serving;
/** of a run without a fault */
let operations: string[];
const place = () => ({ databaseUrl: database.url, served });

beforeAll(async () => {
  database = await openDatabase();
  served = await serving(database.url);
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "x");
  ({ operations } = await runWithFault(place(), 0, "cut"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await served.close();
  await database.close();
});

it.each<[operation: string, kind: Kind]>([
  ["CreateStack", "a reset after it was carried out"],
  ["Invoke", "throttled"],
  ["Invoke", "a reset after it was carried out"],
])("%s with %s", async (operation, kind) => {
  const run = await runWithFault(place(), operations.indexOf(operation) + 1, kinds[kind]);
  expect(run.met).toBe(operation);
  holds(run, kind);
  const invocations = run.operations.filter((each) => each === "Invoke").length;
  expect(invocations).toBe(operation === "Invoke" && kind === "throttled" ? 2 : 1);
});

const exists = { error: "AlreadyExistsException", message: "Stack [it] already exists", status: 400 };

/** The first of an operation is carried out and its answer lost, and the second is refused. */
const lostThen =
  (operation: string, refusal: Fault) =>
  (asked: string, count: number): Fault | undefined =>
    asked !== operation ? undefined : count === 1 ? "cut-after" : count === 2 ? refusal : undefined;

it("knows its first attempt's stack when the second is told that it exists", async () => {
  const run = await runWithFaults(place(), lostThen("CreateStack", exists));
  holds({ ...run, met: "CreateStack" }, "a reset after it was carried out");
  expect(run.operations.filter((each) => each === "CreateStack")).toHaveLength(2);
});

it("leaves another's stack of its name as it is", async () => {
  const TemplateBody = "Resources: { Q: { Type: AWS::SQS::Queue } }";
  const StackName = "throttle-bench-anothers";
  // Somebody else's comes between the look and the creation.
  const unseen = { error: "ValidationError", message: "Stack with id it does not exist", status: 400 };
  await served.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
  const run = await runWithFaults(
    place(),
    (operation, count) => (operation === "DescribeStacks" && count === 1 ? unseen : undefined),
    { runId: "anothers" },
  );
  expect(run.ended).toMatchObject({
    code: "bad-usage",
    message: expect.stringMatching(/^The stack throttle-bench-anothers is there, and throttle-bench has not made it/),
    cleanUp: "The stack throttle-bench-anothers was not made by throttle-bench, and was left as it is.",
  });
  const { Stacks } = await served.cloudFormation.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks![0]!.StackStatus).toMatch(/^CREATE_/);
});

it("waits out five minutes of throttling at each poll, and the record says so", async () => {
  const throttled = { error: "Throttling", message: "Rate exceeded", status: 400 };
  const polls = new Set(["DescribeStackEvents", "GetFunctionConfiguration"]);
  const run = await runWithFaults(place(), (operation, count) =>
    polls.has(operation) && count <= 20 ? throttled : undefined,
  );
  holds({ ...run, met: "DescribeStackEvents" }, "throttled");
  const requests = [
    { service: "CloudFormation", times: 20, reason: "Rate exceeded" },
    { service: "Lambda", times: 20, reason: "Rate exceeded" },
  ];
  expect(run.ended).toMatchObject({ caveats: expect.arrayContaining([{ code: "requests-repeated", requests }]) });
});

it("signs again where its clock was wrong", async () => {
  const skewed = {
    page: JSON.stringify({ __type: "InvalidSignatureException", message: "Signature not yet current" }),
    status: 403,
    headers: { "x-amzn-errortype": "InvalidSignatureException", date: new Date(Date.now() + 3_600_000).toUTCString() },
  };
  const run = await runWithFaults(place(), (operation, count) =>
    (operation === "Invoke" || operation === "UpdateFunctionCode") && count === 1 ? skewed : undefined,
  );
  holds({ ...run, met: "Invoke" }, "throttled");
  expect(run.operations.filter((each) => each === "Invoke")).toHaveLength(2);
});
