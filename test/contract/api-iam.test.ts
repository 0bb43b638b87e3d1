/** IAM's and STS's APIs as the SDK's clients see them: who is asking, and what they may do. */
import { IAMClient, NoSuchEntityException, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "vitest";
import type { Statement } from "../../src/emulator/account.ts";
import { requestHandlerOf } from "../../src/emulator/request-handler.ts";
import { AnEmulator, rejection } from "./an-emulator.ts";
import { documented } from "./provenance.ts";

const simulation = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html";
const queue = "arn:aws:sqs:us-east-1:123456789012:orders";

function clients(arn?: string, ...Statement: Statement[]) {
  const { emulator } = new AnEmulator();
  if (arn !== undefined) emulator.iam.caller = { arn, policies: [{ Statement }] };
  const configuration = {
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    requestHandler: requestHandlerOf(emulator.front),
    maxAttempts: 1,
  };
  return { iam: new IAMClient(configuration), sts: new STSClient(configuration) };
}

documented(
  "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
  "tells a caller who it is, the root user unless told otherwise",
  async () => {
    const arn = "arn:aws:iam::123456789012:user/bench";
    expect(await clients().sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: "123456789012",
      Arn: "arn:aws:iam::123456789012:root",
    });
    expect(await clients(arn).sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: arn });
  },
);

documented(simulation, "decides on each action for each resource, and tells both kinds of denial apart", async () => {
  const arn = "arn:aws:iam::123456789012:user/bench";
  const { iam } = clients(
    arn,
    { Effect: "Allow", Action: "sqs:*", Resource: queue },
    { Effect: "Deny", Action: "sqs:DeleteQueue", Resource: "*" },
  );
  const ActionNames = ["sqs:SendMessage", "sqs:DeleteQueue"];
  const ResourceArns = [queue, `${queue}-other`];
  const { EvaluationResults, IsTruncated } = await iam.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ActionNames, ResourceArns }),
  );
  expect(IsTruncated).toBe(false);
  expect(EvaluationResults).toEqual([
    { EvalActionName: "sqs:SendMessage", EvalResourceName: queue, EvalDecision: "allowed" },
    { EvalActionName: "sqs:SendMessage", EvalResourceName: `${queue}-other`, EvalDecision: "implicitDeny" },
    { EvalActionName: "sqs:DeleteQueue", EvalResourceName: queue, EvalDecision: "explicitDeny" },
    { EvalActionName: "sqs:DeleteQueue", EvalResourceName: `${queue}-other`, EvalDecision: "explicitDeny" },
  ]);
});

documented(simulation, "goes by the values of condition keys that it is given", async () => {
  const arn = "arn:aws:iam::123456789012:user/bench";
  const Condition = { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } };
  const { iam } = clients(arn, { Effect: "Allow", Action: "iam:PassRole", Resource: "*", Condition });
  const decision = async (service: string) => {
    const entry = { ContextKeyName: "iam:PassedToService", ContextKeyType: "string" } as const;
    const { EvaluationResults } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: arn,
        ActionNames: ["iam:PassRole"],
        ContextEntries: [{ ...entry, ContextKeyValues: [service] }],
      }),
    );
    return EvaluationResults?.map(({ EvalDecision }) => EvalDecision);
  };
  expect(await decision("lambda.amazonaws.com")).toEqual(["allowed"]);
  expect(await decision("ec2.amazonaws.com")).toEqual(["implicitDeny"]);
});

documented(simulation, "refuses to simulate for an entity that does not exist", async () => {
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: "arn:aws:iam::123456789012:role/nobody",
    ActionNames: ["sqs:SendMessage"],
  });
  expect(await rejection(clients().iam.send(command))).toBeInstanceOf(NoSuchEntityException);
});
