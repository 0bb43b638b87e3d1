/** CloudFormation's operations on templates, of stacks and of none. */
import * as z from "zod";
import { shownParameter } from "../../template/secrets.ts";
import type { Template } from "../../template/template.ts";
import type { Account } from "../account.ts";
import { type Api, operation } from "../api/operation.ts";
import { stackName } from "./inputs.ts";
import { CloudFormation } from "./stacks.ts";
import { invalid } from "./validation.ts";

/** The only version of the format. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/format-version-structure.html */
const formatVersion = "2010-09-09";

export const templateOperations: Api["operations"] = {
  ValidateTemplate: operation(z.strictObject({ TemplateBody: z.string() }), (account, input) => {
    const { template, capabilities, reason } = account.service(CloudFormation).validateTemplate(input.TemplateBody);
    return {
      Description: template.description,
      Parameters: template.parameters.map(shownParameter).map(({ name, default: value, noEcho, description }) => ({
        ParameterKey: name,
        DefaultValue: value,
        NoEcho: noEcho ?? false,
        Description: description,
      })),
      Capabilities: capabilities,
      CapabilitiesReason: reason,
    };
  }),

  GetTemplate: operation(
    z.strictObject({
      StackName: stackName.optional(),
      ChangeSetName: z.string().optional(),
      TemplateStage: z.enum(["Original", "Processed"]).optional(),
    }),
    (account, { StackName, ChangeSetName }) => ({
      // A stack that waits for its change set has none.
      TemplateBody: templateBodyOf(account, StackName, ChangeSetName) || null,
      StagesAvailable: ["Original", "Processed"],
    }),
  ),

  GetTemplateSummary: operation(
    z.strictObject({ StackName: stackName.optional(), TemplateBody: z.string().optional() }),
    (account, { StackName, TemplateBody }) => {
      if ((StackName === undefined) === (TemplateBody === undefined)) {
        throw invalid("Exactly one of StackName and TemplateBody must be specified.");
      }
      const body = TemplateBody ?? templateBodyOf(account, StackName, undefined);
      if (body === "") throw invalid(`Stack ${StackName} is in REVIEW_IN_PROGRESS state and has no template.`);
      const { template, capabilities, reason } = account.service(CloudFormation).validateTemplate(body);
      const { parameters, resources, metadata, sections } = template;
      return {
        Description: template.description,
        // Assumed: AWS says of the calls that describe a stack alone that they mask; these would show the default otherwise.
        Parameters: parameters.map(shownParameter).map((parameter) => ({
          ParameterKey: parameter.name,
          DefaultValue: parameter.default,
          ParameterType: parameter.type,
          NoEcho: parameter.noEcho ?? false,
          Description: parameter.description,
          ParameterConstraints: { AllowedValues: parameter.allowedValues },
        })),
        Capabilities: capabilities,
        CapabilitiesReason: reason,
        ResourceTypes: typesIn(resources),
        Version: sections.includes("AWSTemplateFormatVersion") ? formatVersion : null,
        Metadata: sections.includes("Metadata") ? JSON.stringify(metadata) : null,
        ResourceIdentifierSummaries: [],
      };
    },
  ),
};

function typesIn(resources: Template["resources"]): string[] {
  return [...new Set(resources.map(({ type }) => type))];
}

/** Empty: the stack waits for the change set that creates it. */
function templateBodyOf(account: Account, name: string | undefined, changeSetName: string | undefined): string {
  const cloudFormation = account.service(CloudFormation);
  if (changeSetName !== undefined) return cloudFormation.changeSet(changeSetName, name).plan.templateBody;
  if (name === undefined) throw invalid("StackName or ChangeSetName must be specified.");
  return cloudFormation.getTemplate(name);
}
