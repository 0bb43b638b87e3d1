/** `doctor --bundle` tells a maintainer what happened, and nobody who, where and with which secrets. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Redaction, wordsIn } from "../../src/doctor/redaction.ts";
import type { RunRecord } from "../../src/model.ts";
import { RecordStore } from "../../src/records/store.ts";
import { aRecord } from "../unit/records/a-record.ts";
import { aWorkplace, noAccount, onDatabase } from "./throttle-bench.ts";

/** Secrets and names of twenty kinds, none of which may be told. */
const planted = [
  "AKIAIOSFODNN7EXAMPLE",
  "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  "FwoGZXIvYXdzEBYaDHqa0AP1rUwNmZ9nVSLTAWS",
  "postgresql://alicia:hunter2@db.zebrafish.example:5432/orders",
  "hunter2",
  "123456789012",
  "arn:aws:iam::123456789012:role/zebrafish-admin",
  "arn:aws:sqs:eu-west-1:123456789012:zebrafish-jobs",
  "alicia@zebrafish.example",
  "/home/alicia/zebrafish/template.yaml",
  "C:\\Users\\Alicia\\zebrafish",
  "db.zebrafish.example",
  "10.11.12.13",
  "fd00:1234::17",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljaWEifQ.c2lnbmF0dXJl",
  "-----BEGIN PRIVATE KEY-----MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
  "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
  "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
  "https://hooks.zebrafish.example/services/T0/B0/XYZ",
  "550e8400-e29b-41d4-a716-446655440000",
  "sg-0a1b2c3d4e5f60718",
  "zebrafish",
];
/** Pieces that would tell on somebody, however they are cut. */
const telltales =
  /alicia|hunter2|zebrafish|AKIA|wJalr|FwoG|EXAMPLE|123456789012|10\.11\.12|fd00|eyJ|MIIE|ghp_|sk_live|550e8400|0a1b2c3d/i;

const everything = planted.join(" ");

function aTellingRecord(): RunRecord {
  const record = aRecord({
    runId: "zebrafish-run",
    scenario: "zebrafish",
    title: everything,
    cleanUp: `The stack ${planted[6]} is left: ${everything}`,
    settings: { ...aRecord().settings, ApiToken: "hunter2", zebrafish: "1", WorkMs: "300" },
    template: everything,
    errors: planted.map((secret) => ({
      cause: "thrown",
      count: 1,
      firstMessage: `connect to ${secret} failed: "${secret}", (${secret})`,
    })),
  });
  return { ...record, location: { ...record.location, accountId: "123456789012", region: "zebrafish" } };
}

it("tells nothing of secrets and names that stand everywhere", async () => {
  const workplace = aWorkplace();
  const home = join(workplace.directory, ".throttle-bench");
  await new RecordStore(join(home, "runs")).save(aTellingRecord());
  writeFileSync(join(home, "runs", "alicia.json"), everything);
  mkdirSync(join(home, "journals"));
  writeFileSync(join(home, "journals", "zebrafish.jsonl"), everything);
  workplace.write(
    "throttle-bench.config.yaml",
    "target: local\nprofile: zebrafish\nendpointUrl: https://hooks.zebrafish.example/services/T0\ncalibration: alicia\nlimit: 1/s\n",
  );
  const environment = {
    ...noAccount,
    ...Object.fromEntries(planted.map((secret, index) => [`ZEBRAFISH_${index}`, secret.replace("\0", "")])),
    AWS_SESSION_TOKEN: planted[2]!,
    NODE_OPTIONS: "",
    PGPASSWORD: "hunter2",
    HTTPS_PROXY: "http://alicia:hunter2@proxy.zebrafish.example",
  };
  const flags = ["--target", "local", "--database-url", "postgresql://alicia:hunter2@127.0.0.1:1/zebrafish"];
  const { status, stderr } = await workplace.runWith(environment, "doctor", ...flags, "--bundle", "bundle.md");
  // The database of the flags does not answer, which the bundle tells.
  expect(status).toBe(3);
  expect(stderr).toBe("Wrote bundle.md; read it through before you send it.\n");
  const text = readFileSync(join(workplace.directory, "bundle.md"), "utf8");
  expect(text.split("\n").filter((line) => telltales.test(line))).toEqual([]);
  for (const name of [hostname(), homedir()].filter((each) => each.length > 5)) expect(text).not.toContain(name);
  expect(statSync(join(workplace.directory, "bundle.md")).mode & 0o777).toBe(0o600);
  expect(text).toContain("not ok: database here:");
  expect(text).toContain("WorkMs=300");
  expect(text).toMatch(/- error, 1 times, thrown: connect to ‹\w+-\d+› failed:/);
  expect(text).toMatch(/^- PGPASSWORD$/m);
  expect(text).toMatch(/^- profile: ‹text-\d+›$/m);
  expect(text).toMatch(/^- limit: 1\/s$/m);
});

it("tells a maintainer of an ordinary run what it was, and what came of it", async () => {
  const workplace = aWorkplace();
  const database = await onDatabase();
  await workplace.run("run", "scenario-3", "--events", "20", "--seed", "3", ...database);
  const { status, stderr } = await workplace.runWith(noAccount, "doctor", "--target", "local", ...database, "--bundle");
  expect(status).toBe(0);
  const [, file] = /^Wrote (throttle-bench-bundle-\d{14}\.md); read it through/.exec(stderr)!;
  const text = readFileSync(join(workplace.directory, file!), "utf8");
  expect(text).toMatch(/throttle-bench \d+\.\d+\.\d+/);
  expect(text).toContain("scenario: scenario-3 (SNS → SQS → Lambda)");
  expect(text).toContain("target: local, prediction, platform 2026, seed 3");
  expect(text).toMatch(/VisibilityTimeout=10, MaxReceiveCount=2/);
  expect(text).toMatch(/totalEvents=20, eventsCompleted=\d+/);
});

it("writes over no file, which it says before it checks anything, and goes with no policy", async () => {
  const workplace = aWorkplace();
  workplace.write("mine.md", "mine");
  const over = await workplace.runWith(noAccount, "doctor", "--target", "local", "--bundle", "mine.md");
  expect(over).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("mine.md is there already") });
  expect(readFileSync(join(workplace.directory, "mine.md"), "utf8")).toBe("mine");
  expect(await workplace.run("doctor", "--policy", "run", "--bundle")).toMatchObject({ status: 2 });
});

it("shows of a text the words of the program, and the same placeholder for the same value", () => {
  const redaction = new Redaction(wordsIn(["the connection to was refused after"]), new Set(["after"]));
  expect(redaction.text("The connection to db.example.com was refused after 20 ms: db.example.com, ECONNREFUSED")).toBe(
    "The connection to ‹address-1› was refused ‹text-1› 20 ‹text-2›: ‹address-1›, ECONNREFUSED",
  );
});
