/** Lambda's API as the SDK's client sees it. */
import {
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  InvalidParameterValueException,
  InvalidRequestContentException,
  InvokeCommand,
  type InvokeCommandInput,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  ResourceNotFoundException,
  TooManyRequestsException,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { expect, it } from "vitest";
import { EventSourceMappings } from "../../src/emulator/lambda/mappings/mappings.ts";
import { ServiceError } from "../../src/emulator/service-error.ts";
import { start } from "./an-account.ts";
import { AnEmulator, rejection, zipOf } from "./an-emulator.ts";
import { documented } from "./provenance.ts";

const reference = "https://docs.aws.amazon.com/lambda/latest/api";

const negativeReservation =
  "1 validation error detected: Value '-1' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0";

function anEmulator() {
  const emulator = new AnEmulator();
  const { lambda: client } = emulator;
  const invoke = (FunctionName: string, input: Partial<InvokeCommandInput> = {}) =>
    client.send(new InvokeCommand({ FunctionName, ...input }));
  return { emulator, client, invoke, kernel: emulator.emulator.kernel };
}

documented(`${reference}/API_Invoke.html`, "invokes a function and waits in virtual time for its answer", async () => {
  const { emulator, invoke, kernel } = anEmulator();
  emulator.function("echo");
  emulator.function("slow");
  const echoed = await invoke("echo", { Payload: JSON.stringify({ text: "é😀" }) });
  expect(echoed).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
  expect(echoed.FunctionError).toBeUndefined();
  expect(JSON.parse(echoed.Payload!.transformToString())).toEqual({ text: "é😀" });
  expect((await invoke("echo")).Payload!.transformToString()).toBe("{}");
  const answer = await invoke("slow", { InvocationType: "RequestResponse", LogType: "None", Qualifier: "$LATEST" });
  expect(Number(answer.Payload!.transformToString())).toBe(kernel.now);
  expect(kernel.now).toBeGreaterThan(start + 10_000);
});

documented(`${reference}/API_Invoke.html`, "answers an error of the function with 200 and the error", async () => {
  const { emulator, invoke } = anEmulator();
  emulator.function("failing");
  const { StatusCode, FunctionError, Payload } = await invoke("failing");
  expect([StatusCode, FunctionError]).toEqual([200, "Unhandled"]);
  expect(JSON.parse(Payload!.transformToString())).toMatchObject({
    errorType: "DownstreamError",
    errorMessage: "the downstream said <no> & hung up",
  });
});

it("answers a timeout as an error of the function", async () => {
  const { emulator, invoke } = anEmulator();
  emulator.function("slow", 3_000);
  const { FunctionError, Payload } = await invoke("slow");
  expect(FunctionError).toBe("Unhandled");
  expect(JSON.parse(Payload!.transformToString()).errorMessage).toContain("Task timed out after 3.00 seconds");
});

documented(`${reference}/API_Invoke.html`, "accepts an event with 202, and only checks a dry run", async () => {
  const { emulator, invoke, kernel } = anEmulator();
  emulator.function("echo");
  const { StatusCode, ExecutedVersion } = await invoke("echo", { InvocationType: "Event", Payload: "1" });
  expect([StatusCode, ExecutedVersion]).toEqual([202, undefined]);
  expect(kernel.now).toBe(start);
  expect((await invoke("echo", { InvocationType: "DryRun" })).StatusCode).toBe(204);
  await emulator.pass(60);
  const received = emulator.emulator.cloudwatch.list().map(({ name }) => name);
  expect(received).toEqual(expect.arrayContaining(["AsyncEventsReceived", "Invocations"]));
});

documented(
  `${reference}/API_Invoke.html#API_Invoke_Errors`,
  "throws TooManyRequestsException with its reason when a function is throttled",
  async () => {
    const { emulator, invoke } = anEmulator();
    emulator.function("echo").reserveConcurrency(0);
    const error = await rejection(invoke("echo"));
    expect(error).toBeInstanceOf(TooManyRequestsException);
    expect(error).toMatchObject({
      name: "TooManyRequestsException",
      message: "Rate Exceeded.",
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      Type: "User",
      $metadata: { httpStatusCode: 429 },
      $fault: "client",
    });
  },
);

it("throws the SDK's exceptions for what is missing and what is wrong", async () => {
  const { emulator, client, invoke } = anEmulator();
  emulator.function("echo");
  const missing = await rejection(invoke("nothing"));
  expect(missing).toBeInstanceOf(ResourceNotFoundException);
  expect(missing.message).toBe("Function not found: arn:aws:lambda:us-east-1:123456789012:function:nothing");
  const elsewhere = "arn:aws:lambda:eu-west-1:123456789012:function:echo";
  for (const name of ["echo:3", elsewhere]) {
    expect(await rejection(invoke(name))).toBeInstanceOf(ResourceNotFoundException);
  }
  for (const name of ["echo:$LATEST", "123456789012:function:echo"]) expect((await invoke(name)).StatusCode).toBe(200);
  expect(await rejection(invoke("echo", { Payload: "{" }))).toBeInstanceOf(InvalidRequestContentException);
  expect(await rejection(invoke("echo", { LogType: "Tail" }))).toBeInstanceOf(InvalidParameterValueException);
  expect((await rejection(invoke("a b"))).name).toBe("ValidationException");
  const token = new ListFunctionsCommand({ Marker: "2" });
  expect(await rejection(client.send(token))).toBeInstanceOf(InvalidParameterValueException);
});

it("throws ResourceConflictException with the service's own message", async () => {
  const { emulator, client } = anEmulator();
  const fn = emulator.function("echo");
  fn.updateCode = () => {
    throw new ServiceError("ResourceConflictException", "An update is in progress", 409);
  };
  const update = new UpdateFunctionCodeCommand({ FunctionName: "echo", ZipFile: zipOf("echo") });
  expect(await rejection(client.send(update))).toMatchObject({
    name: "ResourceConflictException",
    message: "An update is in progress",
    $metadata: { httpStatusCode: 409 },
  });
});

it("describes functions", async () => {
  const { emulator, client } = anEmulator();
  const { arn, settings } = emulator.function("echo");
  const configuration = await client.send(new GetFunctionConfigurationCommand({ FunctionName: "echo" }));
  expect(configuration).toMatchObject({
    FunctionName: "echo",
    FunctionArn: arn,
    Handler: "echo.handler",
    Role: settings.roleArn,
    Timeout: 30,
    MemorySize: 128,
    Version: "$LATEST",
    PackageType: "Zip",
    State: "Active",
    LastUpdateStatus: "Successful",
    LastModified: "2026-01-01T00:00:00.000+0000",
  });
  const { Functions } = await client.send(new ListFunctionsCommand({}));
  expect(Functions?.map(({ FunctionArn }) => FunctionArn)).toEqual([arn]);
  const { Configuration, Concurrency } = await client.send(new GetFunctionCommand({ FunctionName: "echo" }));
  expect(Configuration?.FunctionArn).toBe(arn);
  expect(Concurrency).toBeUndefined();
});

documented(`${reference}/API_UpdateFunctionCode.html`, "takes code as a zip and runs it", async () => {
  const { emulator, client, invoke } = anEmulator();
  const fn = emulator.function("echo");
  const bare = await client.send(
    new UpdateFunctionCodeCommand({ FunctionName: "echo", ZipFile: zipOf("other"), Architectures: ["arm64"] }),
  );
  expect(bare).toMatchObject({
    Architectures: ["arm64"],
    LastUpdateStatus: "Successful",
    CodeSha256: fn.code.sha256Base64,
    CodeSize: zipOf("other").length,
  });
  expect((await invoke("echo")).FunctionError).toBe("Unhandled");
  await client.send(new UpdateFunctionCodeCommand({ FunctionName: "echo", ZipFile: zipOf("echo") }));
  expect((await invoke("echo")).FunctionError).toBeUndefined();
  const noZip = new UpdateFunctionCodeCommand({ FunctionName: "echo", ZipFile: new Uint8Array([1, 2, 3]) });
  expect(await rejection(client.send(noZip))).toBeInstanceOf(InvalidParameterValueException);
  const bucket = new UpdateFunctionCodeCommand({ FunctionName: "echo", S3Bucket: "b", S3Key: "k" });
  expect((await rejection(client.send(bucket))).message).toMatch(/S3Bucket|ZipFile/);
});

documented(`${reference}/API_UpdateFunctionConfiguration.html`, "changes what is given and nothing else", async () => {
  const { emulator, client } = anEmulator();
  const { settings } = emulator.function("echo");
  const update = (input: Omit<ConstructorParameters<typeof UpdateFunctionConfigurationCommand>[0], "FunctionName">) =>
    client.send(new UpdateFunctionConfigurationCommand({ FunctionName: "echo", ...input }));
  const TargetArn = "arn:aws:sqs:us-east-1:123456789012:dead";
  const changed = await update({
    Timeout: 5,
    MemorySize: 256,
    Description: "new",
    Environment: { Variables: { A: "1", B: "<2>" } },
    DeadLetterConfig: { TargetArn },
  });
  expect(changed).toMatchObject({
    Timeout: 5,
    MemorySize: 256,
    Description: "new",
    Handler: settings.handler,
    Environment: { Variables: { A: "1", B: "<2>" } },
    DeadLetterConfig: { TargetArn },
  });
  const cleared = await update({ Environment: {}, DeadLetterConfig: { TargetArn: "" } });
  expect(cleared.Timeout).toBe(5);
  expect(cleared.Environment?.Variables ?? {}).toEqual({});
  expect(cleared.DeadLetterConfig).toBeUndefined();
  expect((await rejection(update({ Timeout: 901 }))).name).toBe("ValidationException");
});

documented(`${reference}/API_PutFunctionConcurrency.html`, "reserves, shows and releases concurrency", async () => {
  const { emulator, client } = anEmulator();
  emulator.function("echo");
  const get = () => client.send(new GetFunctionConcurrencyCommand({ FunctionName: "echo" }));
  const put = (ReservedConcurrentExecutions: number) =>
    client.send(new PutFunctionConcurrencyCommand({ FunctionName: "echo", ReservedConcurrentExecutions }));
  expect((await get()).ReservedConcurrentExecutions).toBeUndefined();
  expect((await put(0)).ReservedConcurrentExecutions).toBe(0);
  expect((await put(5)).ReservedConcurrentExecutions).toBe(5);
  expect((await get()).ReservedConcurrentExecutions).toBe(5);
  const { Concurrency } = await client.send(new GetFunctionCommand({ FunctionName: "echo" }));
  expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 5 });
  expect(await client.send(new GetAccountSettingsCommand({}))).toMatchObject({
    AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 995 },
    AccountUsage: { FunctionCount: 1 },
  });
  expect(await rejection(put(-1))).toMatchObject({ name: "ValidationException", message: negativeReservation });
  expect(await rejection(put(901))).toBeInstanceOf(InvalidParameterValueException);
  await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName: "echo" }));
  expect((await get()).ReservedConcurrentExecutions).toBeUndefined();
});

