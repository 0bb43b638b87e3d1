/** Lambda: functions, their warm environments, synchronous invocation and metrics. */
import { createHash } from "node:crypto";
import type {
  Account,
  CodePackage,
  EventInvokeSettings,
  FunctionSettings,
  Functions,
  InvocationOutcome,
  InvocationType,
  LambdaFunction,
  PermissionSettings,
  PolicyDocument,
  Statement,
  UrlAuthType,
  VpcSettings,
} from "../account.ts";
import type { Alarms } from "../kernel/alarms.ts";
import { Numbered } from "../kernel/numbered.ts";
import type { Random } from "../kernel/random.ts";
import { ServiceError } from "../service-error.ts";
import { filesIn } from "./archive.ts";
import { AsynchronousQueue } from "./asynchronous-queue.ts";
import { Concurrency } from "./concurrency.ts";
import { type Answer, ExecutionEnvironment, Invocation, type World } from "./execution-environment.ts";
import { endLines, failureLine, startLine, timedOut } from "./log-lines.ts";
import { checkEventInvoke, checkFunction, requireBetween } from "./settings.ts";
import { Waits } from "./waits.ts";

class EmulatedFunction implements LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly #permissions = new Map<string, PermissionSettings>();
  readonly #asynchronous: AsynchronousQueue;
  /** Warm and free, the most recently used last. */
  #idle: ExecutionEnvironment[] = [];
  /** Every environment that is not ended, idle or not. */
  readonly #environments = new Numbered<ExecutionEnvironment>();
  /** End an invocation that takes too long, and an environment that is idle for too long. */
  readonly #timeouts: Alarms;
  readonly #idleEnds: Alarms;
  #settings: FunctionSettings;
  #code: CodePackage;
  #eventInvoke: EventInvokeSettings | null = null;
  #reservedConcurrency: number | null = null;
  #lastModifiedAt: number;
  /** The pollers at work for it that are between two invocations. */
  #pollers = 0;
  readonly #sampler: Alarms;
  #isSampling = false;
  readonly #metrics: ReturnType<typeof functionMetrics>;
  readonly #ids: Random;
  readonly #idleLives: Random;
  readonly #coldStarts: Random;
  /** Counts changes: an environment of an earlier generation is not used again. */
  #generation = 0;

  constructor(
    private readonly account: Account,
    private readonly world: World,
    private readonly waits: Waits,
    private readonly concurrency: Concurrency,
    name: string,
    settings: FunctionSettings,
    inlineCode: string,
  ) {
    this.name = name;
    this.arn = `arn:aws:lambda:${account.region}:${account.accountId}:function:${name}`;
    const { kernel } = account;
    this.#timeouts = kernel.alarms((number) => this.#timeOut(this.#environments.get(number)!), "postponed");
    this.#idleEnds = kernel.alarms((number) => this.#retire(this.#environments.get(number)!), "postponed");
    this.#sampler = kernel.alarms(() => this.#sampleAgain(), "constant");
    this.#metrics = functionMetrics(account, name);
    this.#ids = kernel.random("lambda.ids");
    this.#idleLives = kernel.random("lambda.idleLife");
    this.#coldStarts = kernel.random("lambda.coldStart");
    this.#settings = settings;
    this.#code = codePackage(["index.js"], Buffer.from(inlineCode));
    this.#lastModifiedAt = account.kernel.now;
    this.#asynchronous = new AsynchronousQueue(account, this);
  }

  get settings(): Readonly<FunctionSettings> {
    return this.#settings;
  }

  get code(): Readonly<CodePackage> {
    return this.#code;
  }

  get logGroup(): string {
    return this.#settings.logGroup ?? `/aws/lambda/${this.name}`;
  }

  get eventInvoke(): Readonly<EventInvokeSettings> | null {
    return this.#eventInvoke;
  }

  get reservedConcurrency(): number | null {
    return this.#reservedConcurrency;
  }

  get lastModifiedAt(): number {
    return this.#lastModifiedAt;
  }

  configure(settings: Partial<FunctionSettings>): void {
    checkFunction(this.name, settings, this.account.constants);
    this.#settings = { ...this.#settings, ...settings };
    this.#changed();
  }

  updateCode(zip: Uint8Array): void {
    const files = filesIn(zip);
    if (files === null) {
      throw refused("Could not unzip uploaded file. Please check your file, then try to upload again.");
    }
    const { "lambda.maximumUnzippedBytes": most } = this.account.constants;
    const unzippedBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    if (unzippedBytes > most) throw refused(`Unzipped size must be smaller than ${most} bytes`);
    this.#code = codePackage(
      files.map(({ name }) => name),
      zip,
    );
    this.#changed();
  }

  reserveConcurrency(reserved: number | null): void {
    if (reserved !== null) requireBetween("ReservedConcurrentExecutions", reserved, 0, Number.POSITIVE_INFINITY);
    const { "lambda.unreservedFloor": leastUnreserved, "lambda.accountConcurrency": quota } = this.account.constants;
    // An account with a smaller quota may reserve nothing.
    const floor = Math.min(leastUnreserved, quota);
    const left = this.concurrency.unreserved + (this.#reservedConcurrency ?? 0) - (reserved ?? 0);
    if ((reserved ?? 0) > (this.#reservedConcurrency ?? 0) && left < floor) {
      throw refused(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${floor}].`,
      );
    }
    this.#reservedConcurrency = reserved;
  }

  configureEventInvoke(settings: Partial<EventInvokeSettings> | null): void {
    if (settings === null) {
      this.#eventInvoke = null;
      return;
    }
    const { constants } = this.account;
    const wanted: EventInvokeSettings = {
      maximumEventAgeMs: constants["lambda.asyncMaximumEventAgeMs"],
      maximumRetryAttempts: constants["lambda.asyncMaximumRetryAttempts"],
      onFailureArn: null,
      onSuccessArn: null,
      ...settings,
    };
    checkEventInvoke(wanted, constants);
    this.#eventInvoke = wanted;
  }

  addPermission(permission: PermissionSettings): void {
    if (this.#permissions.has(permission.statementId)) {
      throw new ServiceError(
        "ResourceConflictException",
        `The statement id (${permission.statementId}) provided already exists.`,
        409,
      );
    }
    this.#permissions.set(permission.statementId, permission);
  }

  removePermission(statementId: string): void {
    this.#permissions.delete(statementId);
  }

  permits(principal: string, sourceArn: string): boolean {
    const context = { "aws:SourceArn": sourceArn, "aws:SourceAccount": sourceArn.split(":")[4]! };
    return this.#allows("lambda:InvokeFunction", principal, context);
  }

  /** Both actions are needed since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html */
  permitsEverybody(authType: UrlAuthType): boolean {
    return (
      this.#allows("lambda:InvokeFunctionUrl", "*", { [urlAuthTypeKey]: authType }) &&
      this.#allows("lambda:InvokeFunction", "*", { [viaUrlKey]: "true" })
    );
  }

  #allows(action: string, principal: string, context: Record<string, string>): boolean {
    const policy: PolicyDocument = { Statement: [...this.#permissions.values()].map(permissionStatement) };
    return this.account.iam.isAllowed([policy], { action, resource: this.arn, principal, context });
  }

  invoke(payload: unknown, done: (outcome: InvocationOutcome) => void, type: InvocationType = "RequestResponse"): void {
    const { kernel } = this.account;
    const reason = this.concurrency.acquire(this, type, this.#idle.length === 0);
    if (reason) {
      this.#metrics.throttles.add(1);
      done({ kind: "throttled", reason });
      return;
    }
    const invocation = new Invocation(kernel, this.#ids.lateUuid(), payload, kernel.now, this.#generation, done);
    this.#metrics.invocations.add(1);
    // A minute with invocations has a point of Throttles, even if none was throttled.
    this.#metrics.throttles.add(0);
    this.#sampleConcurrency();
    const warm = this.#idle.pop();
    if (warm) {
      this.#idleEnds.cancel(warm.number);
      this.#run(warm, invocation);
      return;
    }
    const environment = this.#newEnvironment();
    const initMs = this.#coldStartMs();
    invocation.initMs = initMs;
    kernel.after(initMs, () => this.#run(environment, invocation));
  }

  #newEnvironment(): ExecutionEnvironment {
    const environment = new ExecutionEnvironment(
      this.account,
      this.world,
      this.waits,
      this.name,
      this.logGroup,
      this.#settings,
      this.#code.files,
      this.#onAnswer,
    );
    environment.number = this.#environments.add(environment);
    return environment;
  }

  countPollers(more: number): void {
    this.#pollers += more;
  }

  invokeAsync(payload: unknown): { requestId: string } {
    return this.#asynchronous.accept(payload);
  }

  /** Ends the warm environments of a deleted function, and the events that still wait for it. */
  close(): void {
    this.#asynchronous.close();
    this.#generation++;
    this.#discardEnvironments();
  }

  /** Forgets the warm environments; new code and new settings run in new ones. */
  #discardEnvironments(): void {
    for (const environment of this.#idle) this.#end(environment);
    this.#idle = [];
  }

  #run(environment: ExecutionEnvironment, invocation: Invocation): void {
    invocation.startedAt = this.account.kernel.now;
    invocation.timeoutMs = this.#settings.timeoutMs;
    const { logs } = this.account;
    if (logs.keepsInvocations) logs.write(this.logGroup, startLine(invocation.awsRequestId), environment.logStream);
    this.#timeouts.after(environment.number, invocation.timeoutMs);
    environment.run(invocation);
  }

  readonly #onAnswer = (environment: ExecutionEnvironment, invocation: Invocation, answer: Answer): void => {
    this.#timeouts.cancel(environment.number);
    if (invocation.generation === this.#generation) this.#keepWarm(environment);
    else this.#end(environment);
    this.#finish(environment, invocation, answer);
  };

  #timeOut(environment: ExecutionEnvironment): void {
    const invocation = environment.invocation!;
    this.#end(environment);
    const seconds = (invocation.timeoutMs / 1_000).toFixed(2);
    const errorMessage = `RequestId: ${invocation.awsRequestId} Error: Task timed out after ${seconds} seconds`;
    this.#finish(environment, invocation, { kind: "error", failure: { errorType: timedOut, errorMessage } });
  }

  /** CloudWatch's points are of the moment of invocation: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html */
  #finish(environment: ExecutionEnvironment, invocation: Invocation, answer: Answer): void {
    const { invokedAt, startedAt, done } = invocation;
    const { kernel, logs } = this.account;
    this.concurrency.release(this);
    const durationMs = kernel.now - startedAt;
    this.#metrics.duration.add(durationMs, invokedAt);
    this.#metrics.errors.add(answer.kind === "error" ? 1 : 0, invokedAt);
    if (answer.kind === "error") {
      const line = failureLine(kernel.now, invocation.awsRequestId, answer.failure);
      logs.write(this.logGroup, line, environment.logStream);
    }
    if (logs.keepsInvocations) {
      const status = answer.kind === "error" && answer.failure.errorType === timedOut ? "timeout" : null;
      const { memoryMb } = environment.settings;
      const ended = { durationMs, initMs: invocation.initMs, memoryMb, status } as const;
      for (const line of endLines(invocation.awsRequestId, ended)) {
        logs.write(this.logGroup, line, environment.logStream);
      }
    }
    done(answer);
  }

  #keepWarm(environment: ExecutionEnvironment): void {
    const { constants } = this.account;
    const idleLifeMs = this.#idleLives.between(
      constants["lambda.idleLifeMinimumMs"],
      constants["lambda.idleLifeMaximumMs"],
    );
    this.#idleEnds.after(environment.number, idleLifeMs);
    this.#idle.push(environment);
  }

  #retire(environment: ExecutionEnvironment): void {
    this.#end(environment);
    this.#idle = this.#idle.filter((each) => each !== environment);
  }

  #end(environment: ExecutionEnvironment): void {
    const { number } = environment;
    this.#timeouts.cancel(number);
    this.#idleEnds.cancel(number);
    this.#environments.take(number);
    environment.stop();
  }

  #coldStartMs(): number {
    const { constants } = this.account;
    return this.#coldStarts.lognormal(constants["lambda.coldStartMedianMs"], constants["lambda.coldStartSigma"]);
  }

  #changed(): void {
    this.#generation++;
    this.#lastModifiedAt = this.account.kernel.now;
    this.#discardEnvironments();
  }

  /**
   * `ConcurrentExecutions` is sampled while anything runs: a peak between two samples is not seen. A poller that is at work counts also
   * before and after its invocation, up to the limit, so that a cap that is met all the time is what CloudWatch shows.
   */
  #sampleConcurrency(): void {
    if (this.#isSampling) return;
    const running = this.concurrency.inUse(this);
    if (running === 0 && this.#pollers === 0) return;
    const most = this.#reservedConcurrency ?? this.concurrency.unreserved;
    const counted = Math.max(running, Math.min(most, running + this.#pollers));
    this.#metrics.concurrentExecutions.add(counted);
    this.#metrics.accountConcurrentExecutions.add(this.concurrency.total - running + counted);
    this.#isSampling = true;
    this.#sampler.after(0, this.account.constants["cloudwatch.concurrencySampleMs"]);
  }

  #sampleAgain(): void {
    this.#isSampling = false;
    this.#sampleConcurrency();
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
function functionMetrics({ cloudwatch }: Account, functionName: string) {
  const metric = (name: string, dimensions: Record<string, string> = { FunctionName: functionName }) =>
    cloudwatch.metric({ namespace: "AWS/Lambda", name, dimensions });
  return {
    invocations: metric("Invocations"),
    throttles: metric("Throttles"),
    duration: metric("Duration"),
    errors: metric("Errors"),
    concurrentExecutions: metric("ConcurrentExecutions"),
    accountConcurrentExecutions: metric("ConcurrentExecutions", {}),
  };
}

/** The account's functions. */
export class LambdaFunctions implements Functions {
  readonly #functions = new Map<string, EmulatedFunction>();
  readonly #concurrency: Concurrency;
  readonly #waits: Waits;

  constructor(
    private readonly account: Account,
    private readonly world: World,
  ) {
    this.#waits = new Waits(account.kernel);
    this.#concurrency = new Concurrency(account.kernel, account.constants, () => this.#functions.values());
  }

  create(name: string, settings: Partial<FunctionSettings> & { roleArn: string }, inlineCode: string): LambdaFunction {
    const { constants, iam } = this.account;
    if (this.#functions.has(name))
      throw new ServiceError("ResourceConflictException", `Function already exist: ${name}`, 409);
    if (!iam.mayAssume(settings.roleArn, "lambda.amazonaws.com")) {
      throw refused("The role defined for the function cannot be assumed by Lambda.");
    }
    checkFunction(name, settings, constants);
    const wanted: FunctionSettings = {
      runtime: "nodejs22.x",
      handler: "index.handler",
      timeoutMs: constants["lambda.defaultTimeoutMs"],
      memoryMb: constants["lambda.defaultMemoryMb"],
      architecture: "x86_64",
      environment: {},
      description: "",
      deadLetterTargetArn: null,
      vpc: null,
      logGroup: null,
      ...settings,
    };
    const fn = new EmulatedFunction(this.account, this.world, this.#waits, this.#concurrency, name, wanted, inlineCode);
    if (wanted.vpc !== null) this.#connect(fn.arn, wanted.roleArn, wanted.vpc);
    this.#functions.set(name, fn);
    return fn;
  }

  delete(nameOrArn: string): void {
    const fn = this.#find(nameOrArn);
    if (!fn) return;
    fn.close();
    this.account.network.detach(fn.arn);
    this.#functions.delete(fn.name);
  }

  /** Lambda makes the network interface by the function's role. */
  #connect(arn: string, roleArn: string, { subnetIds, securityGroupIds }: VpcSettings): void {
    const { network, iam, region, accountId } = this.account;
    const interfaces = `arn:aws:ec2:${region}:${accountId}:network-interface/*`;
    if (!iam.allows(roleArn, "ec2:CreateNetworkInterface", interfaces)) {
      throw refused("The provided execution role does not have permissions to call CreateNetworkInterface on EC2");
    }
    try {
      network.attach(arn, { subnet: subnetIds, securityGroup: securityGroupIds });
    } catch (refusal) {
      if (!(refusal instanceof ServiceError)) throw refusal;
      const action = refusal.code === "InvalidSubnetID.NotFound" ? "DescribeSubnets" : "DescribeSecurityGroups";
      throw refused(
        `Error occurred while ${action}. EC2 Error Code: ${refusal.code}. EC2 Error Message: ${refusal.message}`,
      );
    }
  }

  fn(nameOrArn: string): LambdaFunction | undefined {
    return this.#find(nameOrArn);
  }

  list(): LambdaFunction[] {
    return [...this.#functions.values()];
  }

  concurrency(): { limit: number; unreserved: number } {
    return { limit: this.account.constants["lambda.accountConcurrency"], unreserved: this.#concurrency.unreserved };
  }

  /** Invocations that the account's quota throttled, and no reservation. */
  get throttledByQuota(): number {
    return this.#concurrency.refusedByQuota;
  }

  #find(nameOrArn: string): EmulatedFunction | undefined {
    const name = nameOrArn.startsWith("arn:") ? nameOrArn.split(":")[6] : nameOrArn.split(":")[0];
    return this.#functions.get(name ?? "");
  }
}

/** The statement that `AddPermission` writes into a function's policy: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
function permissionStatement(permission: PermissionSettings): Statement {
  const { action, principal, sourceArn, sourceAccount, functionUrlAuthType, invokedViaFunctionUrl } = permission;
  return {
    Effect: "Allow",
    Action: action,
    Principal: principal === "*" ? "*" : { Service: principal },
    Condition: {
      ...(sourceArn !== null && { ArnLike: { "aws:SourceArn": sourceArn } }),
      StringEquals: {
        ...(sourceAccount !== null && { "aws:SourceAccount": sourceAccount }),
        ...(functionUrlAuthType && { [urlAuthTypeKey]: functionUrlAuthType }),
        ...(invokedViaFunctionUrl && { [viaUrlKey]: "true" }),
      },
    },
  };
}

/** The condition keys of function URLs: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html */
const urlAuthTypeKey = "lambda:FunctionUrlAuthType";
const viaUrlKey = "lambda:InvokedViaFunctionUrl";

function refused(message: string): ServiceError {
  return new ServiceError("InvalidParameterValueException", message);
}

function codePackage(files: string[], bytes: Uint8Array): CodePackage {
  return { files, sizeBytes: bytes.length, sha256Base64: createHash("sha256").update(bytes).digest("base64") };
}
