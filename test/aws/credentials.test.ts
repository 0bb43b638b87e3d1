/** Credentials that expire in the middle of a run: it goes on with new ones where there are any, and can be resumed with them otherwise. */
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { expect, it } from "vitest";
import { bench } from "../../src/bench.ts";
import type { RunRecord } from "../../src/model.ts";
import { findScenario } from "../../src/scenarios/catalogue.ts";
import { aWorkplace } from "../cli/throttle-bench.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";
import { eachServed } from "./each-served.ts";
import { servedTarget } from "./serving.ts";
import { aPlace } from "./started-run.ts";

const each = eachServed();
const message = "The security token included in the request is expired";
const stacksLeft = async () => (await each.served.cloudFormation.send(new DescribeStacksCommand({}))).Stacks!.length;

/** From this operation on the key is refused. */
function expire(key: string, from: string): void {
  each.faults.rule = (_operation, _count) => {
    const { operations, keys } = each.faults;
    if (keys.at(-1) !== key || !operations.includes(from) || operations.at(-1) === from) return undefined;
    return { error: "ExpiredToken", message, status: 403 };
  };
}

it("goes on with the keys that a profile has since, and removes its stack by them", async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
  const workplace = aWorkplace();
  const signIn = (key: string) =>
    workplace.write("credentials", `[default]\naws_access_key_id=${key}\naws_secret_access_key=secret\n`);
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_SECRET_ACCESS_KEY;
  process.env.AWS_SHARED_CREDENTIALS_FILE = `${workplace.directory}/credentials`;
  try {
    signIn("one");
    expire("one", "Invoke");
    const { clockUrl } = each.served;
    const target = await servedTarget({ databaseUrl: each.database.url, clockUrl, endpointUrl: each.faults.endpoint });
    const progress = ({ phase }: { phase: string }) => {
      if (phase === "measure") signIn("two");
    };
    const request = aRequest(findScenario("scenario-4"), { runId: "renewed", events: 90 });
    const record = await bench(target, request, aContext({ progress })).finally(() => target.close());
    expect(record.summary).toMatchObject({ eventsCompleted: 90, eventsMissing: 0, maxConcurrency: expect.any(Number) });
    expect(record.cleanUp).toMatch(/was deleted/);
    expect(new Set(each.faults.keys)).toEqual(new Set(["one", "two"]));
    expect(await stacksLeft()).toBe(0);
  } finally {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
    delete process.env.AWS_SHARED_CREDENTIALS_FILE;
  }
});

it("ends with the commands that go on and that clean up, and resume has all of its events", async () => {
  expire("x", "Invoke");
  const { workplace, environment } = aPlace(each.faults.endpoint, each.served.clockUrl, each.database.url);
  const ended = await workplace.runBinary(environment, "run", "scenario-5", "--events", "10", "--run-id", "expired");
  expect(ended.status).toBe(3);
  expect(ended.stderr).toContain(`${message}; renew the credentials, for example with \`aws sso login\`.`);
  expect(ended.stderr).toContain("aws cloudformation delete-stack --stack-name throttle-bench-expired --region ");
  expect(ended.stderr).toContain("throttle-bench resume expired");
  expect(await stacksLeft()).toBe(1);
  const renewed = { ...environment, AWS_ACCESS_KEY_ID: "y" };
  const { status, stdout } = await workplace.runBinary(renewed, "resume", "expired", "--json");
  const [{ summary, cleanUp }] = JSON.parse(stdout) as [RunRecord];
  expect({ status, ...summary }).toMatchObject({ status: 0, eventsCompleted: 10, eventsMissing: 0, duplicates: 0 });
  expect(cleanUp).toMatch(/was deleted/);
  expect(await stacksLeft()).toBe(0);
});
