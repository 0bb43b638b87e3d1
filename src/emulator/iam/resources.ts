/** IAM roles and policies, as templates declare them. */
import type { Account, PolicyDocument, Role } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import { policyDocument } from "../template/policy-document.ts";
import { inert, list, object, only, refined, required, text } from "../template/properties.ts";
import { alreadyExists, resourceType, takes } from "../template/resource-type.ts";
import { isAllowed } from "./roles.ts";

const writeLogs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

/** https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html */
const managedPolicies: Record<string, PolicyDocument> = {
  "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": allow(writeLogs),
  "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole": allow([
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    ...writeLogs,
  ]),
};

function allow(Action: string[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] };
}

/** The services that use roles in the model. */
const assuming = ["lambda.amazonaws.com", "events.amazonaws.com"];

/** A policy that lets one of them assume the role. It has no Resource, which matches any. */
const trustPolicy = refined(policyDocument, (document) =>
  assuming.some((principal) => isAllowed([document], { action: "sts:AssumeRole", resource: "*", principal }))
    ? null
    : `must let ${assuming.join(" or ")} assume the role (sts:AssumeRole), the uses of a role that the local target models`,
);

const role = resourceType(
  "AWS::IAM::Role",
  {
    RoleName: text,
    AssumeRolePolicyDocument: required(trustPolicy),
    Policies: list(object({ PolicyName: required(inert), PolicyDocument: required(policyDocument) })),
    ManagedPolicyArns: list(only(...Object.keys(managedPolicies))),
    Path: only("/"),
  },
  {
    inert: ["Description", "MaxSessionDuration", "Tags"],
    attributes: ["Arn"],
    iam: { namedBy: "RoleName" },
    creationMs: takes(15, [10, 25], "CloudFormation waits until a role can be seen everywhere"),
    deletionMs: takes(1, [0.5, 3], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const name = properties.RoleName ?? generatedName(account.constants["iam.maximumRoleNameCharacters"]);
      if (roleNamed(account, name)) throw alreadyExists("AWS::IAM::Role", name);
      const created = account.iam.createRole(name, [
        ...(properties.Policies ?? []).map((each) => each.PolicyDocument),
        ...(properties.ManagedPolicyArns ?? []).map((arn) => managedPolicies[arn]!),
      ]);
      created.trust = properties.AssumeRolePolicyDocument;
      const own = created.policies.length;
      return {
        physicalId: name,
        attributes: { Arn: created.arn },
        delete() {
          // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html: what others have attached has to go first.
          if (created.policies.length > own) {
            throw new ServiceError("DeleteConflict", "Cannot delete entity, must delete policies first.", 409);
          }
          account.iam.deleteRole(name);
        },
      };
    },
  },
);

const policy = resourceType(
  "AWS::IAM::Policy",
  {
    PolicyName: required(text),
    PolicyDocument: required(policyDocument),
    Roles: required(list(text)),
  },
  {
    iam: { namedBy: null },
    creationMs: takes(15, [10, 25], "as for a role, whose inline policy it is"),
    deletionMs: takes(1, [0.5, 3], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const roles = properties.Roles.map((name) => {
        const found = roleNamed(account, name);
        if (!found) throw new ServiceError("NoSuchEntity", `The role with name ${name} cannot be found.`, 404);
        return found;
      });
      const document = properties.PolicyDocument;
      for (const each of roles) each.policies = [...each.policies, document];
      return {
        physicalId: generatedName(128),
        attributes: {},
        delete: () => {
          for (const each of roles) each.policies = each.policies.filter((other) => other !== document);
        },
      };
    },
  },
);

function roleNamed(account: Account, name: string): Role | undefined {
  return account.iam.role(`arn:aws:iam::${account.accountId}:role/${name}`);
}

export const iamTypes = [role, policy];
