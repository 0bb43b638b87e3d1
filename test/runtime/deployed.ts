/** The functions of a scenario as the aws target deploys them: the zips that it uploads, with the variables of its template. */
import { GetFunctionConfigurationCommand, LambdaClient, type UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { deploy } from "../../src/steps/deploy.ts";
import type { HandlerName } from "../../src/steps/deployment-package.ts";
import { type Serving, servedTarget } from "../aws/serving.ts";
import { aRequest } from "../scenarios/a-request.ts";
import type { DeployedFunction } from "./instance.ts";

export interface Deployed {
  functions: Partial<Record<HandlerName, DeployedFunction>>;
}

let runs = 0;

/** Deploys it on the served model, whose functions then run in it, too. `set`: as `--set` takes it. */
export async function deployed(
  served: Serving,
  { scenario: name, databaseUrl, set = [] }: { scenario: string; databaseUrl: string; set?: readonly string[] },
): Promise<Deployed> {
  const scenario = findScenario(name);
  const { clockUrl, endpoint } = served;
  const target = await servedTarget({ databaseUrl, clockUrl, endpointUrl: endpoint });
  const uploads: { name: string; zip: Uint8Array }[] = [];
  target.clients.get(LambdaClient).middlewareStack.add(
    (next) => (args) => {
      const { FunctionName, ZipFile } = args.input as ConstructorParameters<typeof UpdateFunctionCodeCommand>[0];
      if (ZipFile !== undefined) uploads.push({ name: FunctionName!, zip: ZipFile });
      return next(args);
    },
    { step: "initialize" },
  );
  const request = aRequest(scenario, { runId: `runtime-${++runs}`, set });
  const { signal } = new AbortController();
  await deploy(target, { ...request, signal }, () => {}).finally(() => target.close());
  const functions: Deployed["functions"] = {};
  for (const { name, zip } of uploads) {
    const asked = new GetFunctionConfigurationCommand({ FunctionName: name });
    const { Handler = "", Environment, MemorySize } = await served.lambda.send(asked);
    const handler = Handler.replace(/\.handler$/, "") as HandlerName;
    functions[handler] = {
      handler,
      zip,
      environment: { ...Environment?.Variables },
      memoryMegabytes: MemorySize,
    };
  }
  return { functions };
}
