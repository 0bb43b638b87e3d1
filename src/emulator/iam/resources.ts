/** IAM roles and policies, as templates declare them. */
import type { Account, PolicyDocument, Role } from "../account.ts";
import { ServiceError } from "../service-error.ts";
import { policyDocument } from "../template/policy-document.ts";
import { inert, list, object, only, type Property, refined, required, text } from "../template/properties.ts";
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
  "arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole": allow([
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:ListStreams",
    "kinesis:SubscribeToShard",
    ...writeLogs,
  ]),
  "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole": allow([
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
    ...writeLogs,
  ]),
  "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess": allow([
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
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

/** The managed policies that the account has of its own, by ARN. */
class OwnPolicies {
  readonly documents = new Map<string, PolicyDocument>();

  /** @throws ServiceError `NoSuchEntity` */
  named(arn: string): PolicyDocument {
    const document = this.documents.get(arn);
    if (document === undefined) {
      throw new ServiceError("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`, 404);
    }
    return document;
  }
}

/** One of AWS's policies that are known, or one of the account's own. */
const managedPolicyArn: Property<string> = (value, at, reading) =>
  /^arn:aws:iam::\d{12}:policy\//.test(String(value))
    ? text(value, at, reading)
    : only(...Object.keys(managedPolicies))(value, at, reading);

const role = resourceType(
  "AWS::IAM::Role",
  {
    RoleName: text,
    AssumeRolePolicyDocument: required(trustPolicy),
    Policies: list(object({ PolicyName: required(inert), PolicyDocument: required(policyDocument) })),
    ManagedPolicyArns: list(managedPolicyArn),
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
      const ownPolicies = account.service(OwnPolicies);
      const created = account.iam.createRole(name, [
        ...(properties.Policies ?? []).map((each) => each.PolicyDocument),
        ...(properties.ManagedPolicyArns ?? []).map((arn) => managedPolicies[arn] ?? ownPolicies.named(arn)),
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
    Roles: list(text),
  },
  {
    inert: ["Groups", "Users"],
    iam: { namedBy: null },
    creationMs: takes(15, [10, 25], "as for a role, whose inline policy it is"),
    deletionMs: takes(1, [0.5, 3], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const detach = attached(account, properties.PolicyDocument, properties.Roles ?? []);
      return { physicalId: generatedName(128), attributes: {}, delete: detach };
    },
  },
);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html */
const managedPolicy = resourceType(
  "AWS::IAM::ManagedPolicy",
  {
    ManagedPolicyName: text,
    PolicyDocument: required(policyDocument),
    Roles: list(text),
    Path: only("/"),
  },
  {
    inert: ["Description", "Groups", "Users"],
    attributes: ["PolicyArn"],
    iam: { namedBy: "ManagedPolicyName" },
    creationMs: takes(15, [10, 25], "as for a role, which may have it"),
    deletionMs: takes(1, [0.5, 3], "one call that takes effect at once"),
    create({ account, properties, generatedName }) {
      const { documents } = account.service(OwnPolicies);
      const arn = `arn:aws:iam::${account.accountId}:policy/${properties.ManagedPolicyName ?? generatedName(128)}`;
      if (documents.has(arn)) throw alreadyExists("AWS::IAM::ManagedPolicy", arn);
      const detach = attached(account, properties.PolicyDocument, properties.Roles ?? []);
      documents.set(arn, properties.PolicyDocument);
      return {
        physicalId: arn,
        attributes: { PolicyArn: arn },
        delete() {
          detach();
          documents.delete(arn);
        },
      };
    },
  },
);

/** Gives the roles a policy, and returns what takes it from them. @throws ServiceError `NoSuchEntity` */
function attached(account: Account, document: PolicyDocument, roleNames: readonly string[]): () => void {
  const roles = roleNames.map((name) => {
    const found = roleNamed(account, name);
    if (!found) throw new ServiceError("NoSuchEntity", `The role with name ${name} cannot be found.`, 404);
    return found;
  });
  for (const each of roles) each.policies = [...each.policies, document];
  return () => {
    for (const each of roles) each.policies = each.policies.filter((other) => other !== document);
  };
}

function roleNamed(account: Account, name: string): Role | undefined {
  return account.iam.role(`arn:aws:iam::${account.accountId}:role/${name}`);
}

export const iamTypes = [role, policy, managedPolicy];
