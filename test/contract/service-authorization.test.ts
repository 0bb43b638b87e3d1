/** The policies against AWS's Service Authorization Reference: every action is there, and granted as narrowly as it can be. */
import { describe, expect, it } from "vitest";
import type { Statement } from "../../src/doctor/policies/statement.ts";
import { type Policy, policyNames, policyOf } from "../../src/doctor/policies.ts";
import { objectionsToPolicy } from "./service-authorization.ts";

/** The grants that are wider than the reference would have them, by policy, each with its reason. */
const accepted: Readonly<Record<(typeof policyNames)[number], Readonly<Record<string, string>>>> = {
  run: {
    "DescribeStacks: arn:aws:cloudformation:*:*:stack/*/* is anybody's": "clean lists the stacks to find ours",
    "WithoutResource: cloudwatch:GetMetricData can be narrowed to dataset": "the metrics of AWS's services are in none",
  },
  deploy: {
    "ConnectionSecrets: arn:aws:secretsmanager:*:*:secret:events!connection/throttle-bench-* is anybody's":
      "EventBridge puts its own prefix before the name of our connection",
    "RoleOfApiDestinations: arn:aws:iam::*:role/aws-service-role/apidestinations.events.amazonaws.com/AWSServiceRoleForAmazonEventBridgeApiDestinations is anybody's":
      "the one role that EventBridge acts as, whatever the connection",
    "MappingsByRandomId: arn:aws:lambda:*:*:event-source-mapping:* is anybody's":
      "an id is random, and no condition that these know, or that holds of what is gone, says whose it is",
    ...Object.fromEntries(
      ["ListTagsForResource", "TagResource", "UntagResource"].flatMap((action) =>
        ["channel", "consumer"].map((other) => [
          `kinesis:${action} needs its ${other} named too`,
          "the resource is a stream, and what is tagged is one of the three",
        ]),
      ),
    ),
  },
  read: {
    ...Object.fromEntries(
      [
        "Functions: arn:aws:lambda:*:*:function:*",
        "Mappings: arn:aws:lambda:*:*:event-source-mapping:*",
        "Queues: arn:aws:sqs:*:*:*",
        "Rules: arn:aws:events:*:*:rule/*",
        "Stacks: arn:aws:cloudformation:*:*:stack/*/*",
        "Streams: arn:aws:kinesis:*:*:stream/*",
        "Topics: arn:aws:sns:*:*:*",
      ].map((each) => [`Their${each} is anybody's`, "somebody's own system has names of their own"]),
    ),
    "WithoutResource: cloudwatch:GetMetricData can be narrowed to dataset": "the metrics of AWS's services are in none",
  },
  database: {
    "DefaultOptions: arn:aws:rds:*:*:og:default:* is anybody's": "RDS's own option group is what an instance has",
    "RoleOfRds: arn:aws:iam::*:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS is anybody's":
      "the one role that RDS acts as, whatever the database",
  },
};

describe.each(policyNames)("the policy %s", (name) => {
  it.each([
    ["anywhere", []],
    ["in two regions", ["us-east-1", "eu-west-1"]],
  ])("is as narrow as the reference lets it be, %s, but for what is accepted", async (_where, regions) => {
    expect((await objectionsToPolicy(policyOf(name, regions))).sort()).toEqual(Object.keys(accepted[name]).sort());
  });
});

/** The deploy policy with one statement changed. */
function planted(sid: string, change: Partial<Statement>): Policy {
  const { Statement, ...policy } = policyOf("deploy");
  expect(Statement.map(({ Sid }) => Sid)).toContain(sid);
  return { ...policy, Statement: Statement.map((each) => (each.Sid === sid ? { ...each, ...change } : each)) };
}

const queues = "arn:aws:sqs:*:*:throttle-bench-*";

it.each<[kind: string, sid: string, change: Partial<Statement>, objection: string]>([
  ["action", "Queues", { Action: ["sqs:DropQueue"] }, "Queues: there is no action sqs:DropQueue"],
  ["everything", "Queues", { Resource: "*" }, "Queues: sqs:DeleteQueue can be narrowed to queue"],
  ["anybody's", "Queues", { Resource: "arn:aws:sqs:*:*:*" }, "Queues: arn:aws:sqs:*:*:* is anybody's"],
  [
    "name without an end of ours",
    "Queues",
    { Resource: "arn:aws:sqs:*:*:throttle*" },
    "Queues: arn:aws:sqs:*:*:throttle* is anybody's",
  ],
  [
    "form of an ARN",
    "Functions",
    { Resource: "arn:aws:lambda:*:*:function/throttle-bench-*" },
    "Functions: lambda:CreateFunction is about function, of which none is named",
  ],
  [
    "resource of another service",
    "Topics",
    { Resource: ["arn:aws:sns:*:*:throttle-bench-*", queues] },
    `Topics: ${queues} is of no resource type of its actions`,
  ],
  [
    "resource of an action that has none",
    "SearchLogGroups",
    { Resource: "arn:aws:logs:*:*:log-group:*" },
    "SearchLogGroups: logs:DescribeLogGroups is about no resource, so that nothing but * allows it",
  ],
  [
    "condition of another service",
    "Queues",
    { Condition: { ArnLike: { "lambda:FunctionArn": "arn:aws:lambda:*:*:function:throttle-bench-*" } } },
    "Queues: sqs:CreateQueue does not know lambda:FunctionArn of a queue",
  ],
  [
    "condition on a tag that the action does not look at",
    "Roles",
    { Condition: { StringEquals: { "aws:ResourceTag/throttle-bench": "run" } } },
    "Roles: iam:GetRole does not know aws:ResourceTag/throttle-bench of a role",
  ],
  [
    "condition of an action without resource",
    "SearchLogGroups",
    { Condition: { StringEquals: { "aws:ResourceTag/throttle-bench": "run" } } },
    "SearchLogGroups: logs:DescribeLogGroups does not know aws:ResourceTag/throttle-bench",
  ],
  [
    "one of two resources",
    "Queues",
    { Action: ["ec2:AttachInternetGateway"], Resource: "arn:aws:ec2:*:*:vpc/*" },
    "ec2:AttachInternetGateway needs its internet-gateway named too",
  ],
])("finds a planted mistake of the kind: %s", async (_kind, sid, change, objection) => {
  expect(await objectionsToPolicy(planted(sid, change))).toContain(objection);
});
