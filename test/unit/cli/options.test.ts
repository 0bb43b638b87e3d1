/** The flags of `run` that name the functions' network, and the id that no run may have. */
import { describe, expect, it } from "vitest";
import { functionsDatabase } from "../../../src/cli/flags/place.ts";
import { checkedRunId, type RunFlags, runOptions } from "../../../src/cli/flags/run-options.ts";
import { chooseRequests } from "../../../src/cli/running/requests.ts";
import { findScenarios } from "../../../src/scenarios/catalogue.ts";

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

const requestsOf = (flags: Partial<RunFlags>, names = ["sqs-reserved-1"]) =>
  chooseRequests(findScenarios(names), runOptions({ timeout: 21_600_000, ...flags }, {}));

describe("a burst", () => {
  it("that is fired for a time is as many events as its pace makes: --rate, --set, or each scenario's own", () => {
    const eventsOf = (flags: Partial<RunFlags>, names?: string[]) =>
      requestsOf(flags, names).map(({ events }) => events);
    expect(eventsOf({ rate: 200, for: 20_000 })).toEqual([4_000]);
    expect(eventsOf({ for: 20_000 }, ["scenario-1", "scenario-4"])).toEqual([320, 1_000]);
    expect(eventsOf({ for: 20_000, set: ["PublishRate=5"] })).toEqual([100]);
  });

  it("without a time is the usual thousand events at any pace", () => {
    const [request] = requestsOf({ rate: 200 });
    expect(request).toMatchObject({ events: 1_000, settings: { PublishRate: "200" } });
  });

  it("that is fired for a time is refused where there is no pace, and where that makes none or too many", () => {
    for (const flags of [{ rate: 0 }, { set: ["PublishRate=0"] }]) {
      expect(() => requestsOf({ for: 20_000, ...flags })).toThrow(
        "--for 20s counts the events by their pace, and here they are fired as fast as they can be; give it with a --rate such as 50/s.",
      );
    }
    expect(() => requestsOf({ for: 1 })).toThrow("0.001s at 50/s makes 0 events; 1 to 1,000,000 can be fired.");
    expect(() => requestsOf({ rate: 9_999, for: 3_600_000 })).toThrow(/makes 35,996,400 events/);
  });
});

describe("a burst that comes several times", () => {
  const burstOf = (flags: Partial<RunFlags>) => requestsOf(flags)[0]!;

  it("has the events of all spikes, and with --every alone is fired once", () => {
    expect(burstOf({ rate: 50, for: 20_000, every: 600_000, spikes: 6 })).toMatchObject({
      settings: { PublishRate: "50" },
      events: 6_000,
      spikes: { count: 6, everyMs: 600_000 },
    });
    expect(burstOf({ every: 600_000 })).toMatchObject({ events: 1_000, spikes: { count: 1, everyMs: 600_000 } });
    expect(burstOf({})).toMatchObject({ events: 1_000 });
    expect(burstOf({}).spikes).toBeUndefined();
  });

  it("is refused without a time between its spikes, with too many events, and over too long a time", () => {
    expect(() => burstOf({ spikes: 3 })).toThrow(/give the time between them by --every/);
    expect(() => burstOf({ events: 500_000, every: 36_000_000, spikes: 3 })).toThrow(/makes 1,500,000 events/);
    expect(() => burstOf({ every: 14 * 86_400_000, spikes: 3 })).toThrow(/take more than 14 days/);
  });

  it("is refused where its spikes would overlap, at the scenario's own pace, too", () => {
    expect(() => requestsOf({ rate: 50, for: 20_000, every: 19_000, spikes: 2 })).toThrow(
      /--every 19s is shorter than the 20 s .* give at least 20s/,
    );
    expect(() => requestsOf({ events: 1_000, every: 19_000 })).toThrow(/--every 19s is shorter/);
    const [request] = requestsOf({ rate: 50, for: 20_000, every: 20_000, spikes: 2 });
    expect(request).toMatchObject({ events: 2_000, spikes: { count: 2, everyMs: 20_000 } });
  });
});
