/** CloudFormation's API: stacks from template bodies. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/ */
import { z } from "zod";
import { flag, list, pageToken } from "../api/input.ts";
import { type Api, type Output, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import type { StackResourceRecord, StackSummary } from "./records.ts";
import { CloudFormation } from "./stacks.ts";

const stackName = z.string();

/** The members that a stack's creation and its update have in common. */
const stackInputs = {
  StackName: stackName,
  TemplateBody: z.string(),
  Parameters: list(
    z
      .strictObject({
        ParameterKey: z.string(),
        ParameterValue: z.string().optional(),
        UsePreviousValue: flag.optional(),
      })
      .transform(({ ParameterKey: key, ParameterValue: value, UsePreviousValue = false }) => ({
        key,
        value: UsePreviousValue ? undefined : value,
      })),
  ).default([]),
  Tags: list(
    z.strictObject({ Key: z.string(), Value: z.string() }).transform(({ Key: key, Value: value }) => ({ key, value })),
  ).optional(),
  Capabilities: list(z.enum(["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"])).optional(),
  ClientRequestToken: z.string().optional(),
  StackPolicyBody: z.string().optional(),
};

/** The most stacks in an answer; AWS says that it pages by size and not by how many. */
const pageSize = 100;

/** Drift detection is not modelled, so no stack has ever been checked. */
const notChecked = { StackDriftStatus: "NOT_CHECKED" };

const operations: Api["operations"] = {
  ValidateTemplate: operation(z.strictObject({ TemplateBody: z.string() }), (account, input) => {
    const { template, capabilities, reason } = account.service(CloudFormation).validateTemplate(input.TemplateBody);
    return {
      Description: template.description,
      Parameters: template.parameters.map(({ name, default: value, noEcho, description }) => ({
        ParameterKey: name,
        DefaultValue: value,
        NoEcho: noEcho ?? false,
        Description: description,
      })),
      Capabilities: capabilities,
      CapabilitiesReason: reason,
    };
  }),

  CreateStack: operation(
    z.strictObject({
      ...stackInputs,
      DisableRollback: flag.optional(),
      OnFailure: z.enum(["ROLLBACK", "DELETE", "DO_NOTHING"]).optional(),
      EnableTerminationProtection: flag.optional(),
    }),
    (account, input) => {
      if (input.DisableRollback !== undefined && input.OnFailure !== undefined) {
        throw new ServiceError("ValidationError", "You can specify either DisableRollback or OnFailure, but not both.");
      }
      const { stackId } = account.service(CloudFormation).createStack({
        ...stackRequest(input),
        stackName: input.StackName,
        disableRollback: input.DisableRollback,
        onFailure: input.OnFailure,
        enableTerminationProtection: input.EnableTerminationProtection,
      });
      return { StackId: stackId };
    },
  ),

  UpdateStack: operation(z.strictObject(stackInputs), (account, input) => {
    const { stackId } = account.service(CloudFormation).updateStack(input.StackName, stackRequest(input));
    return { StackId: stackId };
  }),

  GetStackPolicy: operation(z.strictObject({ StackName: stackName }), (account, { StackName }) => ({
    StackPolicyBody: account.service(CloudFormation).stackPolicy(StackName),
  })),

  DeleteStack: operation(z.strictObject({ StackName: stackName }), (account, { StackName }) => {
    account.service(CloudFormation).deleteStack(StackName);
    return {};
  }),

  DescribeStacks: operation(
    z.strictObject({ StackName: stackName.optional(), NextToken: z.string().optional() }),
    (account, { StackName, NextToken }) => {
      const page = pageFrom(account.service(CloudFormation).describeStacks(StackName), NextToken);
      return { Stacks: page.items.map(describeStack), NextToken: page.next };
    },
  ),

  DescribeStackEvents: operation(
    z.strictObject({ StackName: stackName, NextToken: pageToken.optional() }),
    (account, { StackName }) => ({
      StackEvents: account
        .service(CloudFormation)
        .describeStackEvents(StackName)
        .map((event) => ({
          EventId: event.eventId,
          StackId: event.stackId,
          StackName: event.stackName,
          ...describeResource(event),
        })),
    }),
  ),

  DescribeStackResources: operation(
    z.strictObject({ StackName: stackName, LogicalResourceId: z.string().optional() }),
    (account, { StackName, LogicalResourceId }) => {
      const [stack] = account.service(CloudFormation).describeStacks(StackName);
      const resources = account
        .service(CloudFormation)
        .describeStackResources(StackName)
        .filter(({ logicalId }) => LogicalResourceId === undefined || logicalId === LogicalResourceId);
      if (LogicalResourceId !== undefined && resources.length === 0) {
        throw new ServiceError(
          "ValidationError",
          `Resource ${LogicalResourceId} does not exist for stack ${StackName}`,
        );
      }
      return {
        StackResources: resources.map((resource) => ({
          StackName: stack?.stackName,
          StackId: stack?.stackId,
          ...describeResource(resource),
        })),
      };
    },
  ),

  ListStacks: operation(
    z.strictObject({ StackStatusFilter: list(z.string()).optional(), NextToken: z.string().optional() }),
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

  GetTemplate: operation(
    z.strictObject({ StackName: stackName, TemplateStage: z.enum(["Original", "Processed"]).optional() }),
    (account, { StackName }) => ({
      TemplateBody: account.service(CloudFormation).getTemplate(StackName),
      StagesAvailable: ["Original", "Processed"],
    }),
  ),
};

/** `next` is null on the last page. @throws ServiceError `ValidationError` for a token that no page has ended with. */
function pageFrom<Item>(items: readonly Item[], token: string | undefined): { items: Item[]; next: string | null } {
  const from = token === undefined ? 0 : Number(/^page-(\d{1,6})$/.exec(token)?.[1]);
  if (Number.isNaN(from))
    throw new ServiceError("ValidationError", `Invalid value for the parameter NextToken: ${token}`);
  const to = from + pageSize;
  return { items: items.slice(from, to), next: to < items.length ? `page-${to}` : null };
}

function stackRequest(input: z.output<z.ZodObject<typeof stackInputs>>) {
  return {
    templateBody: input.TemplateBody,
    parameters: input.Parameters.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }])),
    previousParameters: input.Parameters.flatMap(({ key, value }) => (value === undefined ? [key] : [])),
    tags: input.Tags,
    capabilities: input.Capabilities,
    clientRequestToken: input.ClientRequestToken,
    stackPolicyBody: input.StackPolicyBody,
  };
}

function describeResource(resource: StackResourceRecord): Output {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.resourceType,
    Timestamp: new Date(resource.timestamp),
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
