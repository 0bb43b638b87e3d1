/** Stacks as a careful operator handles them, against `serve` over HTTP: what was there before, what is somebody else's, what AWS would not take. */
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetStackPolicyCommand,
} from "@aws-sdk/client-cloudformation";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import type { BenchError } from "../../src/errors.ts";
import type { StackEvent } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { deleteStack } from "../../src/stacks/deletion.ts";
import { deployStack, type StackRequest } from "../../src/stacks/deployment.ts";
import { ownStacks } from "../../src/stacks/stack.ts";
import { openAws } from "../../src/targets/aws.ts";
import type { Target } from "../../src/targets/target.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";
import { eachServed } from "./each-served.ts";
import { region, servedTarget } from "./serving.ts";

const each = eachServed();
let target: Target;

beforeEach(async () => {
  const { clockUrl } = each.served;
  target = await servedTarget({ databaseUrl: each.database.url, clockUrl, endpointUrl: each.faults.endpoint });
});
afterEach(() => target.close());

const queueTemplate = `
Parameters: { Delay: { Type: Number, Default: 5 } }
Resources:
  Orders: { Type: AWS::SQS::Queue, Properties: { QueueName: orders, DelaySeconds: !Ref Delay } }
Outputs:
  Seconds: { Value: !Ref Delay }
`;

const roleTemplate = `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: worker
      AssumeRolePolicyDocument:
        Statement: { Effect: Allow, Action: "sts:AssumeRole", Principal: { Service: lambda.amazonaws.com } }
`;

/** Attaches to the other stack's role what that stack knows nothing of, so that IAM keeps the role. */
const attachmentTemplate = `
Resources:
  Attached:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: attached
      Roles: [worker]
      PolicyDocument: { Statement: { Effect: Allow, Action: "sqs:SendMessage", Resource: "*" } }
`;

const ours = { "throttle-bench": "run" };

async function create(StackName: string, TemplateBody: string, tags: Record<string, string>, passMs = 300_000) {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
  await each.served.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody, Tags, Capabilities }));
  await each.served.sleep(passMs);
}

async function statusOf(StackName: string): Promise<string> {
  const { Stacks } = await each.served.cloudFormation.send(new DescribeStacksCommand({ StackName }));
  return Stacks![0]!.StackStatus!;
}

async function stackNames(): Promise<string[]> {
  const { Stacks } = await each.served.cloudFormation.send(new DescribeStacksCommand({}));
  return Stacks!.map(({ StackName }) => StackName!).sort();
}

const seen: StackEvent[] = [];
function deployed(request: Partial<StackRequest> = {}) {
  seen.length = 0;
  return deployStack(
    target,
    {
      name: "orders",
      templateBody: queueTemplate,
      parameters: {},
      tags: ours,
      clientRequestToken: "token",
      signal: new AbortController().signal,
      ...request,
    },
    (event) => seen.push(event),
  );
}

function run(runId: string, scenario = findScenario("scenario-4"), set: string[] = []) {
  return bench(target, aRequest(scenario, { set, events: 10, runId, waitForMetrics: false }), aContext());
}

/** The error that work ends with; it must. */
async function failure(work: Promise<unknown>): Promise<BenchError> {
  return work.then(
    () => {
      throw new Error("it did not fail");
    },
    (error) => error,
  );
}

