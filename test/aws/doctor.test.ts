/** `throttle-bench doctor` on an account: the served model over HTTP, with what a person's account may lack. */
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { policyOf } from "../../src/doctor/policies.ts";
import type { Statement } from "../../src/emulator/account.ts";
import type { ServeOptions } from "../../src/targets/serve.ts";
import { aWorkplace, noAccount } from "../cli/throttle-bench.ts";
import { type Faults, faultsBefore } from "./faults.ts";
import { openDatabase, region, serving, type TestDatabase } from "./serving.ts";

let database: TestDatabase;
let faults: Faults;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

interface Check {
  name: string;
  status: string;
  detail: string;
  remedy: string | null;
}

async function doctor(...args: string[]) {
  const environment = {
    AWS_ACCESS_KEY_ID: "x",
    AWS_SECRET_ACCESS_KEY: "x",
    AWS_REGION: region,
    AWS_ENDPOINT_URL: faults.endpoint,
    DATABASE_URL: database.url,
  };
  const { status, stdout } = await aWorkplace().runBinary(environment, "doctor", "--json", ...args);
  const { aws, awsWorks } = JSON.parse(stdout) as { aws: Check[]; awsWorks: boolean | null };
  return { status, stdout, awsWorks, check: (name: string) => aws.find((each) => each.name === name) };
}

async function account(options: Partial<ServeOptions> = {}) {
  const served = await serving(database.url, options);
  faults = await faultsBefore(served.endpoint);
  onTestFinished(async () => {
    await faults.close();
    await served.close();
  });
}

it("finds an account on which everything can run, and leaves no row behind", async () => {
  await account();
  const { status, awsWorks, check } = await doctor("--target", "aws");
  expect(check("caller")).toMatchObject({ status: "ok", detail: expect.stringContaining("account 123456789012") });
  expect(check("region")).toMatchObject({ status: "ok", detail: region });
  expect(check("clock")).toMatchObject({ status: "ok" });
  expect(check("concurrency")).toMatchObject({
    status: "ok",
    detail: expect.stringContaining("1000 at once, 900 can"),
  });
  expect(check("database")).toMatchObject({ status: "ok", detail: expect.stringMatching(/\d+ connections/) });
  expect(check("database clock")).toMatchObject({ status: "ok" });
  expect({ status, awsWorks }).toEqual({ status: 0, awsWorks: true });
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  expect((await client.query("select count(*)::int as rows from invocations")).rows).toEqual([{ rows: 0 }]);
  await client.end();
});

const session = "arn:aws:sts::123456789012:assumed-role/bench/me";
const role = "arn:aws:iam::123456789012:role/bench";

/** Statements of both policies, as IAM keeps them. */
function granted(): Statement[] {
  return [...policyOf("deploy").Statement, ...policyOf("run").Statement] as unknown as Statement[];
}

it("finds a caller with both policies permitted, by what IAM says", async () => {
  await account({ caller: { arn: role.replace("role/", "user/"), policies: [{ Statement: granted() }] } });
  const { status, check } = await doctor();
  expect(check("permissions")).toEqual({
    name: "permissions",
    status: "ok",
    detail: "all that both policies hold",
    remedy: null,
  });
  expect(status).toBe(0);
});

it("names every action that the caller lacks or is denied", async () => {
  const passing = granted().filter(({ Sid }) => Sid !== "PassRoles");
  const denying: Statement = { Effect: "Deny", Action: "sqs:Delete*", Resource: "*" };
  await account({ caller: { arn: role.replace("role/", "user/"), policies: [{ Statement: [...passing, denying] }] } });
  const { status, check } = await doctor();
  expect(check("permissions")).toMatchObject({
    status: "not ok",
    detail: "denied: iam:PassRole, sqs:DeleteQueue, sqs:DeleteMessage",
    remedy: expect.stringContaining("doctor --policy deploy"),
  });
  expect(status).toBe(3);
});

it("does not know of a caller whom IAM does not find", async () => {
  await account({ caller: { arn: session, policies: [] } });
  const { status, check } = await doctor();
  expect(check("permissions")).toMatchObject({ status: "not known", detail: expect.stringContaining(role) });
  expect(status).toBe(0);
});

it("gives up on an endpoint that never answers", { timeout: 90_000 }, async () => {
  await account();
  faults.rule = () => ({ delayMs: 80_000 });
  const { status, check } = await doctor();
  expect(check("credentials")).toMatchObject({ status: "not ok", detail: "no answer within 15 s" });
  expect(status).toBe(3);
});

it("names the scenarios that do not fit into a new account's concurrency of 10", async () => {
  await account({ constants: { "lambda.accountConcurrency": 10 } });
  const { status, check } = await doctor();
  expect(check("concurrency")).toMatchObject({
    status: "not ok",
    detail: expect.stringMatching(
      /^Lambda runs 10 at once, 0 can still be reserved: too few for scenario-2, scenario-3, scenario-4, scenario-5(, |$)/,
    ),
    remedy: expect.stringContaining("Service Quotas"),
  });
  expect(status).toBe(3);
});

it("takes what a caller may not ask for not known, and goes on", async () => {
  await account();
  faults.rule = (operation) =>
    /GetCallerIdentity|account-settings/.test(operation)
      ? { error: "AccessDenied", message: "not authorized", status: 403 }
      : undefined;
  const { status, check } = await doctor();
  expect(check("caller")).toMatchObject({ status: "not known" });
  expect(check("concurrency")).toMatchObject({ status: "not known", remedy: expect.stringContaining("--policy run") });
  expect(check("permissions")).toMatchObject({ status: "not known", remedy: expect.stringContaining("--policy") });
  expect(status).toBe(0);
});

it("never prints the database's password, also when it cannot be reached", async () => {
  await account();
  const { status, stdout, check } = await doctor("--database-url", "postgresql://bench:hunter2@127.0.0.1:1/bench");
  expect(check("database")).toMatchObject({ status: "not ok", detail: expect.stringContaining("ECONNREFUSED") });
  expect(stdout).not.toContain("hunter2");
  expect(status).toBe(3);
});

it("fails without an account when --target aws, or its variable, asks for one", async () => {
  const workplace = aWorkplace();
  expect((await workplace.runWith(noAccount, "doctor", "--target", "aws")).status).toBe(3);
  expect((await workplace.runWith({ ...noAccount, THROTTLE_BENCH_TARGET: "aws" }, "doctor")).status).toBe(3);
});

it("says that a region is missing, where it is", async () => {
  const { status, stdout } = await aWorkplace().runWith({ ...noAccount, AWS_REGION: "" }, "doctor");
  expect(stdout).toMatch(/not ok\s+region\s+.*give --region/);
  expect(status).toBe(0);
});
