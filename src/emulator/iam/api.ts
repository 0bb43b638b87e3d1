/** IAM's API, as far as a caller asks what it may do. https://docs.aws.amazon.com/IAM/latest/APIReference/ */
import { z } from "zod";
import { list } from "../api/input.ts";
import { type Api, operation } from "../api/operation.ts";
import { ServiceError } from "../service-error.ts";
import { type Decision, decide } from "./roles.ts";

const contextEntry = z.strictObject({
  ContextKeyName: z.string(),
  ContextKeyValues: list(z.string()),
  ContextKeyType: z.literal("string", { error: "the emulator models text only" }),
});

const wordOf: Record<Decision, string> = {
  allowed: "allowed",
  "denied explicitly": "explicitDeny",
  "not allowed": "implicitDeny",
};

const operations: Api["operations"] = {
  SimulatePrincipalPolicy: operation(
    z.strictObject({
      PolicySourceArn: z.string(),
      ActionNames: list(z.string()),
      ResourceArns: list(z.string()).default(["*"]),
      ContextEntries: list(contextEntry).default([]),
    }),
    ({ iam }, { PolicySourceArn, ActionNames, ResourceArns, ContextEntries }) => {
      const policies = iam.policiesOf(PolicySourceArn);
      if (!policies) throw new ServiceError("NoSuchEntity", `The entity ${PolicySourceArn} cannot be found.`, 404);
      const context = Object.fromEntries(
        ContextEntries.map(({ ContextKeyName, ContextKeyValues }) => [ContextKeyName, ContextKeyValues[0] ?? ""]),
      );
      const results = ActionNames.flatMap((action) =>
        ResourceArns.map((resource) => ({
          EvalActionName: action,
          EvalResourceName: resource,
          EvalDecision: wordOf[decide(policies, { action, resource, context })],
        })),
      );
      return { EvaluationResults: results, IsTruncated: false };
    },
  ),
};

export const iamApi: Api = {
  name: "IAM",
  signingName: "iam",
  version: "2010-05-08",
  targetPrefix: "AWSIdentityManagementV20100508",
  xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/",
  inputErrors: { missing: "ValidationError", invalid: "ValidationError" },
  operations,
};