documented(
  `${reference}/API_PutFunctionEventInvokeConfig.html`,
  "replaces the asynchronous configuration whole",
  async () => {
    const { emulator, client } = anEmulator();
    const { arn } = emulator.function("echo");
    const get = () => client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: "echo" }));
    const put = (input: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number; Destination?: string }) => {
      const { Destination, ...rest } = input;
      const DestinationConfig = Destination === undefined ? undefined : { OnFailure: { Destination } };
      return client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: "echo", DestinationConfig, ...rest }));
    };
    expect(await rejection(get())).toBeInstanceOf(ResourceNotFoundException);
    const Destination = "arn:aws:sqs:us-east-1:123456789012:dead";
    await put({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60, Destination });
    expect(await get()).toMatchObject({
      FunctionArn: `${arn}:$LATEST`,
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination }, OnSuccess: {} },
    });
    await put({ MaximumRetryAttempts: 1 });
    expect(await get()).toMatchObject({
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: {} },
    });
    expect((await rejection(put({ MaximumRetryAttempts: 3 }))).name).toBe("ValidationException");
  },
);

documented(
  `${reference}/API_UpdateEventSourceMapping.html`,
  "shows, lists and changes event source mappings",
  async () => {
    const { emulator, client } = anEmulator();
    const { arn } = emulator.function("echo");
    const queue = emulator.emulator.sqs.create("queue");
    const { uuid: UUID } = emulator.emulator
      .service(EventSourceMappings)
      .create(queue.arn, arn, { maximumConcurrency: 2 });
    const get = () => client.send(new GetEventSourceMappingCommand({ UUID }));
    expect(await get()).toMatchObject({
      UUID,
      EventSourceArn: queue.arn,
      FunctionArn: arn,
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: [],
      LastModified: new Date(start),
    });
    const listed = async (FunctionName?: string, EventSourceArn?: string) =>
      (await client.send(new ListEventSourceMappingsCommand({ FunctionName, EventSourceArn }))).EventSourceMappings
        ?.length;
    expect([await listed(), await listed("echo", queue.arn), await listed(arn, `${queue.arn}-2`)]).toEqual([1, 1, 0]);
    const update = (input: Omit<ConstructorParameters<typeof UpdateEventSourceMappingCommand>[0], "UUID">) =>
      client.send(new UpdateEventSourceMappingCommand({ UUID, ...input }));
    await update({ BatchSize: 1, ScalingConfig: {}, FunctionResponseTypes: ["ReportBatchItemFailures"] });
    const changed = await get();
    expect(changed).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ["ReportBatchItemFailures"] });
    expect(changed.ScalingConfig).toBeUndefined();
    await update({ Enabled: false });
    expect(await get()).toMatchObject({ State: "Disabled", BatchSize: 1 });
    expect(await rejection(update({ ScalingConfig: { MaximumConcurrency: 1 } }))).toBeInstanceOf(
      InvalidParameterValueException,
    );
    const other = new GetEventSourceMappingCommand({ UUID: "nothing" });
    expect(await rejection(client.send(other))).toBeInstanceOf(ResourceNotFoundException);
  },
);

