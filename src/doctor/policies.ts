/**
 * The IAM policies that an account's caller needs and no more: one for what throttle-bench calls itself, one for what
 * CloudFormation does in the caller's name. Both together are what a run needs.
 *
 * Which resource an action can be narrowed to: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */

export interface Policy {
  Version: "2012-10-17";
  Statement: Statement[];
}

export interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: readonly string[];
  Resource: string | readonly string[];
  Condition?: Record<string, Record<string, string | readonly string[]>>;
}

export const policyNames = ["deploy", "run"] as const;
export type PolicyName = (typeof policyNames)[number];

/** Most characters of a managed policy, white space not counted. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const maxPolicyCharacters = 6_144;

/** CloudFormation begins the names that it makes with the stack's, however much it cuts off behind. */
const named = {
  stack: "arn:aws:cloudformation:*:*:stack/throttle-bench-*/*",
  function: "arn:aws:lambda:*:*:function:throttle-bench-*",
  mapping: "arn:aws:lambda:*:*:event-source-mapping:*",
  topic: "arn:aws:sns:*:*:throttle-bench-*",
  queue: "arn:aws:sqs:*:*:throttle-bench-*",
  role: "arn:aws:iam::*:role/throttle-bench-*",
  logGroup: "arn:aws:logs:*:*:log-group:throttle-bench-*",
};

/** A function by the condition key of the actions on mappings, whose own ARNs say nothing but a random id. */
const ofOurFunctions = { ArnLike: { "lambda:FunctionArn": named.function } };

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
      // Creating a stack with a stack policy sets it, which is an action of its own.
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
      "cloudformation:SetStackPolicy",
      // Tags of a new stack. Assumed to be asked for as with other services: no account has shown it yet.
      "cloudformation:TagResource",
    ],
    Resource: named.stack,
  },
  {
    // Listing stacks, as `clean` does, is describing every one of them, ours among them.
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
    // The producer's reports.
    Sid: "Queues",
    Effect: "Allow",
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
    Resource: named.queue,
  },
  {
    // None of these is about a resource that could be named: a template's text, metrics, the account's own numbers.
    Sid: "WithoutResource",
    Effect: "Allow",
    Action: ["cloudformation:ValidateTemplate", "cloudwatch:GetMetricData", "lambda:GetAccountSettings"],
    Resource: "*",
  },
];

/** What the handlers of the resource types call with the caller's permissions, to create, update, read and delete. */
export interface ResourceActions {
  [sid: string]: Omit<Statement, "Sid" | "Effect">;
}

/**
 * By resource type of the templates. Assumed: put together from what published policies for these types
 * grant, without what belongs to properties that no template has (images, layers, file systems, keys, VPCs). What
 * CloudFormation really calls is in the `handlers` of the types' schemas in its registry, which this has not been held
 * against. The stack's tags are put on every resource that can have some. https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
 */
export const actionsOfTypes: Readonly<Record<string, ResourceActions>> = {
  "AWS::Lambda::Function": {
    Functions: {
      Action: [
        "lambda:CreateFunction",
        "lambda:DeleteFunction",
        "lambda:DeleteFunctionConcurrency",
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConfiguration",
        "lambda:GetFunctionRecursionConfig",
        "lambda:GetRuntimeManagementConfig",
        "lambda:ListTags",
        "lambda:PutFunctionConcurrency",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
      ],
      Resource: named.function,
    },
    PassRoleToLambda: {
      Action: ["iam:PassRole"],
      Resource: named.role,
      Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
    },
  },
  "AWS::Lambda::EventInvokeConfig": {
    Functions: {
      Action: [
        "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:UpdateFunctionEventInvokeConfig",
      ],
      Resource: named.function,
    },
  },
  "AWS::Lambda::Permission": {
    Functions: {
      Action: ["lambda:AddPermission", "lambda:GetPolicy", "lambda:RemovePermission"],
      Resource: named.function,
    },
  },
  "AWS::Lambda::EventSourceMapping": {
    // Creating one is about no resource that is there yet; the condition narrows it to our functions instead.
    Mappings: {
      Action: ["lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"],
      Resource: "*",
      Condition: ofOurFunctions,
    },
    // A mapping's ARN is a random id, so that no name can narrow it, and reading one knows no condition on the function.
    MappingsByRandomId: {
      Action: ["lambda:GetEventSourceMapping", "lambda:ListTags", "lambda:TagResource", "lambda:UntagResource"],
      Resource: named.mapping,
    },
  },
  "AWS::SNS::Topic": {
    Topics: {
      Action: [
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:GetDataProtectionPolicy",
        "sns:GetTopicAttributes",
        "sns:ListSubscriptionsByTopic",
        "sns:ListTagsForResource",
        "sns:SetTopicAttributes",
        "sns:TagResource",
        "sns:UntagResource",
      ],
      Resource: named.topic,
    },
  },
  "AWS::SNS::Subscription": {
    Topics: {
      Action: ["sns:ListSubscriptionsByTopic", "sns:Subscribe"],
      Resource: named.topic,
    },
    // These are about a subscription, which is none of the resource types that SNS knows in policies.
    Subscriptions: {
      Action: ["sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe"],
      Resource: "*",
    },
  },
  "AWS::SQS::Queue": {
    Queues: {
      Action: [
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ListQueueTags",
        "sqs:SetQueueAttributes",
        "sqs:TagQueue",
        "sqs:UntagQueue",
      ],
      Resource: named.queue,
    },
  },
  "AWS::SQS::QueuePolicy": {
    Queues: { Action: ["sqs:GetQueueAttributes", "sqs:SetQueueAttributes"], Resource: named.queue },
  },
  "AWS::IAM::Role": {
    Roles: {
      Action: [
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "iam:PutRolePolicy",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
      ],
      Resource: named.role,
    },
  },
  "AWS::Logs::LogGroup": {
    LogGroups: {
      Action: [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:ListTagsForResource",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ],
      Resource: [named.logGroup, `${named.logGroup}:*`],
    },
    // It searches by a prefix, in all the groups of the account and region.
    SearchLogGroups: { Action: ["logs:DescribeLogGroups"], Resource: "arn:aws:logs:*:*:log-group:*" },
  },
};

/** `regions`: only there; none: anywhere. IAM's own actions are in no region. */
export function policyOf(name: PolicyName, regions: readonly string[] = []): Policy {
  const statements = name === "run" ? run : merged(Object.values(actionsOfTypes));
  return { Version: "2012-10-17", Statement: statements.map((each) => inRegions(each, regions)) };
}

/** One statement for each Sid, its actions in order and without repetition. */
function merged(types: readonly ResourceActions[]): Statement[] {
  const statements = new Map<string, Statement>();
  for (const [Sid, statement] of types.flatMap((each) => Object.entries(each))) {
    const actions = [...(statements.get(Sid)?.Action ?? []), ...statement.Action];
    statements.set(Sid, { Sid, Effect: "Allow", ...statement, Action: [...new Set(actions)].sort() });
  }
  return [...statements.values()];
}

function inRegions(statement: Statement, regions: readonly string[]): Statement {
  if (regions.length === 0 || statement.Action.every((action) => action.startsWith("iam:"))) return statement;
  const { StringEquals, ...others } = statement.Condition ?? {};
  return { ...statement, Condition: { ...others, StringEquals: { ...StringEquals, "aws:RequestedRegion": regions } } };
}