describe("a stack of this name that is there already", () => {
  it("is removed first when it was rolled back, and this is said", async () => {
    await create("orders", queueTemplate.replace("!Ref Delay }", "901 }"), ours);
    expect(await statusOf("orders")).toBe("ROLLBACK_COMPLETE");
    const { outputs } = await deployed();
    expect([...outputs]).toEqual([["Seconds", "5"]]);
    expect(await statusOf("orders")).toBe("CREATE_COMPLETE");
    expect(seen[0]).toMatchObject({ status: "ROLLBACK_COMPLETE", reason: expect.stringMatching(/removed first/) });
  });

  it("that could not be deleted is deleted now that it can be", async () => {
    await create("orders", roleTemplate, ours);
    await create("attachment", attachmentTemplate, {});
    expect(await deleteStack(target, "orders")).toEqual({
      outcome: "left",
      status: "DELETE_FAILED",
      why: expect.stringMatching(/^Role \(AWS::IAM::Role worker\): .*Cannot delete entity/),
      remedy: expect.stringContaining("aws cloudformation delete-stack --stack-name orders"),
    });
    // The deletion is tried once more, and no more.
    expect(each.faults.operations.filter((operation) => operation === "DeleteStack")).toHaveLength(2);

    const error = await failure(deployed());
    expect(error).toMatchObject({ code: "deploy-failed", exitStatus: 3 });
    expect(error.message).toMatch(/orders stays \(DELETE_FAILED: Role .*Cannot delete entity.*delete-stack/);
    expect(each.faults.operations).not.toContain("CreateStack");

    await each.served.cloudFormation.send(new DeleteStackCommand({ StackName: "attachment" }));
    await each.served.sleep(60_000);
    await deployed();
    expect(await stackNames()).toEqual(["orders"]);
    expect(await statusOf("orders")).toBe("CREATE_COMPLETE");
  });

  it("that is somebody else's is refused by name and not touched", async () => {
    await create("orders", queueTemplate, { team: "shop" });
    const error = await failure(deployed({ parameters: { Delay: "7" } }));
    expect(error).toMatchObject({ exitStatus: 2, message: expect.stringMatching(/stack orders .*not/) });
    expect(await deleteStack(target, "orders")).toEqual({ outcome: "foreign" });
    expect(each.faults.operations.filter((operation) => /^(Create|Update|Delete)Stack$/.test(operation))).toEqual([]);
    expect(await statusOf("orders")).toBe("CREATE_COMPLETE");
  });

  it("survives a run that would have taken its name", async () => {
    await create("throttle-bench-mine", queueTemplate, {});
    expect(await failure(run("mine"))).toMatchObject({ exitStatus: 2 });
    expect(await statusOf("throttle-bench-mine")).toBe("CREATE_COMPLETE");
  });

  it("is ours and as wanted: nothing is done", async () => {
    const { id, events } = await deployed();
    expect(events.length).toBeGreaterThan(2);
    expect(await deployed({ clientRequestToken: "again" })).toMatchObject({ id, events });
    expect(seen).toEqual([]);
    expect(await statusOf("orders")).toBe("CREATE_COMPLETE");
  });

  it("is ours and otherwise: it is updated, and keeps its tags", async () => {
    await deployed();
    const { outputs } = await deployed({
      parameters: { Delay: "7" },
      clientRequestToken: "again",
      tags: { other: "x" },
    });
    expect(outputs.get("Seconds")).toBe("7");
    expect(seen.map(({ logicalId, status }) => `${logicalId} ${status}`)).toContain("Orders UPDATE_COMPLETE");
    expect(await statusOf("orders")).toBe("UPDATE_COMPLETE");
    expect([...(await ownStacks(target))[0]!.tags]).toEqual([["throttle-bench", "run"]]);
  });

  it("is still being created: it is waited for", async () => {
    await create("orders", queueTemplate, ours, 1_000);
    const { outputs, events } = await deployed();
    expect(outputs.get("Seconds")).toBe("5");
    expect(events.map(({ logicalId, status }) => `${logicalId} ${status}`)).toContain("orders CREATE_COMPLETE");
    expect(await stackNames()).toEqual(["orders"]);
  });
});

describe("a run's stack", () => {
  it("says by tags and policy whose it is, and until when it can be needed", async () => {
    const before = await each.served.now();
    let described: Awaited<ReturnType<typeof describeIt>> | undefined;
    const describeIt = async () => {
      const StackName = "throttle-bench-tagged";
      const { Stacks } = await each.served.cloudFormation.send(new DescribeStacksCommand({ StackName }));
      const { StackPolicyBody } = await each.served.cloudFormation.send(new GetStackPolicyCommand({ StackName }));
      return { tags: Object.fromEntries(Stacks![0]!.Tags!.map(({ Key, Value }) => [Key!, Value!])), StackPolicyBody };
    };
    each.faults.rule = (operation, count) => {
      if (operation === "UpdateFunctionCode" && count === 1) void describeIt().then((it) => (described = it));
      return undefined;
    };
    await run("tagged");
    expect(described!.tags).toEqual({
      "throttle-bench": "run",
      "throttle-bench:run-id": "tagged",
      "throttle-bench:owner": "arn:aws:iam::123456789012:root",
      "throttle-bench:expires": expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    const hours = (Date.parse(described!.tags["throttle-bench:expires"]!) - before) / 3_600_000;
    expect(Math.round(hours)).toBe(24 + 6);
    expect(JSON.parse(described!.StackPolicyBody!).Statement).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Action: ["Update:Replace", "Update:Delete"] }),
    );
  });

  it("does not meet that of another run at the same time", async () => {
    const records = await Promise.all([run("one"), run("two")]);
    for (const record of records) {
      expect(record.summary).toMatchObject({ eventsCompleted: 10, eventsMissing: 0, duplicates: 0 });
      expect(record.cleanUp).toBe(`The stack throttle-bench-${record.runId} was deleted.`);
    }
    expect(await stackNames()).toEqual([]);
    expect((await each.served.sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
  });

  it("removes the stack that it has deployed, without looking for it anew", async () => {
    await run("handed-on");
    const { operations } = each.faults;
    const deletion = operations.indexOf("DeleteStack");
    const measured = operations.lastIndexOf("GetMetricData", deletion);
    expect(measured).toBeGreaterThan(0);
    expect(operations.slice(measured, deletion)).not.toContain("DescribeStacks");
    expect(operations.slice(deletion, deletion + 2)).toEqual(["DeleteStack", "DescribeStacks"]);
    expect(await stackNames()).toEqual([]);
  });

  it("that fails says what to do", async () => {
    const error = await failure(run("greedy", undefined, ["ReservedConcurrency=950"]));
    expect(error.message).toMatch(
      /ConsumerFunction .*failed: .*; ask for a higher quota .*, or lower ReservedConcurrency/,
    );
    expect(error.cleanUp).toMatch(/was deleted/);
  });
});

describe("what AWS would not take is refused with nothing sent", () => {
  it.each([
    ["a value that is too long", () => deployed({ parameters: { Delay: "5".repeat(4_097) } }), /Delay .*4,?096/],
    ["a stack name that is too long", () => deployed({ name: `a${"b".repeat(128)}` }), /128/],
    ["a stack name with an underscore", () => deployed({ name: "a_b" }), /a_b/],
    ["a token with a blank", () => deployed({ clientRequestToken: "a b" }), /a b/],
  ])("%s", async (_what, work, message) => {
    each.faults.operations.length = 0;
    expect(await failure(work())).toMatchObject({
      code: "bad-template",
      exitStatus: 2,
      message: expect.stringMatching(message),
    });
    expect(each.faults.operations.filter((operation) => !/^DescribeStacks$/.test(operation))).toEqual([]);
  });
});

describe("who is asked", () => {
  it("says the account and the caller, by STS", () => {
    expect(target).toMatchObject({
      origin: { location: { accountId: "123456789012" } },
      callerArn: "arn:aws:iam::123456789012:root",
    });
  });

  it("is not known where STS does not say, and that is no failure", async () => {
    each.faults.rule = (operation) =>
      operation === "GetCallerIdentity" ? { error: "AccessDenied", message: "no", status: 403 } : undefined;
    const account = await openAws({ region, endpointUrl: each.faults.endpoint });
    expect(account).toMatchObject({ origin: { location: { accountId: null } }, callerArn: null });
  });
});
