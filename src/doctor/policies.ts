/**
 * The IAM policies that an account's caller needs, and no more. `run` allows the calls of throttle-bench itself, and `deploy` those
 * that CloudFormation makes in the caller's name for a scenario. A run needs both. `database` allows those that it makes for the
 * database stack. `read` allows to read somebody's own stacks and functions, and to change nothing.
 *
 * AWS says to which resources an action can be narrowed: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import { actionsOfDatabase } from "./policies/database.ts";
import { actionsOfScenarios } from "./policies/scenarios.ts";
import { merged, named, type ResourceActions, type Statement } from "./policies/statement.ts";

export interface Policy {
  Version: "2012-10-17";
  Statement: Statement[];
}

export const policyNames = ["deploy", "run", "database", "read"] as const;
export type PolicyName = (typeof policyNames)[number];

const run: Statement[] = [
  {
    Sid: "Stacks",
    Effect: "Allow",
    Action: [
      "cloudformation:CreateStack",
      "cloudformation:UpdateStack",
      "cloudformation:DeleteStack",
      "cloudformation:DescribeStackEvents",
      "cloudformation:DescribeStackResources",
      // Creating a stack with a stack policy also sets the policy, which is an action of its own.
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
      "cloudformation:SetStackPolicy",
      // The tags of a new stack need this. Assumed: it is in the reference, but no account has shown it yet.
      "cloudformation:TagResource",
    ],
    Resource: named.stack,
  },
  {
    // Listing stacks, as `clean` does, describes every stack of the region.
    Sid: "DescribeStacks",
    Effect: "Allow",
    Action: ["cloudformation:DescribeStacks"],
    Resource: "arn:aws:cloudformation:*:*:stack/*/*",
  },
  {
    Sid: "Functions",
    Effect: "Allow",
    Action: ["lambda:UpdateFunctionCode", "lambda:GetFunctionConfiguration", "lambda:InvokeFunction"],
    Resource: named.function,
  },
  {
    // The secret of the account's own database, if it has one.
    Sid: "DatabasePassword",
    Effect: "Allow",
    Action: ["secretsmanager:GetSecretValue"],
    Resource: named.databaseSecret,
  },
  {
    // The queue of the producer's reports.
    Sid: "Queues",
    Effect: "Allow",
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
    Resource: named.queue,
  },
  {
    // The consumer's log says why something failed.
    Sid: "FailuresInLogs",
    Effect: "Allow",
    Action: ["logs:FilterLogEvents"],
    Resource: named.logGroup,
  },
  {
    // These are about a template's text, about metrics and about the account, none of which is a resource with a name.
    Sid: "WithoutResource",
    Effect: "Allow",
    Action: ["cloudformation:ValidateTemplate", "cloudwatch:GetMetricData", "lambda:GetAccountSettings"],
    Resource: "*",
  },
];

/** The stacks and functions are the account's own, so that no name of ours narrows them. */
const read: Statement[] = [
  {
    Sid: "TheirStacks",
    Effect: "Allow",
    Action: ["cloudformation:DescribeStacks", "cloudformation:GetTemplate", "cloudformation:ListStackResources"],
    Resource: "arn:aws:cloudformation:*:*:stack/*/*",
  },
  {
    Sid: "TheirFunctions",
    Effect: "Allow",
    Action: ["lambda:GetFunctionConcurrency", "lambda:GetFunctionConfiguration", "lambda:GetFunctionEventInvokeConfig"],
    Resource: "arn:aws:lambda:*:*:function:*",
  },
  {
    Sid: "TheirMappings",
    Effect: "Allow",
    Action: ["lambda:GetEventSourceMapping"],
    Resource: "arn:aws:lambda:*:*:event-source-mapping:*",
  },
  { Sid: "TheirQueues", Effect: "Allow", Action: ["sqs:GetQueueAttributes"], Resource: "arn:aws:sqs:*:*:*" },
  {
    Sid: "TheirStreams",
    Effect: "Allow",
    Action: ["kinesis:DescribeStreamSummary"],
    Resource: "arn:aws:kinesis:*:*:stream/*",
  },
  {
    Sid: "TheirTopics",
    Effect: "Allow",
    Action: ["sns:GetSubscriptionAttributes"],
    Resource: "arn:aws:sns:*:*:*",
  },
  {
    Sid: "TheirRules",
    Effect: "Allow",
    Action: ["events:DescribeRule", "events:ListTargetsByRule"],
    Resource: "arn:aws:events:*:*:rule/*",
  },
  {
    // These list what an account has, or are about metrics, none of which is a resource with a name.
    Sid: "WithoutResource",
    Effect: "Allow",
    Action: [
      "cloudwatch:GetMetricData",
      "events:ListEventBuses",
      "events:ListRuleNamesByTarget",
      "lambda:ListEventSourceMappings",
      "sns:ListSubscriptions",
    ],
    Resource: "*",
  },
];

/** The actions that CloudFormation calls, by policy and resource type. */
export const actionsOfTypes: Readonly<Record<"deploy" | "database", Readonly<Record<string, ResourceActions>>>> = {
  deploy: actionsOfScenarios,
  database: actionsOfDatabase,
};

/** The policy, limited to `regions` if any are given. IAM's own actions are in no region, and stay unlimited. */
export function policyOf(name: PolicyName, regions: readonly string[] = []): Policy {
  const statements =
    name === "run" || name === "read" ? { run, read }[name] : merged(Object.values(actionsOfTypes[name]));
  return { Version: "2012-10-17", Statement: statements.map((each) => inRegions(each, regions)) };
}

function inRegions(statement: Statement, regions: readonly string[]): Statement {
  if (regions.length === 0 || statement.Action.every((action) => action.startsWith("iam:"))) return statement;
  const { StringEquals, ...others } = statement.Condition ?? {};
  return { ...statement, Condition: { ...others, StringEquals: { ...StringEquals, "aws:RequestedRegion": regions } } };
}
