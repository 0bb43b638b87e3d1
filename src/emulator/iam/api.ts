/** IAM's API, as far as a caller asks what it may do. https://docs.aws.amazon.com/IAM/latest/APIReference/ */
import * as z from "zod";
import { integer, list } from "../api/input.ts";
import { type Api, type Output, operation } from "../api/operation.ts";
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
      MaxItems: integer.refine((count) => count >= 1 && count <= 1_000, "must be between 1 and 1000").default(100),
      Marker: z
        .string()
        .regex(/^\d{1,9}$/, "this marker was not issued")
        .default("0"),
    }),
    ({ iam }, { PolicySourceArn, ActionNames, ResourceArns, ContextEntries, MaxItems, Marker }) => {
      const policies = iam.policiesOf(PolicySourceArn);
      if (!policies) throw new ServiceError("NoSuchEntity", `The entity ${PolicySourceArn} cannot be found.`, 404);
      const context = Object.fromEntries(
        ContextEntries.map(({ ContextKeyName, ContextKeyValues }) => [ContextKeyName, ContextKeyValues[0] ?? ""]),
      );
      // Only those of the page, because all actions on all resources may be very many.
      const from = Number(Marker);
      const to = Math.min(from + MaxItems, ActionNames.length * ResourceArns.length);
      const EvaluationResults: Output[] = [];
      for (let index = from; index < to; index++) {
        const action = ActionNames[Math.floor(index / ResourceArns.length)]!;
        const resource = ResourceArns[index % ResourceArns.length]!;
        EvaluationResults.push({
          EvalActionName: action,
          EvalResourceName: resource,
          EvalDecision: wordOf[decide(policies, { action, resource, context })],
        });
      }
      const isTruncated = to < ActionNames.length * ResourceArns.length;
      return { EvaluationResults, IsTruncated: isTruncated, Marker: isTruncated ? String(to) : null };
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
