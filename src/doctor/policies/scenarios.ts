/**
 * The actions that CloudFormation calls for the resource types of the scenarios. The types' schemas in AWS's registry name them in
 * their `handlers` and for tagging; those of properties that no template has (images, layers, file systems, keys) are left out.
 * `test/contract/handler-permissions.test.ts` compares the two. CloudFormation puts a stack's tags on every resource that can have
 * tags. https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
 */
import { named, type ResourceActions } from "./statement.ts";

/** Narrows the actions on mappings by their function, because a mapping's ARN holds only a random id. */
const ofOurFunctions = { ArnLike: { "lambda:FunctionArn": named.function } };

const passRoles = {
  Action: ["iam:PassRole"],
  Resource: named.role,
  Condition: { StringEquals: { "iam:PassedToService": ["lambda.amazonaws.com", "events.amazonaws.com"] } },
};

/** One statement, because a policy may not be long: each action is about resources of its own type alone. */
const ofEvents = [named.eventBus, named.rule, named.connection, named.apiDestination];

export const actionsOfScenarios: Readonly<Record<string, ResourceActions>> = {
  "AWS::Lambda::Function": {
    Functions: {
      Action: [
        "lambda:CreateFunction",
        "lambda:DeleteFunction",
        "lambda:DeleteFunctionConcurrency",
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionRecursionConfig",
        "lambda:GetFunctionScalingConfig",
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
    PassRoles: passRoles,
    // Functions in a VPC need these. EC2 narrows none of its describing actions to resources.
    DescribeNetworks: {
      Action: [
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      Resource: "*",
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
  "AWS::Lambda::Url": {
    Functions: {
      Action: [
        "lambda:CreateFunctionUrlConfig",
        "lambda:DeleteFunctionUrlConfig",
        "lambda:GetFunctionUrlConfig",
        "lambda:UpdateFunctionUrlConfig",
      ],
      Resource: named.function,
    },
  },
  "AWS::Events::EventBus": {
    Events: {
      Action: [
        "events:CreateEventBus",
        "events:DeleteEventBus",
        "events:DescribeEventBus",
        "events:ListTagsForResource",
        "events:TagResource",
        "events:UntagResource",
        "events:UpdateEventBus",
      ],
      Resource: ofEvents,
    },
  },
  "AWS::Events::Rule": {
    Events: {
      Action: [
        "events:DeleteRule",
        "events:DescribeRule",
        "events:ListTagsForResource",
        "events:ListTargetsByRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:TagResource",
        "events:UntagResource",
      ],
      Resource: ofEvents,
    },
    PassRoles: passRoles,
  },
  "AWS::Events::Connection": {
    Events: {
      Action: [
        "events:CreateConnection",
        "events:DeleteConnection",
        "events:DescribeConnection",
        "events:UpdateConnection",
      ],
      Resource: ofEvents,
    },
    ConnectionSecrets: {
      Action: [
        "secretsmanager:CreateSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecret",
      ],
      Resource: named.connectionSecret,
    },
    // The account's first connection makes it.
    RoleOfApiDestinations: {
      Action: ["iam:CreateServiceLinkedRole"],
      Resource:
        "arn:aws:iam::*:role/aws-service-role/apidestinations.events.amazonaws.com/AWSServiceRoleForAmazonEventBridgeApiDestinations",
      Condition: { StringEquals: { "iam:AWSServiceName": "apidestinations.events.amazonaws.com" } },
    },
  },
  "AWS::Events::ApiDestination": {
    Events: {
      Action: [
        "events:CreateApiDestination",
        "events:DeleteApiDestination",
        "events:DescribeApiDestination",
        "events:UpdateApiDestination",
      ],
      Resource: ofEvents,
    },
  },
  "AWS::Lambda::EventSourceMapping": {
    // A creation is about no resource that exists yet, so the condition narrows it to our functions.
    CreateMappings: {
      Action: ["lambda:CreateEventSourceMapping"],
      Resource: "*",
      Condition: ofOurFunctions,
    },
    Mappings: {
      Action: ["lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"],
      Resource: named.mapping,
      Condition: ofOurFunctions,
    },
    // A mapping's ARN holds a random id, so no name can narrow it, and tagging knows no condition on the function. Reading does,
    // but CloudFormation also reads to learn that a mapping is gone, and then there is no function to compare.
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
    // The resource of these actions is the topic. The ARN of a subscription begins with the topic's.
    Topics: {
      Action: ["sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Subscribe", "sns:Unsubscribe"],
      Resource: named.topic,
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
    Queues: { Action: ["sqs:SetQueueAttributes"], Resource: named.queue },
  },
  "AWS::Kinesis::Stream": {
    Streams: {
      Action: [
        "kinesis:AddTagsToStream",
        "kinesis:CreateStream",
        "kinesis:DeleteStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:ListTagsForResource",
        "kinesis:ListTagsForStream",
        "kinesis:RemoveTagsFromStream",
        "kinesis:TagResource",
        "kinesis:UntagResource",
      ],
      Resource: named.stream,
    },
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
        "iam:ListRoleTags",
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
        "logs:GetDataProtectionPolicy",
        "logs:ListTagsForResource",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ],
      Resource: named.logGroup,
    },
    // These search everything in the account and region.
    SearchLogGroups: {
      Action: ["logs:DescribeIndexPolicies", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies"],
      Resource: "*",
    },
  },
};
