/** The flags of `run` that name the functions' network, and the id that no run may have. */
import { expect, it } from "vitest";
import { functionsDatabase } from "../../../src/cli/flags/place.ts";
import { checkedRunId, type RunFlags, runOptions } from "../../../src/cli/flags/run-options.ts";

const onAws: RunFlags = { target: "aws", databaseUrl: "postgresql://me@db.example/bench", timeout: 21_600_000 };
const networkOf = (typed: string) => functionsDatabase.vpcConfig.read(typed, "--vpc-config");
const subnets = ["subnet-0123456789abcdef0", "subnet-01234567"];
const groups = ["sg-0123456789abcdef0", "sg-89abcdef"];

it.each([`SubnetIds=${subnets},SecurityGroupIds=${groups}`, `SecurityGroupIds=${groups},SubnetIds=${subnets}`])(
  "takes a network as the AWS CLI writes it: %s",
  (vpcConfig) => {
    expect(networkOf(vpcConfig)).toEqual({ subnetIds: subnets, securityGroupIds: groups });
  },
);

it.each([
  "",
  "subnet-01234567",
  "SubnetIds=subnet-01234567",
  "SubnetIds=,SecurityGroupIds=sg-89abcdef",
  "SubnetIds=subnet-01234567,SecurityGroupIds=",
  "SubnetIds=subnet-01234567,SecurityGroupIds=sg-89abcdef,Ipv6AllowedForDualStack=true",
  "SubnetIds=subnet-01234567,subnet-xyz,SecurityGroupIds=sg-89abcdef",
])("refuses %j for a network", (vpcConfig) => {
  expect(() => networkOf(vpcConfig)).toThrow(/^--vpc-config .* is no network; give one such as/);
});

it("takes no network without the database that is in it, and none for the local model", () => {
  const vpcConfig = networkOf(`SubnetIds=${subnets},SecurityGroupIds=${groups}`);
  expect(() => runOptions({ ...onAws, databaseUrl: undefined, vpcConfig }, {})).toThrow(/give that by --database-url/);
  expect(() => runOptions({ ...onAws, target: "local", vpcConfig }, {})).toThrow(/--vpc-config belongs to an account/);
  expect(runOptions({ ...onAws, vpcConfig }, {}).vpc).toEqual(vpcConfig);
  expect(runOptions(onAws, {}).vpc).toBeNull();
});

it("takes another way of the functions to a database of ours, by flag or environment, and none to what it chooses itself", () => {
  const functionsDatabaseUrl = "postgresql://me@10.0.0.7/bench";
  expect(runOptions({ ...onAws, functionsDatabaseUrl }, {})).toMatchObject({ functionsDatabaseUrl });
  expect(runOptions(onAws, { FUNCTIONS_DATABASE_URL: functionsDatabaseUrl })).toMatchObject({ functionsDatabaseUrl });
  expect(runOptions(onAws, {})).toMatchObject({ functionsDatabaseUrl: null });
  const without = { ...onAws, databaseUrl: undefined, functionsDatabaseUrl };
  expect(() => runOptions(without, {})).toThrow(/^--functions-database-url goes with a database of your own/);
});

it("refuses the run id whose stack would be the database's", () => {
  expect(() => checkedRunId("database")).toThrow(/is that of the database's stack/);
});