it("deletes functions", async () => {
  const { emulator, client } = anEmulator();
  emulator.function("echo");
  await client.send(new DeleteFunctionCommand({ FunctionName: "echo" }));
  expect(await rejection(client.send(new DeleteFunctionCommand({ FunctionName: "echo" })))).toBeInstanceOf(
    ResourceNotFoundException,
  );
});

documented(
  `${reference}/API_ListFunctions.html`,
  "lists no more than 50 functions in an answer, however many are asked for",
  async () => {
    const { emulator, client } = anEmulator();
    const { roleArn } = emulator.function("echo").settings;
    for (let number = 1; number <= 60; number++) {
      emulator.emulator.lambda.create(`more-${number}`, { roleArn, handler: "echo.handler" }, "");
    }
    const listed = async (MaxItems?: number) => {
      const pages: number[] = [];
      let Marker: string | undefined;
      do {
        const { Functions = [], NextMarker } = await client.send(new ListFunctionsCommand({ Marker, MaxItems }));
        pages.push(Functions.length);
        Marker = NextMarker;
      } while (Marker !== undefined);
      return pages;
    };
    expect(await listed()).toEqual([50, 11]);
    expect(await listed(1_000)).toEqual([50, 11]);
    expect(await listed(40)).toEqual([40, 21]);
    for (const MaxItems of [0, 10_001]) {
      expect(await rejection(client.send(new ListFunctionsCommand({ MaxItems })))).toBeInstanceOf(
        InvalidParameterValueException,
      );
    }
  },
);

documented(`${reference}/API_ListEventSourceMappings.html`, "lists as many mappings as are asked for", async () => {
  const { emulator, client } = anEmulator();
  const { arn: functionArn } = emulator.function("echo");
  for (const name of ["one", "two", "three"]) {
    const { arn } = emulator.emulator.sqs.create(name, {});
    emulator.emulator.service(EventSourceMappings).create(arn, functionArn);
  }
  const { EventSourceMappings: first, NextMarker } = await client.send(
    new ListEventSourceMappingsCommand({ MaxItems: 2 }),
  );
  const rest = await client.send(new ListEventSourceMappingsCommand({ MaxItems: 2, Marker: NextMarker }));
  const sources = [...first!, ...rest.EventSourceMappings!].map(({ EventSourceArn }) => EventSourceArn?.split(":")[5]);
  expect([sources, rest.NextMarker]).toEqual([["one", "two", "three"], undefined]);
});
