/** Shows how each way bears a few bad events: poisonous ones, slow ones, and duplicates. */
import { isPoisonous, isSlow } from "../../infra/handlers/service.ts";
import { bench } from "../../src/bench.ts";
import { eventsOf } from "../../src/metrics/events.ts";
import { median, nearestRank } from "../../src/metrics/statistics.ts";
import type { Scenario } from "../../src/model.ts";
import { shippedScenarios } from "../../src/scenarios/catalogue.ts";
import { settingsIn } from "../../src/scenarios/settings.ts";
import { groupsOf } from "../../src/steps/stack.ts";
import { openLocal } from "../../src/targets/local.ts";
import { aContext, aRequest } from "../scenarios/a-request.ts";

const events = 1_000;
const seeds = [1, 2, 3, 4, 5];
const share = { poison: 0.01, slow: 0.01, duplicates: 0.05 };

/** By its name the settings that make it. */
export const disturbances = {
  none: [],
  poison: [`PoisonRate=${share.poison}`],
  slow: [`SlowRate=${share.slow}`, "SlowFactor=10"],
  duplicates: [`DuplicateRate=${share.duplicates}`],
} as const satisfies Record<string, readonly string[]>;

export type Disturbance = keyof typeof disturbances;

/** The fate of the healthy events, which are all but the poisonous ones; the medians of five seeds. */
export interface Outcome {
  /** failed or missing */
  lost: number;
  /** of these the slow ones */
  lostSlow: number;
  /** from sent to completed, 95% of those that completed waited no longer; null: none completed */
  waitMsP95: number | null;
  /** of the events that completed, the share that completed after one of a higher number of their message group */
  outOfOrderShare: number;
}

export interface WayDisturbed {
  scenario: Scenario;
  /** null: the way has no such setting */
  outcomes: Record<Disturbance, Outcome | null>;
}

export async function waysDisturbed(): Promise<WayDisturbed[]> {
  const ways: WayDisturbed[] = [];
  for (const scenario of shippedScenarios()) {
    const outcomes = {} as WayDisturbed["outcomes"];
    for (const disturbance of Object.keys(disturbances) as Disturbance[])
      outcomes[disturbance] = await outcomeOf(scenario, disturbance);
    ways.push({ scenario, outcomes });
  }
  return ways;
}

async function outcomeOf(scenario: Scenario, disturbance: Disturbance): Promise<Outcome | null> {
  const set = disturbances[disturbance];
  const known = settingsIn(scenario).map(({ name }) => name);
  if (set.some((setting) => !known.includes(setting.split("=")[0]!))) return null;
  const runs: Outcome[] = [];
  for (const seed of seeds) runs.push(await run(scenario, disturbance, seed));
  const waits = runs.flatMap(({ waitMsP95 }) => waitMsP95 ?? []);
  return {
    lost: median(runs.map(({ lost }) => lost)),
    lostSlow: median(runs.map(({ lostSlow }) => lostSlow)),
    waitMsP95: waits.length === 0 ? null : median(waits),
    outOfOrderShare: median(runs.map(({ outOfOrderShare }) => outOfOrderShare)),
  };
}

/** The numbers that AWS does not publish are drawn by the seed. */
async function run(scenario: Scenario, disturbance: Disturbance, seed: number): Promise<Outcome> {
  const request = aRequest(scenario, {
    runId: "disturbed",
    set: disturbances[disturbance],
    events,
    waitForMetrics: false,
    keep: true,
  });
  const target = await openLocal({ databaseUrl: null, platform: "2026", seed, ranges: true });
  try {
    const { details } = await bench(target, request, aContext());
    const { ids, sentAt, firstAt } = eventsOf(await target.rows.columns(groupsOf(request.runId).completed));
    const isHealthy = (id: number) => disturbance !== "poison" || !isPoisonous(id, share.poison);
    const completed = new Set(ids);
    const all = Array.from({ length: events }, (_, index) => index + 1);
    const lost = all.filter((id) => isHealthy(id) && !completed.has(id));
    const waits = firstAt.map((at, index) => at - sentAt[index]!).sort();
    return {
      lost: lost.length,
      lostSlow: disturbance === "slow" ? lost.filter((id) => isSlow(id, share.slow)).length : 0,
      waitMsP95: waits.length === 0 ? null : nearestRank(waits, 95),
      outOfOrderShare: details.order?.share ?? 0,
    };
  } finally {
    await target.close();
  }
}

/** A table of all ways, and before it which of them a disturbance harms. */
export function renderDisturbances(ways: readonly WayDisturbed[]): string {
  const head = ["way", "undisturbed", "1% poison", "1% slow, ten times", "5% duplicates"];
  const names = Object.keys(disturbances) as Disturbance[];
  const rows = ways.map(({ scenario, outcomes }) => [
    `[${wayName(scenario)}](${scenario.name}.yaml)`,
    ...names.map((name) => cellOf(outcomes[name])),
  ]);
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    names
      .filter((name) => name !== "none")
      .map((name) => sentenceOf(ways, name))
      .join("\n"),
    [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n"),
  ].join("\n\n");
}

const titles = { none: "Nothing", poison: "1% poison", slow: "1% slow events", duplicates: "5% duplicates" };
/** A wait that is so many times the undisturbed one is a delay. */
const delayFactor = 1.1;

function sentenceOf(ways: readonly WayDisturbed[], disturbance: Disturbance): string {
  const harmed = (isHarmed: (before: Outcome, after: Outcome) => boolean) => {
    const names = ways
      .filter(({ outcomes }) => {
        const [before, after] = [outcomes.none, outcomes[disturbance]];
        return before !== null && after !== null && isHarmed(before, after);
      })
      .map(({ scenario }) => wayName(scenario));
    return names.length === 0 ? "none" : names.join(", ");
  };
  const loses = harmed((before, after) => after.lost > before.lost);
  const delays = harmed(
    (before, after) => (after.waitMsP95 ?? Infinity) > delayFactor * (before.waitMsP95 ?? Infinity),
  );
  return `- ${titles[disturbance]}: more healthy events are lost in ${loses}; they wait at least ${Math.round((delayFactor - 1) * 100)}% longer (p95) in ${delays}.`;
}

function wayName({ name, alias }: Scenario): string {
  return alias ?? name;
}

function cellOf(outcome: Outcome | null): string {
  if (outcome === null) return "no such setting";
  const { lost, lostSlow, waitMsP95, outOfOrderShare } = outcome;
  const slow = lostSlow === 0 ? "" : lostSlow === lost ? ", all slow" : `, ${lostSlow} of them slow`;
  const order = outOfOrderShare === 0 ? "in order" : `${percent(outOfOrderShare)} out of order`;
  const wait = waitMsP95 === null ? "none completed" : `p95 ${Math.round(waitMsP95 / 1_000)} s`;
  return `${lost === 0 ? "none" : lost} lost${slow} · ${wait} · ${order}`;
}

function percent(share: number): string {
  return share < 0.01 ? "under 1%" : `${Math.round(share * 100)}%`;
}
