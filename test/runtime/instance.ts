/** An instance of a function as Lambda keeps one: AWS's runtime client around a deployed zip, frozen between its invocations. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import { afterEach, inject } from "vitest";
import { type Answer, RuntimeApi } from "./runtime-api.ts";

export interface DeployedFunction {
  /** the file's name without extension, whose export `handler` Lambda calls */
  handler: string;
  zip: Uint8Array;
  /** the variables of the function's configuration */
  environment: Record<string, string>;
  memoryMegabytes?: number;
}

/** `timedOut` and `exited`: no answer came, and Lambda ends the instance. */
export type Outcome = Answer | { timedOut: true } | { exited: number | null };

/** As Lambda starts Node.js. https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html */
const flags = ["--no-experimental-require-module", "--no-experimental-detect-module"];
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const timeoutMs = 30_000;

const opened: Instance[] = [];

/** Registers for a file's tests that the instances which one has started end with it. */
export function endInstancesWithEachTest(): void {
  afterEach(async () => {
    for (const instance of opened.splice(0)) await instance.close();
  });
}

export class Instance {
  /** The lines that the function and its runtime have written. */
  log = "";
  #isFrozen = false;
  #exited: Promise<number | null>;
  #hasExited = false;

  private constructor(
    private readonly api: RuntimeApi,
    private readonly child: ChildProcess,
    /** Where the zip was unpacked. */
    readonly taskRoot: string,
    private readonly layer: string,
  ) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.log += text;
      });
    }
    this.#exited = new Promise((resolve) => {
      child.once("close", (status) => {
        this.#hasExited = true;
        resolve(status);
      });
    });
  }

  /** Starts it, and resolves when its INIT is over: it waits for an invocation, or has ended. */
  static async start(deployed: DeployedFunction): Promise<Instance> {
    const { node, client } = runtimeClient();
    const api = await RuntimeApi.open();
    const root = mkdtempSync(join(tmpdir(), "throttle-bench-instance-"));
    const taskRoot = join(root, "task");
    mkdirSync(taskRoot);
    for (const [name, bytes] of Object.entries(unzipSync(deployed.zip))) writeFileSync(join(taskRoot, name), bytes);
    // As in /var/runtime, a function finds the SDK there and no other package.
    const runtimeModules = join(root, "runtime");
    mkdirSync(runtimeModules);
    symlinkSync(join(modules, "@aws-sdk"), join(runtimeModules, "@aws-sdk"));
    const child = spawn(node, [...flags, client, `${deployed.handler}.handler`], {
      cwd: taskRoot,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...variablesOf(deployed, api, taskRoot, runtimeModules, node), ...placed(deployed.environment, taskRoot) },
    });
    const instance = new Instance(api, child, taskRoot, root);
    opened.push(instance);
    api.onIdle = () => instance.#freeze();
    await Promise.race([api.idle(), instance.#exited]);
    return instance;
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isRunning(): boolean {
    return !this.#hasExited;
  }

  get initErrors() {
    return this.api.initErrors;
  }

  /** `event`: a text is given as it is. As Lambda does, it ends an instance whose time is over. */
  async invoke(event: unknown, { timeoutMs: ms = timeoutMs } = {}): Promise<Outcome> {
    this.#thaw();
    const { answered } = this.api.invoke(typeof event === "string" ? event : JSON.stringify(event), Date.now() + ms);
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<Outcome>((resolve) => {
      timer = setTimeout(() => resolve({ timedOut: true }), ms);
    });
    const exited = this.#exited.then((status): Outcome => ({ exited: status }));
    const outcome = await Promise.race([answered, timedOut, exited]);
    clearTimeout(timer);
    if ("timedOut" in outcome) await this.close();
    // An invocation is over when the runtime asks for the next one.
    else await Promise.race([this.api.idle(), this.#exited]);
    return outcome;
  }

  /** Ends it as Lambda does: it is killed wherever it is. */
  async close(): Promise<void> {
    if (!this.#hasExited) this.child.kill("SIGKILL");
    await this.#exited;
    await this.api.close();
    rmSync(this.layer, { recursive: true, force: true });
  }

  #freeze(): void {
    if (this.#hasExited) return;
    this.#isFrozen = true;
    this.child.kill("SIGSTOP");
  }

  #thaw(): void {
    if (!this.#isFrozen || this.#hasExited) return;
    this.#isFrozen = false;
    this.child.kill("SIGCONT");
  }
}

/** Its programs. Throws where it could not be built; such tests are skipped before. */
function runtimeClient() {
  const client = inject("runtimeClient");
  if (typeof client === "string") throw new Error(client);
  return client;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function variablesOf(
  { handler, memoryMegabytes = 256 }: DeployedFunction,
  { address }: RuntimeApi,
  taskRoot: string,
  runtimeModules: string,
  node: string,
): Record<string, string> {
  return {
    _HANDLER: `${handler}.handler`,
    AWS_LAMBDA_RUNTIME_API: address,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_REGION: "us-east-1",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
    AWS_LAMBDA_FUNCTION_NAME: "function",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/function",
    AWS_LAMBDA_LOG_STREAM_NAME: "2026/11/27/[$LATEST]0123456789abcdef0123456789abcdef",
    AWS_ACCESS_KEY_ID: "x",
    AWS_SECRET_ACCESS_KEY: "x",
    AWS_SESSION_TOKEN: "x",
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: runtimeModules,
    NODE_PATH: runtimeModules,
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: `${dirname(node)}:/usr/local/bin:/usr/bin:/bin`,
  };
}

/** Files of the zip are named by their place on Lambda, which only root can make. */
function placed(environment: Record<string, string>, taskRoot: string): Record<string, string> {
  const elsewhere = (value: string) =>
    value.replaceAll("/var/task/", `${taskRoot}/`).replaceAll("%2Fvar%2Ftask%2F", encodeURIComponent(`${taskRoot}/`));
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, elsewhere(value)]));
}
