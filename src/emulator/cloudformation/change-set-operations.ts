/** CloudFormation's operations on change sets. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html */
import * as z from "zod";
import { flag } from "../api/input.ts";
import { type Api, type Output, operation } from "../api/operation.ts";
import type { ChangeSet } from "./change-set.ts";
import { pageFrom, stackInputs, stackName, stackRequest, updatedTemplate, updatedTemplateBody } from "./inputs.ts";
import type { Change } from "./records.ts";
import { CloudFormation } from "./stacks.ts";

const named = { ChangeSetName: z.string(), StackName: stackName.optional() };

export const changeSetOperations: Api["operations"] = {
  CreateChangeSet: operation(
    z.strictObject({
      ...stackInputs,
      ...updatedTemplate,
      ChangeSetName: z.string(),
      ChangeSetType: z
        .enum(["CREATE", "UPDATE"], { error: "the emulator models CREATE and UPDATE only" })
        .default("UPDATE"),
      Description: z.string().optional(),
      ClientToken: z.string().optional(),
      OnStackFailure: z.enum(["ROLLBACK", "DELETE", "DO_NOTHING"]).optional(),
      // A stack that is modelled has no nested ones.
      IncludeNestedStacks: flag.optional(),
      ImportExistingResources: z.literal("false", { error: "the emulator models no imports" }).optional(),
    }),
    (account, input) => {
      const changeSet = account.service(CloudFormation).createChangeSet({
        ...stackRequest(account, input, updatedTemplateBody(account, input)),
        name: input.ChangeSetName,
        type: input.ChangeSetType,
        stackName: input.StackName,
        description: input.Description,
        onFailure: input.OnStackFailure,
      });
      return { Id: changeSet.id, StackId: changeSet.stackId };
    },
  ),

  DescribeChangeSet: operation(
    z.strictObject({
      ...named,
      NextToken: z.string().optional(),
      // The values are left out: a client has both templates.
      IncludePropertyValues: flag.optional(),
    }),
    (account, { ChangeSetName, StackName, NextToken }) => {
      const changeSet = account.service(CloudFormation).changeSet(ChangeSetName, StackName);
      const { changes, parameters, tags, capabilities } = changeSet.plan;
      const page = pageFrom(changes, NextToken);
      return {
        ...describeChangeSet(changeSet),
        Parameters: parameters.map(({ key, value }) => ({ ParameterKey: key, ParameterValue: value })),
        Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
        Capabilities: capabilities,
        NotificationARNs: [],
        RollbackConfiguration: {},
        Changes: page.items.map((change) => ({
          Type: "Resource",
          ResourceChange: describeChange(change, changeSet.physicalIdOf(change.logicalId)),
        })),
        NextToken: page.next,
      };
    },
  ),

  ExecuteChangeSet: operation(
    z.strictObject({ ...named, ClientRequestToken: z.string().optional(), DisableRollback: flag.optional() }),
    (account, { ChangeSetName, StackName, DisableRollback }) => {
      account.service(CloudFormation).executeChangeSet(ChangeSetName, StackName, DisableRollback);
      return {};
    },
  ),

  DeleteChangeSet: operation(z.strictObject(named), (account, { ChangeSetName, StackName }) => {
    account.service(CloudFormation).deleteChangeSet(ChangeSetName, StackName);
    return {};
  }),

  ListChangeSets: operation(
    z.strictObject({ StackName: stackName, NextToken: z.string().optional() }),
    (account, { StackName, NextToken }) => {
      const page = pageFrom(account.service(CloudFormation).changeSets(StackName), NextToken);
      return { Summaries: page.items.map(describeChangeSet), NextToken: page.next };
    },
  ),
};

function describeChangeSet(changeSet: ChangeSet): Output {
  return {
    ChangeSetName: changeSet.plan.name,
    ChangeSetId: changeSet.id,
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    Description: changeSet.plan.description,
    CreationTime: new Date(changeSet.createdAt),
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    ExecutionStatus: changeSet.executionStatus,
    IncludeNestedStacks: false,
  };
}

/** A change that needs a replacement is refused before: none is among them. */
function describeChange({ action, logicalId, type, properties }: Change, physicalId: string | null): Output {
  return {
    Action: action,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Replacement: action === "Modify" ? "False" : null,
    Scope: action === "Modify" ? ["Properties"] : [],
    Details: properties.map(({ name, byParameter }) => ({
      Target: { Attribute: "Properties", Name: name, RequiresRecreation: "Never" },
      Evaluation: "Static",
      ChangeSource: byParameter ? "ParameterReference" : "DirectModification",
    })),
  };
}
