/** The request of a run, and what is around it, to start a test from: the test says what matters to it. */
import type { RunContext } from "../../src/bench.ts";
import { expectationsOf, nothingGiven } from "../../src/metrics/expectations.ts";
import type { RunRequest, Scenario } from "../../src/model.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";

/** `set`: as `--set` takes it. */
export function aRequest(
  scenario: Scenario,
  { set = [], ...rest }: Partial<RunRequest> & Pick<RunRequest, "runId"> & { set?: readonly string[] },
): RunRequest {
  return {
    scenario,
    settings: settingsOf(scenario, set),
    expected: expectationsOf(nothingGiven, settingsOf(scenario, set), scenario),
    events: 20,
    timeoutMs: 21_600_000,
    waitForMetrics: true,
    keep: false,
    versions: { throttleBench: "test", node: "test" },
    ...rest,
  };
}

export function aContext({
  signal = new AbortController().signal,
  wallClock = () => "2026-01-01T00:00:00.000Z",
  ...rest
}: Partial<RunContext> = {}): RunContext {
  return { signal, wallClock, ...rest };
}
