/** Deploys a scenario: one CloudFormation stack, then the handlers' code. */
import { CloudFormationClient, ValidateTemplateCommand } from "@aws-sdk/client-cloudformation";
import { GetFunctionConfigurationCommand, LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { BenchError } from "../errors.ts";
import type { Scenario, Settings } from "../model.ts";
import { deployStack } from "../stacks/deployment.ts";
import { checkCodeLimit, checkStackLimits, checkTemplateLimits } from "../stacks/limits.ts";
import { runPolicy } from "../stacks/policy.ts";
import { runTags } from "../stacks/tags.ts";
import { send } from "../targets/send.ts";
import type { Target } from "../targets/target.ts";
import { deploymentPackage, type HandlerName } from "./deployment-package.ts";
import type { Progress } from "./progress.ts";
import { nameIn, type Stack, stackNameOf } from "./stack.ts";

const pollMs = 2_000;

export interface Deployment {
  scenario: Scenario;
  settings: Settings;
  runId: string;
  /** Of the drain; the stack says by its tags until when it can be needed. */
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Resolves when every function runs the handlers' code. The run's own stack that is there already, as after an interruption, is
 * used as it is.
 * @throws BenchError `bad-template` before anything is created, `deploy-failed` with the first failing resource and AWS's reason.
 */
export async function deploy(target: Target, deployment: Deployment, progress: Progress): Promise<Stack> {
  const { scenario, runId, timeoutMs, signal } = deployment;
  const name = stackNameOf(runId);
  const parameters = parametersOf(target, deployment);
  checkTemplateLimits(scenario.file, scenario.templateBody);
  checkStackLimits(name, runId, parameters);
  await validate(target, deployment);
  const { outputs, events } = await deployStack(
    target,
    {
      name,
      templateBody: scenario.templateBody,
      parameters,
      tags: runTags({ runId, owner: target.callerArn, now: target.clock.now(), timeoutMs }),
      stackPolicyBody: runPolicy,
      clientRequestToken: runId,
      signal,
    },
    (event) => progress({ phase: "deploy", event }),
  );
  const named = (key: string) => (outputs.has(key) ? nameIn(outputs.get(key)!) : null);
  const stack: Stack = {
    name,
    producerFunction: named("ProducerFunction")!,
    consumerFunction: named("ConsumerFunction")!,
    queue: named("Queue"),
    deadLetterQueue: named("DeadLetterQueue"),
    deadLetterRecorderFunction: named("DeadLetterRecorderFunction"),
    events,
  };
  await deployCode(target, stack, signal, progress);
  return stack;
}

/** What AWS says of the template is the user's to mend; that it cannot be asked is not. */
async function validate(target: Target, { scenario, signal }: Deployment): Promise<void> {
  const client = new CloudFormationClient(target.aws);
  const validation = new ValidateTemplateCommand({ TemplateBody: scenario.templateBody });
  const ask = () =>
    client.send(validation).catch((refusal: Error) => {
      if (refusal.name !== "ValidationError") throw refusal;
      throw new BenchError("bad-template", `${scenario.file}: ${refusal.message}`, { cause: refusal });
    });
  const failure = "The template could not be checked";
  await send(target, ask, { service: "CloudFormation", failure, signal });
}

function parametersOf(target: Target, { scenario, settings }: Deployment): Record<string, string> {
  const takesDatabase = scenario.parameters.some(({ name }) => name === "DatabaseUrl");
  return takesDatabase ? { ...settings, DatabaseUrl: target.database.url } : settings;
}

/** Code travels apart from the template, whose inline limit a bundle passes. */
async function deployCode(target: Target, stack: Stack, signal: AbortSignal, progress: Progress): Promise<void> {
  const lambda = new LambdaClient(target.aws);
  const functions: [string | null, HandlerName][] = [
    [stack.producerFunction, "producer"],
    [stack.consumerFunction, "consumer"],
    [stack.deadLetterRecorderFunction, "recorder"],
  ];
  for (const [name, handler] of functions) {
    if (name === null) continue;
    progress({ phase: "code", functionName: name });
    const ZipFile = await deploymentPackage(handler);
    checkCodeLimit(`The code of ${name}`, ZipFile);
    const sending = {
      service: "Lambda",
      failure: `The code of ${name} was refused`,
      code: "deploy-failed",
      signal,
    } as const;
    await send(target, () => lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile })), sending);
    for (;;) {
      const { LastUpdateStatus, LastUpdateStatusReason } = await send(
        target,
        () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
        sending,
      );
      if (LastUpdateStatus === "Successful") break;
      if (LastUpdateStatus === "Failed") {
        throw new BenchError("deploy-failed", `The code of ${name} could not be updated: ${LastUpdateStatusReason}`);
      }
      await target.clock.sleep(pollMs, signal);
    }
  }
}
