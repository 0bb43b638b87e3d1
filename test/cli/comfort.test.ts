/** The command line is easy to type: short flags, names by what they mean, colours and silence as they are asked for. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { aWorkplace } from "./throttle-bench.ts";

/** One simulation in one thread, which is there sooner than two. */
const small = ["scenario-3", "--events", "20", "--repeat", "1", "--workers", "1"];

describe("did you mean", () => {
  it.each([
    ["run scenario-4 --set Concurrency=1", "did you mean ReservedConcurrency or MaximumConcurrency?"],
    ["run scenario-4 --set Timeout=1", "did you mean ConsumerTimeout or VisibilityTimeout?"],
    ["run scenario-4 --set Memory=1", "did you mean ConsumerMemory?"],
    ["run scenario-4 --set Retries=1", "did you mean MaxReceiveCount?"],
    ["run scenario-4 --set Rate=1", "did you mean PublishRate?"],
    ["run scenario-4 --set VisibilityTimout=1", "did you mean VisibilityTimeout?"],
    ["run scenario-4 --set visibility-timeout=1", "did you mean VisibilityTimeout?"],
    ["run kinesis-one-shard --set Retries=1", "did you mean MaximumRetryAttempts?"],
    ["run scenario-4 --concurrency 3", "did you mean --set ReservedConcurrency=… or --set MaximumConcurrency=…?"],
    ["run scenario-4 --visibility-timeout 30", "did you mean --set VisibilityTimeout=…?"],
    ["run scenario-4 --duration 20s", "did you mean --for?"],
    ["run scenario-4 --evnts 3", "did you mean --events?"],
    ["run scenario-4 --zzz", "`throttle-bench help run` lists what there is."],
    ["database up --regon x", "did you mean --region?"],
    ["recomend", "did you mean recommend?"],
    ["diff", "did you mean compare?"],
    ["database ups", "did you mean up?"],
    ["zzzzzz", "`throttle-bench help` lists what there is."],
    ["run kinesis", "did you mean kinesis-one-shard, kinesis-two-shards or sns-to-kinesis?"],
    ["run token bucket", 'There is no scenario "token"; did you mean limiter-token-bucket?'],
    ["run sqs-reserved-2", "did you mean sqs-reserved-1?"],
    ["compare a b --threshold p95=1", "did you mean waitP95, middleGroupWait or worstGroupWait?"],
    ["compare a b --threshold latency=1", "did you mean waitP95 or oldestWait?"],
    ["run scenario-1 --assume connect=1", "did you mean database.connectMs?"],
  ])("answers `%s`: %s", async (line, cure) => {
    const { status, stdout, stderr } = await aWorkplace().run(...line.split(" "));
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^error: .*[.?]\n$/);
    expect(stderr).toContain(cure);
  });
});

describe("a flag of one letter", () => {
  it("is the whole flag", async () => {
    const args = (...flags: string[]) => ["list", "--compare", "scenario-3", "--repeat", "2", "--json", ...flags];
    const short = await aWorkplace().run(...args("-r", "20/s", "-d", "2s", "-s", "WorkMs=500", "-l", "2/s", "-w", "1"));
    const long = ["--rate", "20/s", "--for", "2s", "--set", "WorkMs=500", "--limit", "2/s", "--workers", "1"];
    expect(short).toMatchObject({ status: 0, stdout: (await aWorkplace().run(...args(...long))).stdout });
  });

  it("is the same in every verb, and stands for one flag only", async () => {
    const long = new Map<string, string>();
    for (const verb of readdirSync("src/cli/commands").map((file) => file.replace(/\.ts$/, ""))) {
      const { stdout } = await aWorkplace().run(verb, "--help");
      for (const [, letter, flag] of stdout.matchAll(/^ {2}(-\w), (--[a-z-]+)/gm)) {
        expect(long.get(letter!) ?? flag).toBe(flag);
        long.set(letter!, flag!);
      }
    }
    expect(new Set(long.values()).size).toBe(long.size);
    expect(Object.fromEntries(long)).toMatchObject({
      "-n": "--events",
      "-t": "--target",
      "-o": "--out",
      "-q": "--quiet",
    });
  });
});

describe("colours", () => {
  const colourCode = "\u001b[";

  it.each([
    ["none without a terminal", {}, false],
    ["those of FORCE_COLOR also without a terminal", { FORCE_COLOR: "1" }, true],
    ["none by FORCE_COLOR=0", { FORCE_COLOR: "0" }, false],
    ["those of FORCE_COLOR before NO_COLOR", { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
    ["none by NO_COLOR", { NO_COLOR: "1" }, false],
  ])("are %s", async (_, environment, isColoured) => {
    const { stdout, stderr } = await aWorkplace().runWith(environment, "list", "--compare", ...small);
    expect(stdout.includes(colourCode)).toBe(isColoured);
    expect(stderr).toBe("");
  });

  it("are never in JSON", async () => {
    const { stdout } = await aWorkplace().runWith({ FORCE_COLOR: "1" }, "list", "--compare", ...small, "--json");
    expect(stdout).not.toContain(colourCode);
  });
});
