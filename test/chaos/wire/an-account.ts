/** An account with something of everything, in this process or behind a port, that is asked by requests as they are on the wire. */

import { textOf, type WireRequest, type WireResponse } from "../../../src/emulator/wire/message.ts";
import { openEmulatedAccount } from "../../../src/targets/emulated-account.ts";
import { everyRequest, type Names, type OperationRequest, region, sdkRequest, template, zip } from "./sdk-requests.ts";

export interface Asked {
  ask(request: WireRequest): Promise<WireResponse>;
  /** Lets virtual time pass. */
  sleep(ms: number): Promise<void>;
}

/** One whose rows stay in memory. */
export async function openInProcess(seed: number): Promise<Asked & { close(): Promise<void> }> {
  const account = await openEmulatedAccount({
    databaseUrl: null,
    platform: "2026",
    seed,
    region,
    start: Date.UTC(2026, 0, 1),
  });
  const { kernel, front, logs } = account.emulator;
  logs.keepsInvocations = true;
  return {
    ask: (request) => front.answer(request),
    sleep: (ms) => kernel.advanceTo(kernel.now + ms),
    close: account.close,
  };
}

const stackName = "everything";

/** Makes the stack, and gives the valid requests of every operation on what is in it. */
export async function prepared({ ask, sleep }: Asked): Promise<OperationRequest[]> {
  const call = async (service: string, operation: string, input: object) => {
    const { statusCode, body } = await ask(await sdkRequest(service, operation, input));
    if (statusCode >= 300) throw new Error(`${operation}: ${textOf(body)}`);
    return textOf(body);
  };
  await call("CloudFormation", "CreateStack", {
    StackName: stackName,
    TemplateBody: JSON.stringify(template),
    Capabilities: ["CAPABILITY_NAMED_IAM"],
  });
  await sleep(600_000);
  const described = await call("CloudFormation", "DescribeStacks", { StackName: stackName });
  if (!described.includes("<StackStatus>CREATE_COMPLETE<")) {
    throw new Error(await call("CloudFormation", "DescribeStackEvents", { StackName: stackName }));
  }
  for (const FunctionName of ["consumer", "producer"]) {
    await call("Lambda", "UpdateFunctionCode", { FunctionName, ZipFile: zip });
  }
  const mappings = JSON.parse(await call("Lambda", "ListEventSourceMappings", {})) as {
    EventSourceMappings: { UUID: string; EventSourceArn: string }[];
  };
  const names: Names = {
    mapping: mappings.EventSourceMappings.find(({ EventSourceArn }) => EventSourceArn.includes("orders"))!.UUID,
    subscriptionArn: /<SubscriptionArn>([^<]*)/.exec(await call("SNS", "ListSubscriptions", {}))![1]!,
  };
  return everyRequest(names);
}
