/** `throttle-bench doctor` where there is no account, and the policies that it prints. */
import { expect, it } from "vitest";
import { policyNames, policyOf } from "../../src/doctor/policies.ts";
import { aWorkplace, noAccount } from "./throttle-bench.ts";

it("tells a newcomer without an account that the local target works, and what an account would lack", async () => {
  const { status, stdout, stderr } = await aWorkplace().runWith(noAccount, "doctor");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^ok\s+versions\s+throttle-bench \d/);
  expect(stdout).toContain("The local target works.");
  expect(stdout).toContain("No account is configured; for --target aws, what is missing is:");
  expect(stdout).toMatch(/not ok\s+credentials\s+.*give --profile or AWS_PROFILE/);
  expect(stdout).toMatch(/not ok\s+database\s+none was given\n\s+Make one .*, or give --database-url/);
  expect(status).toBe(0);
});

it("looks at nothing of an account with --target local", async () => {
  const { status, stdout } = await aWorkplace().runWith(noAccount, "doctor", "--target", "local", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    local: [
      { name: "versions", status: "ok" },
      { name: "database here", status: "ok" },
    ],
    aws: [],
    localWorks: true,
    awsWorks: null,
  });
  expect(status).toBe(0);
});

it.each(policyNames)("prints the policy %s, and nothing else", async (name) => {
  const workplace = aWorkplace();
  const { status, stdout, stderr } = await workplace.runWith(noAccount, "doctor", "--policy", name);
  expect(JSON.parse(stdout)).toEqual(policyOf(name));
  expect({ status, stderr, files: workplace.files() }).toEqual({ status: 0, stderr: "", files: [] });
});

it("prints a policy that holds in a region alone", async () => {
  const { stdout } = await aWorkplace().runWith(noAccount, "doctor", "--policy", "run", "--region", "eu-west-1");
  expect(JSON.parse(stdout)).toEqual(policyOf("run", ["eu-west-1"]));
});

it.each([
  [["--policy", "all"], '--policy "all" is not known; give deploy or run or database or read.'],
  [["--target", "gcp"], '--target "gcp" is not known; give local or aws.'],
  [["--database-url", "nowhere"], "The database URL is malformed"],
  [["--endpoint-url", "nowhere"], '--endpoint-url "nowhere" is no address'],
])("refuses %j before it looks at anything", async (args, message) => {
  const workplace = aWorkplace();
  const { status, stderr } = await workplace.runWith(noAccount, "doctor", ...args);
  expect(stderr).toContain(message);
  expect({ status, files: workplace.files() }).toEqual({ status: 2, files: [] });
});
