/** The request of a run to start a test from, of which the test says what matters to it. */
import type { RunRequest } from "../../src/bench.ts";
import type { Scenario } from "../../src/model.ts";
import { settingsOf } from "../../src/scenarios/settings.ts";

/** `set`: as `--set` takes it. */
export function aRequest(
  scenario: Scenario,
  { set = [], ...rest }: Partial<RunRequest> & Pick<RunRequest, "runId"> & { set?: readonly string[] },
): RunRequest {
  return {
    scenario,
    settings: settingsOf(scenario, set),
    events: 20,
    timeoutMs: 21_600_000,
    waitForMetrics: true,
    keep: false,
    versions: { throttleBench: "test", node: "test" },
    wallClock: () => "2026-01-01T00:00:00.000Z",
    signal: new AbortController().signal,
    ...rest,
  };
}
