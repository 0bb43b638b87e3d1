/** `serve`: the model over HTTP, its time against the wall clock, and what it refuses. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { ServeOptions } from "../../src/targets/serve.ts";
import { aWorkplace, binary } from "../cli/throttle-bench.ts";
import { openDatabase, type Serving, serving, type TestDatabase } from "./serving.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

async function aServing(options: Partial<ServeOptions>): Promise<Serving> {
  const served = await serving(database.url, options);
  onTestFinished(() => served.close());
  return served;
}

async function aQueue({ sqs }: Serving): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  return QueueUrl!;
}

describe("its time", () => {
  it("begins now and passes as fast as it was told", async () => {
    const served = await aServing({ speed: 100 });
    const [wall, virtual] = [Date.now(), await served.now()];
    expect(Math.abs(virtual - wall)).toBeLessThan(30_000);
    await pause(500);
    const rate = ((await served.now()) - virtual) / (Date.now() - wall);
    expect(rate).toBeGreaterThan(70);
    expect(rate).toBeLessThan(130);
  });

  it("lets a delayed message out when its delay has passed, to whoever waits for it", async () => {
    const served = await aServing({ speed: 20 });
    const QueueUrl = await aQueue(served);
    await served.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "late", DelaySeconds: 10 }));
    const wall = Date.now();
    const { Messages } = await served.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    expect(Messages).toMatchObject([{ Body: "late" }]);
    expect(Date.now() - wall).toBeGreaterThan(400);
  });

  it("skips with max what a request waits for, and goes on from there", async () => {
    const served = await aServing({ speed: "max" });
    const QueueUrl = await aQueue(served);
    const [wall, virtual] = [Date.now(), await served.now()];
    const { Messages } = await served.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    expect(Messages).toBeUndefined();
    const passed = (await served.now()) - virtual;
    expect(passed).toBeGreaterThanOrEqual(20_000);
    expect(passed).toBeLessThan(20_000 + Date.now() - wall + 1_000);
    expect(Date.now() - wall).toBeLessThan(5_000);
  });

  it("gets on with max for a client that only asks, again and again", async () => {
    const served = await aServing({ speed: "max" });
    const before = await served.now();
    for (let question = 0; question < 6; question++) await served.cloudFormation.send(new DescribeStacksCommand({}));
    expect((await served.now()) - before).toBeGreaterThanOrEqual(30_000);
  });

  it("can be slept by, at every speed", async () => {
    for (const speed of [1_000, "max"] as const) {
      const served = await aServing({ speed });
      const before = await served.now();
      await fetch(`${served.clockUrl}?sleep=60000`, { method: "POST" });
      expect((await served.now()) - before).toBeGreaterThanOrEqual(60_000);
    }
  });
});

describe("what it does not model", () => {
  it("is refused by the name of the operation, the service or the member", async () => {
    const { sqs, endpoint } = await aServing({});
    const post = (headers: Record<string, string>, body: string) => fetch(endpoint, { method: "POST", headers, body });
    const operation = await post({ "x-amz-target": "AmazonSQS.ListMessageMoveTasks" }, "{}");
    expect({ status: operation.status, text: await operation.text() }).toMatchObject({
      status: 400,
      text: expect.stringContaining("ListMessageMoveTasks"),
    });
    const service = await post({ "x-amz-target": "DynamoDB_20120810.ListTables" }, "{}");
    expect(await service.text()).toContain("DynamoDB_20120810");
    await expect(
      sqs.send(new CreateQueueCommand({ QueueName: "q", Attributes: { KmsMasterKeyId: "alias/x" } })),
    ).rejects.toThrow("KmsMasterKeyId");
  });
});

describe("the command", () => {
  it("refuses an address that other machines reach, unless it is told to", async () => {
    const { status, stderr } = await aWorkplace().run("serve", "--host", "0.0.0.0");
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining("--allow-remote") });
  });

  it("names a bad flag", async () => {
    const { status, stderr } = await aWorkplace().run("serve", "--speed", "fast");
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining("--speed") });
  });

  it("says that a port is taken", async () => {
    const { endpoint } = await aServing({});
    const port = new URL(endpoint).port;
    const { status, stderr } = await aWorkplace().run("serve", "--port", port, "--database-url", database.url);
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining("choose another --port") });
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "prints how to reach it, without a secret, and ends on %s with 0",
    async (signal) => {
      const password = new URL(database.url).password;
      const child = spawn(process.execPath, [binary, "serve", "--port", "0", "--database-url", database.url]);
      const [text] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
      const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(text)?.[1];
      expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect((await fetch(`${endpoint}/_throttle-bench/clock`)).status).toBe(200);
      expect(text).not.toContain(password);
      child.kill(signal);
      expect(await once(child, "close")).toEqual([0, null]);
    },
  );
});
