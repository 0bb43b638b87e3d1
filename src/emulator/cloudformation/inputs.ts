/** The members that CloudFormation's operations on stacks have in common, and how they are read. */
import * as z from "zod";
import type { Account } from "../account.ts";
import { flag, list, pageOf, pageToken } from "../api/input.ts";
import { ServiceError } from "../service-error.ts";
import { CloudFormation } from "./stacks.ts";
import { invalid } from "./validation.ts";

export const stackName = z.string();

/** A list that clients send empty where nothing is wanted. */
function nothing(member: string) {
  return list(z.never({ error: `the emulator does not model ${member}` })).optional();
}

/** The members that a stack's creation, its update and a change set have in common, but for the template. */
export const stackInputs = {
  StackName: stackName,
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
  RoleARN: z.string().optional(),
  NotificationARNs: nothing("NotificationARNs"),
  // The CDK's command says so where nothing else is wanted.
  DeploymentConfig: z
    .strictObject({ Mode: z.literal("STANDARD", { error: "the emulator models STANDARD only" }) })
    .optional(),
  RollbackConfiguration: z
    .strictObject({ RollbackTriggers: nothing("RollbackConfiguration.RollbackTriggers") })
    .optional(),
};

/** The template of an update, which may be the one that the stack has. */
export const updatedTemplate = {
  TemplateBody: z.string().optional(),
  UsePreviousTemplate: flag.optional(),
};

/** @throws ServiceError `ValidationError` unless exactly one of the two is given: boto/boto pull request 2843. */
export function updatedTemplateBody(
  account: Account,
  input: { StackName: string } & z.output<z.ZodObject<typeof updatedTemplate>>,
): string {
  const { TemplateBody, UsePreviousTemplate = false } = input;
  if (UsePreviousTemplate && TemplateBody !== undefined) {
    throw invalid("You cannot specify both usePreviousTemplate and Template Body/Template URL.");
  }
  if (UsePreviousTemplate) return account.service(CloudFormation).getTemplate(input.StackName);
  if (TemplateBody === undefined) throw invalid("Either Template URL or Template Body must be specified.");
  return TemplateBody;
}

/** @throws ServiceError `ValidationError` for a role that CloudFormation may not assume; what the role allows is not asked. */
export function stackRequest({ iam }: Account, input: z.output<z.ZodObject<typeof stackInputs>>, templateBody: string) {
  const { RoleARN, Parameters, Tags, Capabilities } = input;
  if (RoleARN !== undefined && !iam.mayAssume(RoleARN, "cloudformation.amazonaws.com")) {
    throw invalid(`Role ${RoleARN} is invalid or cannot be assumed`);
  }
  return {
    templateBody,
    parameters: Parameters.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }])),
    previousParameters: Parameters.flatMap(({ key, value }) => (value === undefined ? [key] : [])),
    tags: Tags,
    capabilities: Capabilities,
  };
}

/** The most items in an answer; AWS says that it pages by size and not by how many. */
const pageSize = 100;

/** `next` is undefined on the last page. @throws ServiceError `ValidationError` for a token that no page has ended with. */
export function pageFrom<Item>(
  items: readonly Item[],
  token: string | undefined,
): { items: Item[]; next: string | undefined } {
  if (token !== undefined && !pageToken.safeParse(token).success)
    throw new ServiceError("ValidationError", `Invalid value for the parameter NextToken: ${token}`);
  return pageOf(items, token, pageSize);
}
