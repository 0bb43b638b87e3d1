/** The settings of the downstream, and which of them take part in a run. */
import type { Settings } from "../model.ts";

/** Each is off at 0, or at `none`. */
const switches = new Set([
  "WorkMsMax",
  "HoldMs",
  "FailureRate",
  "PoisonRate",
  "SlowRate",
  "DuplicateRate",
  "DownstreamLimit",
  "Limiter",
]);

/** These say how another one works, or how either of two does. */
const companions: Readonly<Record<string, readonly string[]>> = {
  SlowFactor: ["SlowRate"],
  CountsRefused: ["DownstreamLimit"],
  WhenRefused: ["DownstreamLimit", "Limiter"],
  LimiterRate: ["Limiter"],
  LimiterCapacity: ["Limiter"],
};

/** The burst, and the work of the downstream: what comes to a way of throttling, and no part of it. */
const problem = new Set([
  "PublishRate",
  "DuplicateRate",
  "WorkMs",
  "WorkMsMax",
  "SlowRate",
  "SlowFactor",
  "FailureRate",
  "PoisonRate",
  "DownstreamLimit",
  "CountsRefused",
]);

/** Only ways that know message groups have these. */
const grouping = new Set(["MessageGroups", "NoisyShare"]);

/** True for a setting that two ways of throttling could both be asked to bear. `isOfBoth`: both have it. */
export function isOfProblem(setting: string, isOfBoth: boolean): boolean {
  return problem.has(setting) || (isOfBoth && grouping.has(setting));
}

/** True for a setting of the downstream that is off, or that says how one works that is off. */
export function isOff(name: string, settings: Settings): boolean {
  const deciding = Object.hasOwn(companions, name) ? companions[name]! : [name];
  return deciding.every((each) => switches.has(each) && ["0", "none"].includes(written(settings[each])));
}

/** `0` for all ways to write it. */
function written(setting = "0"): string {
  return Number(setting) === 0 ? "0" : setting;
}
