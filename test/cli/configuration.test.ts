/** The configuration file decides where a run goes, unless a flag or the environment does. */
import { expect, it } from "vitest";
import { aWorkplace, onDatabase } from "./throttle-bench.ts";

const bare = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/nowhere/c",
  AWS_SHARED_CREDENTIALS_FILE: "/nowhere/s",
};
const file = "throttle-bench.config.yaml";
const run = ["run", "scenario-5", "--events", "3", "--json"];

it("makes an account the default target, with its region and endpoint, unless a flag or the environment says otherwise", async () => {
  const workplace = aWorkplace();
  workplace.write(file, "target: aws\nregion: eu-north-1\nendpointUrl: http://127.0.0.1:1\n");
  const asFiled = await workplace.runWith(bare, ...run);
  expect(asFiled).toMatchObject({ status: 3, stderr: expect.stringMatching(/credentials.*Nothing was created/i) });
  const local = [...run, ...(await onDatabase())];
  expect(await workplace.runWith({ ...bare, THROTTLE_BENCH_TARGET: "local" }, ...local)).toMatchObject({ status: 0 });
  expect(await workplace.runWith(bare, ...local, "--target", "local")).toMatchObject({ status: 0 });
});

it("chooses the platform of a local run", async () => {
  const workplace = aWorkplace();
  workplace.write(file, "platform: 2020\nthresholds:\n  timeTaken: 10%\n");
  const platformOf = async (...flags: string[]) =>
    JSON.parse((await workplace.run(...run, ...flags)).stdout)[0].platform;
  const database = await onDatabase();
  expect(await platformOf(...database)).toBe("2020");
  expect(await platformOf(...database, "--platform", "2026")).toBe("2026");
});

it.each([
  ["an unknown target", "target: gcp\n", /config\.yaml is no configuration \(target: /],
  ["an unknown key", "tarket: aws\n", /tarket.*it takes alpha/],
  ["an endpoint that is no address", "endpointUrl: here\n", /\(endpointUrl: /],
  ["a cost that is none", "target: aws\nmaxCost: -1\n", /maxCost "-1" is no amount; give US dollars/],
  ["runs above the file's cost", "target: aws\nmaxCost: 0\n", /above the limit of \$0\.00/],
  ["a secret", "databaseUrl: postgresql://me:geheim@host/db\n", /secrets do not belong there; export DATABASE_URL/],
])("refuses %s before anything is touched", async (_what, text, message) => {
  const workplace = aWorkplace();
  workplace.write(file, text);
  const { status, stdout, stderr } = await workplace.run(...run);
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: "", stderr: expect.stringMatching(message) });
  expect(stderr).not.toContain("geheim");
  expect(workplace.files()).toEqual([file]);
});

it("lets only a verb that creates something say that nothing was created", async () => {
  const { status, stderr } = await aWorkplace().runWith(bare, "clean", "--region", "eu-north-1");
  expect(stderr).toMatch(/^error: .*credentials.*sign in, for example with `aws sso login`\.\n$/);
  expect(status).toBe(3);
  const up = ["database", "up", "--address", "203.0.113.7/32", "--region", "eu-north-1"];
  const creating = await aWorkplace().runWith(bare, ...up);
  expect(creating).toMatchObject({ status: 3, stderr: expect.stringMatching(/sign in.* Nothing was created\.\n$/) });
});

it("refuses a region of the file or of the environment that is none", async () => {
  const workplace = aWorkplace();
  const ofEnvironment = await workplace.runWith({ ...bare, AWS_REGION: "x x" }, "serve");
  expect(ofEnvironment).toMatchObject({ status: 2, stderr: expect.stringContaining('AWS_REGION "x x" is no region') });
  workplace.write(file, "region: nowhere\n");
  const ofFile = await workplace.runWith(bare, ...run);
  expect(ofFile).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`${file}: region "nowhere" is no region`),
  });
});
