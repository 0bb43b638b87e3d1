/** The place that a verb works on: a flag goes before the environment, and that before the configuration file. */
import { describe, expect, it } from "vitest";
import { accountOfRun, chosenAccount, chosenTarget, givenDatabase } from "../../../src/cli/flags/place.ts";

const file = { target: "aws", profile: "filed", region: "eu-north-1", endpointUrl: "http://filed" } as const;
const flags = { profile: "flagged", region: "eu-west-1", endpointUrl: "http://flagged" };

describe("the account", () => {
  it("is the flags', whatever else says another", () => {
    const environment = { AWS_PROFILE: "p", AWS_REGION: "r", AWS_ENDPOINT_URL: "http://e" };
    expect(chosenAccount(flags, environment, file)).toMatchObject(flags);
  });

  it("is left to the SDK where the environment names profile and region", () => {
    const environment = { AWS_PROFILE: "p", AWS_DEFAULT_REGION: "r", AWS_ENDPOINT_URL: "http://e" };
    expect(chosenAccount({}, environment, file)).toMatchObject({
      profile: undefined,
      region: undefined,
      endpointUrl: "http://e",
    });
  });

  it("is the file's where nothing else says", () => {
    const { target: _, ...place } = file;
    expect(chosenAccount({}, { AWS_PROFILE: "", AWS_REGION: "", AWS_ENDPOINT_URL: "" }, file)).toMatchObject(place);
  });

  it("names the variable whose endpoint is no address", () => {
    expect(() => chosenAccount({}, { AWS_ENDPOINT_URL: "here" }, {})).toThrow(/^AWS_ENDPOINT_URL "here" is no address/);
  });

  it("is an earlier run's own, and the file adds only the profile that the run does not name", () => {
    const run = { region: "us-east-2", endpointUrl: "http://then" };
    expect(accountOfRun(run, {}, {}, file)).toMatchObject({ ...run, profile: "filed" });
    expect(accountOfRun({ region: "us-east-2" }, {}, {}, file)).toMatchObject({ endpointUrl: undefined });
    expect(accountOfRun({ ...run, profile: "then" }, {}, { AWS_PROFILE: "p" }, file)).toMatchObject({
      profile: "then",
    });
    expect(accountOfRun(run, flags, {}, file)).toMatchObject(flags);
  });
});

it("takes the target from the flag, the environment or the file, in this order", () => {
  expect(chosenTarget("local", { THROTTLE_BENCH_TARGET: "aws" }, file)).toBe("local");
  expect(chosenTarget(undefined, { THROTTLE_BENCH_TARGET: "local" }, file)).toBe("local");
  expect(chosenTarget(undefined, {}, file)).toBe("aws");
  expect(chosenTarget(undefined, {}, {})).toBeNull();
});

it("takes a database of the environment on an account only", () => {
  const environment = { DATABASE_URL: "postgresql://shell/bench", FUNCTIONS_DATABASE_URL: "postgresql://tunnel/bench" };
  const none = { databaseUrl: null, functionsDatabaseUrl: null, vpc: null };
  expect(givenDatabase("local", {}, environment)).toEqual(none);
  expect(givenDatabase("aws", {}, environment)).toEqual({
    databaseUrl: environment.DATABASE_URL,
    functionsDatabaseUrl: environment.FUNCTIONS_DATABASE_URL,
    vpc: null,
  });
  const databaseUrl = "postgresql://mine/bench";
  expect(givenDatabase("local", { databaseUrl }, environment)).toEqual({ ...none, databaseUrl });
});
