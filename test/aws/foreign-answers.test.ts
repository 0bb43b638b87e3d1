/** The verbs that ask an account say so when something on the way answers in AWS's place, each by its status and first line. */
import { expect, it } from "vitest";
import { eachServed } from "./each-served.ts";
import { kinds } from "./one-fault.ts";
import { aPlace } from "./started-run.ts";

const each = eachServed();

it("is said by every verb, and no verb passes on the SDK's advice to its own users", async () => {
  const { workplace, environment } = aPlace(each.faults.endpoint, each.served.clockUrl, each.database.url);
  const verb = (...args: string[]) => workplace.runBinary(environment, ...args);
  expect((await verb("run", "scenario-5", "--events", "5", "--run-id", "mine", "--no-wait")).status).toBe(0);
  each.faults.rule = () => ({ ...kinds["a proxy's page"], status: 407 });
  const said = /HTTP 407 with an answer that is none of AWS's: <html><title>502 Bad Gateway<\/title><\/html>/;
  const cure = /look for a proxy or a sign-in page on the way to AWS\./;
  for (const [args, status] of [
    [["run", "scenario-5"], 3],
    [["report", "mine", "--refresh"], 3],
    [["clean"], 3],
    [["database", "status"], 3],
  ] as const) {
    const ended = await verb(...args);
    expect({ args, ...ended }).toEqual({
      args,
      status,
      stdout: expect.any(String),
      stderr: expect.stringMatching(said),
    });
    expect(ended.stderr).toMatch(cure);
    expect(ended.stderr).not.toMatch(/hidden field|Deserialization/);
  }
  const doctor = await verb("doctor");
  expect(doctor.stdout + doctor.stderr).toMatch(said);
  expect(doctor.stdout + doctor.stderr).not.toMatch(/hidden field|Deserialization/);
});
