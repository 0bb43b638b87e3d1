/** The settings of the downstream, and which of them take part in a run. */
import type { Settings } from "../model.ts";

/** Each is off at 0. */
const switches = new Set([
  "WorkMsMax",
  "HoldMs",
  "FailureRate",
  "PoisonRate",
  "SlowRate",
  "DuplicateRate",
  "DownstreamLimit",
]);

/** These say how another one works. */
const companions: Readonly<Record<string, string>> = { SlowFactor: "SlowRate", WhenRefused: "DownstreamLimit" };

/** True for a setting of the downstream that is off, or that says how one works that is off. */
export function isOff(name: string, settings: Settings): boolean {
  const deciding = companions[name] ?? name;
  return switches.has(deciding) && Number(settings[deciding] ?? 0) === 0;
}
