/** Deploys a scenario: one CloudFormation stack, then the handlers' code. */
import { CloudFormationClient, ValidateTemplateCommand } from "@aws-sdk/client-cloudformation";
import { GetFunctionConfigurationCommand, LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { BenchError } from "../errors.ts";
import type { Scenario, Settings, Spikes } from "../model.ts";
import { deployStack } from "../stacks/deployment.ts";
import { checkCodeLimit } from "../stacks/limits.ts";
import { runPolicy } from "../stacks/policy.ts";
import { runTags } from "../stacks/tags.ts";
import { send } from "../targets/send.ts";
import type { Target } from "../targets/target.ts";
import { deploymentPackage, type HandlerName } from "./deployment-package.ts";
import { noProgress, type Progress } from "./progress.ts";
import { burstMs, publishRate } from "./shards.ts";
import { nameInOutput, type Stack, stackNameOf } from "./stack.ts";
import { patienceMs, pollMs } from "./timetable.ts";

export interface Deployment {
  scenario: Scenario;
  settings: Settings;
  events: number;
  spikes?: Spikes;
  runId: string;
  /** The drain's. Together with the burst's time it tells until when the stack can be needed, which a tag says. */
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Resolves when every function runs the handlers' code. If the run's own stack is there already, as after an interruption, it is
 * used as it is.
 * @throws BenchError `bad-template` before anything is created, `deploy-failed` with the first failing resource and AWS's reason.
 */
export async function deploy(target: Target, deployment: Deployment, progress: Progress): Promise<Stack> {
  const { scenario, runId, timeoutMs, signal } = deployment;
  const name = stackNameOf(runId);
  const parameters = stackParameters(target, deployment);
  const { id, outputs, events } = await deployStack(
    target,
    {
      name,
      templateBody: scenario.templateBody,
      validate: () => validate(target, deployment),
      parameters,
      // A stack that is there already, as after an interruption, keeps its key.
      keptParameters: parameters.UrlKey === undefined ? [] : ["UrlKey"],
      tags: runTags({
        runId,
        owner: target.callerArn,
        now: target.clock.now(),
        timeoutMs: timeoutMs + burstMs(deployment.events, publishRate(deployment.settings), deployment.spikes),
      }),
      stackPolicyBody: runPolicy,
      clientRequestToken: runId,
      signal,
    },
    progress === noProgress ? null : (event) => progress({ phase: "deploy", event }),
  );
  const named = (key: string) => (outputs.has(key) ? nameInOutput(outputs.get(key)!) : null);
  const stack: Stack = {
    id,
    name,
    producerFunction: named("ProducerFunction")!,
    producerReports: reportsQueueUrl(scenario, outputs),
    consumerFunction: named("ConsumerFunction")!,
    queue: named("Queue"),
    deadLetterQueue: named("DeadLetterQueue"),
    deadLetterRecorderFunction: named("DeadLetterRecorderFunction"),
    consumerMapping: named("ConsumerMapping"),
    stream: named("Stream"),
    events,
  };
  const coded: [string | null, HandlerName][] = [
    [stack.producerFunction, "producer"],
    [stack.consumerFunction, "consumer"],
    [stack.deadLetterRecorderFunction, "recorder"],
    [named("AdapterFunction"), "adapter"],
  ];
  await deployCode(target, coded, signal, progress);
  return stack;
}

/** The URL of the queue that takes the producer's reports, which is the one output that has to be a URL. Null: the template has none. */
function reportsQueueUrl({ file }: Scenario, outputs: ReadonlyMap<string, string>): string | null {
  const url = outputs.get("ProducerReports");
  if (url === undefined) return null;
  if (/^https?:\/\//.test(url)) return url;
  throw new BenchError(
    "deploy-failed",
    `${file}: the output ProducerReports is ${url}, and has to be the queue's URL, as !Ref gives it.`,
  );
}

/** Has AWS check the template. Its refusal is `bad-template`, for the user to mend; a failure to ask it is not. */
async function validate(target: Target, { scenario, signal }: Deployment): Promise<void> {
  const client = target.clients.get(CloudFormationClient);
  const validation = new ValidateTemplateCommand({ TemplateBody: scenario.templateBody });
  const ask = () =>
    client.send(validation).catch((refusal: Error) => {
      if (refusal.name !== "ValidationError") throw refusal;
      throw new BenchError("bad-template", `${scenario.file}: ${refusal.message}`, { cause: refusal });
    });
  const failure = "The template could not be checked";
  await send(target, ask, { service: "CloudFormation", failure, signal });
}

/**
 * The settings, and those parameters of the database that the template takes. The key of a public URL is made anew and kept nowhere
 * but in the stack. Throws `bad-template` for a template that cannot put
 * its functions into the network of the database.
 */
function stackParameters({ functions, newSecret }: Target, { scenario, settings }: Deployment): Record<string, string> {
  const { url, vpc } = functions;
  const given: Record<string, string> = {
    DatabaseUrl: url,
    UrlKey: newSecret(),
    ...(vpc && { SubnetIds: vpc.subnetIds.join(","), SecurityGroupIds: vpc.securityGroupIds.join(",") }),
  };
  const taken = new Set(scenario.template.parameters.map(({ name }) => name));
  if (vpc !== null && !(taken.has("SubnetIds") && taken.has("SecurityGroupIds"))) {
    throw new BenchError(
      "bad-template",
      `${scenario.file} has no parameters SubnetIds and SecurityGroupIds, and its functions have to reach a database in a VPC; add them, as \`throttle-bench show scenario-4 --template\` has them, or give another --database-url.`,
    );
  }
  return { ...settings, ...Object.fromEntries(Object.entries(given).filter(([name]) => taken.has(name))) };
}

/** Uploads the code by itself, because a bundle exceeds the limit of inline code in a template. */
async function deployCode(
  target: Target,
  functions: readonly [name: string | null, handler: HandlerName][],
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const lambda = target.clients.get(LambdaClient);
  for (const [name, handler] of functions) {
    if (name === null) continue;
    progress({ phase: "code", functionName: name });
    const ZipFile = await deploymentPackage(handler, target.functions.files);
    checkCodeLimit(`The code of ${name}`, ZipFile);
    const sending = {
      service: "Lambda",
      failure: `The code of ${name} was refused`,
      code: "deploy-failed",
      patienceMs,
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
      await target.clock.sleep(pollMs.code, signal);
    }
  }
}
