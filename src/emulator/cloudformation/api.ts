/** CloudFormation's API: stacks from template bodies. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/ */
import * as z from "zod";
import { flag, list } from "../api/input.ts";
import { type Api, type Output, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import { changeSetOperations } from "./change-set-operations.ts";
import { pageFrom, stackInputs, stackName, stackRequest, updatedTemplate, updatedTemplateBody } from "./inputs.ts";
import type { StackResourceRecord, StackSummary } from "./records.ts";
import { CloudFormation } from "./stacks.ts";
import { templateOperations } from "./template-operations.ts";
import { invalid } from "./validation.ts";

/** The members that a creation and an update have and a change set has not. */
const requestInputs = {
  ...stackInputs,
  ClientRequestToken: z.string().optional(),
  StackPolicyBody: z.string().optional(),
};

/** Drift detection is not modelled, so no stack has ever been checked. */
const notChecked = { StackDriftStatus: "NOT_CHECKED" };

const resourceNotChecked = { StackResourceDriftStatus: "NOT_CHECKED" };

const paged = { NextToken: z.string().optional() };

const operations: Api["operations"] = {
  ...templateOperations,

  ...changeSetOperations,

  CreateStack: operation(
    z.strictObject({
      ...requestInputs,
      TemplateBody: z.string(),
      DisableRollback: flag.optional(),
      OnFailure: z.enum(["ROLLBACK", "DELETE", "DO_NOTHING"]).optional(),
      EnableTerminationProtection: flag.optional(),
    }),
    (account, input) => {
      if (input.DisableRollback !== undefined && input.OnFailure !== undefined) {
        throw new ServiceError("ValidationError", "You can specify either DisableRollback or OnFailure, but not both.");
      }
      const { stackId } = account.service(CloudFormation).createStack({
        ...stackRequest(account, input, input.TemplateBody),
        clientRequestToken: input.ClientRequestToken,
        stackPolicyBody: input.StackPolicyBody,
        stackName: input.StackName,
        disableRollback: input.DisableRollback,
        onFailure: input.OnFailure,
        enableTerminationProtection: input.EnableTerminationProtection,
      });
      return { StackId: stackId };
    },
  ),

  UpdateStack: operation(
    z.strictObject({ ...requestInputs, ...updatedTemplate, DisableRollback: z.literal("false").optional() }),
    (account, input) => {
      const { stackId } = account.service(CloudFormation).updateStack(input.StackName, {
        ...stackRequest(account, input, updatedTemplateBody(account, input)),
        clientRequestToken: input.ClientRequestToken,
        stackPolicyBody: input.StackPolicyBody,
      });
      return { StackId: stackId };
    },
  ),

  UpdateTerminationProtection: operation(
    z.strictObject({ StackName: stackName, EnableTerminationProtection: flag }),
    (account, { StackName, EnableTerminationProtection }) => {
      const { stackId } = account.service(CloudFormation).protectTermination(StackName, EnableTerminationProtection);
      return { StackId: stackId };
    },
  ),

  GetStackPolicy: operation(z.strictObject({ StackName: stackName }), (account, { StackName }) => ({
    StackPolicyBody: account.service(CloudFormation).stackPolicy(StackName),
  })),

  DeleteStack: operation(
    z.strictObject({ StackName: stackName, ClientRequestToken: z.string().optional(), RoleARN: stackInputs.RoleARN }),
    (account, { StackName }) => {
      account.service(CloudFormation).deleteStack(StackName);
      return {};
    },
  ),

  DescribeStacks: operation(
    z.strictObject({ StackName: stackName.optional(), ...paged }),
    (account, { StackName, NextToken }) => {
      const page = pageFrom(account.service(CloudFormation).describeStacks(StackName), NextToken);
      return { Stacks: page.items.map(describeStack), NextToken: page.next };
    },
  ),

  DescribeStackEvents: operation(
    z.strictObject({ StackName: stackName, ...paged }),
    (account, { StackName, NextToken }) => {
      const page = pageFrom(account.service(CloudFormation).describeStackEvents(StackName), NextToken);
      return {
        StackEvents: page.items.map((event) => ({
          EventId: event.eventId,
          StackId: event.stackId,
          StackName: event.stackName,
          Timestamp: new Date(event.timestamp),
          ...describeResource(event),
        })),
        NextToken: page.next,
      };
    },
  ),

  DescribeStackResources: operation(
    z.strictObject({
      StackName: stackName.optional(),
      LogicalResourceId: z.string().optional(),
      PhysicalResourceId: z.string().optional(),
    }),
    (account, { StackName, LogicalResourceId, PhysicalResourceId }) => {
      const cloudFormation = account.service(CloudFormation);
      if ((StackName === undefined) === (PhysicalResourceId === undefined)) {
        throw invalid("Exactly one of StackName and PhysicalResourceId must be specified.");
      }
      const name = StackName ?? cloudFormation.stackOf(PhysicalResourceId!);
      const [stack] = cloudFormation.describeStacks(name);
      const resources = cloudFormation
        .describeStackResources(name)
        .filter(({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId);
      if (LogicalResourceId !== undefined && resources.length === 0) throw noResource(LogicalResourceId, name);
      return {
        StackResources: resources.map((resource) => ({
          StackName: stack?.stackName,
          StackId: stack?.stackId,
          Timestamp: new Date(resource.timestamp),
          ...describeResource(resource),
          DriftInformation: resourceNotChecked,
        })),
      };
    },
  ),

  DescribeStackResource: operation(
    z.strictObject({ StackName: stackName, LogicalResourceId: z.string() }),
    (account, { StackName, LogicalResourceId }) => {
      const cloudFormation = account.service(CloudFormation);
      const [stack] = cloudFormation.describeStacks(StackName);
      const resource = cloudFormation
        .describeStackResources(StackName)
        .find(({ logicalId }) => logicalId === LogicalResourceId);
      if (resource === undefined) throw noResource(LogicalResourceId, StackName);
      return {
        StackResourceDetail: {
          StackName: stack?.stackName,
          StackId: stack?.stackId,
          LastUpdatedTimestamp: new Date(resource.timestamp),
          ...describeResource(resource),
          DriftInformation: resourceNotChecked,
        },
      };
    },
  ),

  ListStackResources: operation(
    z.strictObject({ StackName: stackName, ...paged }),
    (account, { StackName, NextToken }) => {
      const page = pageFrom(account.service(CloudFormation).describeStackResources(StackName), NextToken);
      return {
        StackResourceSummaries: page.items.map((resource) => ({
          LastUpdatedTimestamp: new Date(resource.timestamp),
          ...describeResource(resource),
          DriftInformation: resourceNotChecked,
        })),
        NextToken: page.next,
      };
    },
  ),

  // A template with an export is refused, so that an account has none.
  ListExports: operation(z.strictObject(paged), (_account, { NextToken }) => {
    const page = pageFrom([], NextToken);
    return { Exports: page.items, NextToken: page.next };
  }),

  ListStacks: operation(
    z.strictObject({ StackStatusFilter: list(z.string()).optional(), ...paged }),
    (account, { StackStatusFilter = [], NextToken }) => {
      const stacks = account
        .service(CloudFormation)
        .listStacks()
        .filter(({ status }) => StackStatusFilter.length === 0 || StackStatusFilter.includes(status));
      const page = pageFrom(stacks, NextToken);
      return {
        StackSummaries: page.items.map(({ description, ...stack }) => ({
          ...describeLife(stack),
          TemplateDescription: description,
        })),
        NextToken: page.next,
      };
    },
  ),
};

function noResource(logicalId: string, stack: string): ServiceError {
  return invalid(`Resource ${logicalId} does not exist for stack ${stack}`);
}

function describeResource(resource: StackResourceRecord): Output {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.resourceType,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
  };
}

function describeStack(stack: StackSummary): Output {
  return {
    ...describeLife(stack),
    Description: stack.description,
    Parameters: stack.parameters.map(({ key, value }) => ({ ParameterKey: key, ParameterValue: value })),
    Outputs: stack.outputs.map(({ key, value, description }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
    })),
    Capabilities: stack.capabilities,
    EnableTerminationProtection: stack.enableTerminationProtection,
    Tags: stack.tags.map(({ key, value }) => ({ Key: key, Value: value })),
  };
}

function describeLife(stack: Omit<StackSummary, "description">): Output {
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    CreationTime: new Date(stack.createdAt),
    LastUpdatedTime: stack.updatedAt === null ? null : new Date(stack.updatedAt),
    DeletionTime: stack.deletedAt === null ? null : new Date(stack.deletedAt),
    DriftInformation: notChecked,
  };
}

export const cloudFormationApi: Api = {
  name: "CloudFormation",
  signingName: "cloudformation",
  version: "2010-05-15",
  targetPrefix: "CloudFormation",
  xmlNamespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
  inputErrors: { missing: "ValidationError", invalid: "ValidationError" },
  operations,
};
