/** A setting of the downstream that is off takes no part in a run, nor does one that says how it would work. */
import { describe, expect, it } from "vitest";
import { isOff, isOfProblem } from "../../../src/metrics/downstream.ts";
import type { Settings } from "../../../src/model.ts";

describe("a setting of the downstream", () => {
  it.each<[string, Settings, boolean]>([
    ["WorkMs", { WorkMs: "0" }, false],
    ["WorkMsMax", { WorkMsMax: "0" }, true],
    ["WorkMsMax", {}, true],
    ["WorkMsMax", { WorkMsMax: "2000" }, false],
    ["FailureRate", { FailureRate: "0.00" }, true],
    ["FailureRate", { FailureRate: "0.01" }, false],
    ["Limiter", { Limiter: "none" }, true],
    ["Limiter", { Limiter: "token-bucket" }, false],
    ["SlowFactor", { SlowFactor: "10", SlowRate: "0" }, true],
    ["SlowFactor", { SlowFactor: "10", SlowRate: "0.1" }, false],
    ["CountsRefused", { CountsRefused: "yes", DownstreamLimit: "0" }, true],
    ["CountsRefused", { CountsRefused: "yes", DownstreamLimit: "1/s" }, false],
    ["WhenRefused", { DownstreamLimit: "0", Limiter: "none" }, true],
    ["WhenRefused", { DownstreamLimit: "1/s", Limiter: "none" }, false],
    ["WhenRefused", { DownstreamLimit: "0", Limiter: "token-bucket" }, false],
    ["LimiterRate", { LimiterRate: "1", Limiter: "none" }, true],
    ["LimiterCapacity", { LimiterCapacity: "1", Limiter: "window" }, false],
  ])("%s of %j is off: %s", (name, settings, expected) => {
    expect(isOff(name, settings)).toBe(expected);
  });

  it.each<[string, isOfBoth: boolean, expected: boolean]>([
    ["WorkMs", false, true],
    ["PublishRate", true, true],
    ["MessageGroups", true, true],
    ["MessageGroups", false, false],
    ["NoisyShare", true, true],
    ["BatchSize", true, false],
    ["Limiter", true, false],
  ])("%s, of both ways %s, comes to a way of throttling: %s", (setting, isOfBoth, expected) => {
    expect(isOfProblem(setting, isOfBoth)).toBe(expected);
  });
});
