/** A side of a comparison: a scenario, its settings, where it ran, and the figures of its runs. */

import type { Assumption, Expectations, RunRecord, Settings, TargetName } from "../model.ts";
import { isGiven, settingsWithEffect } from "./caveats.ts";
import { type FigureValues, publishedRun, readFigures } from "./figures.ts";
import { type Run, runsOf } from "./uncertainty.ts";
import type { JudgedRun } from "./verdict.ts";

/** Runs of one scenario that differ by chance alone. */
export interface Side {
  /** the run's id, or "published" */
  name: string;
  scenario: string;
  origin: TargetName | "published";
  /** the endpoint that was measured in AWS's place */
  endpoint: string | null;
  kind: RunRecord["kind"];
  platform: string | null;
  /** the account's profile that the model went by, with the beginning of its hash */
  profile: string | null;
  /** the numbers that its records name, as they are typed, and whether somebody gave them; none for a measurement */
  numbers: Record<string, { value: string; isGiven: boolean }>;
  templateHash: string;
  /** only settings that can change a figure */
  settings: Settings;
  totalEvents: number;
  /** whether each run drew the unpublished constants */
  ranges: boolean;
  /** null: no version of ours made it */
  version: string | null;
  /** ascending; null: the side is not local */
  seeds: number[] | null;
  runs: FigureValues[];
  /** the runs, as a verdict asks of them */
  judged: JudgedRun[];
  /** what the first of them was held to; null: nobody recorded it */
  expected: Expectations | null;
}

/** One thing in which two sides are unlike, other than their figures. */
export interface Difference {
  /** `target`, `platform`, a setting's name, … */
  what: string;
  base: string;
  candidate: string;
}

/**
 * The side that records make up together. There is at least one, and all of them are alike, which `differencesOf` tells. Two runs of one
 * seed on the local target are the same run and count once; against a served model they are not.
 */
export function sideOf(records: readonly RunRecord[]): Side {
  const [first] = records as [RunRecord, ...RunRecord[]];
  const ofSeed = new Map<number, Run>();
  const seedless: Run[] = [];
  for (const run of records.flatMap(runsOf)) {
    if (run.seed === null || first.target !== "local") seedless.push(run);
    else if (!ofSeed.has(run.seed)) ofSeed.set(run.seed, run);
  }
  const seeds = [...ofSeed.keys()].sort((a, b) => a - b);
  const runs = [...seeds.map((seed) => ofSeed.get(seed)!), ...seedless];
  return {
    name: records.length === 1 ? first.runId : `${first.runId} and ${records.length - 1} more`,
    scenario: first.scenario,
    origin: first.target,
    endpoint: first.kind === "measurement" ? first.location.endpoint : null,
    kind: first.kind,
    platform: first.platform,
    profile: first.profile && `${first.profile.name} (${first.profile.hash.slice(0, 8)})`,
    numbers: Object.fromEntries((first.assumptions ?? []).map(numberEntry)),
    templateHash: first.templateHash,
    settings: Object.fromEntries(settingsWithEffect(first.settings)),
    totalEvents: first.summary.totalEvents,
    ranges: first.uncertainty?.ranges ?? false,
    version: first.versions.throttleBench,
    seeds: seeds.length > 0 ? seeds : null,
    runs: runs.map(readFigures),
    judged: runs,
    expected: first.expected,
  };
}

/** The published result that a record carries, made with the template's defaults; null: nobody published one. */
export function publishedSideOf({ published, scenario, templateHash, settings, caveats }: RunRecord): Side | null {
  if (published === null) return null;
  const changed = caveats.flatMap((caveat) => (caveat.code === "settings-differ" ? caveat.settings : []));
  const defaults = Object.fromEntries(changed.map(({ name, published: value }) => [name, value]));
  return {
    name: "published",
    scenario,
    origin: "published",
    endpoint: null,
    kind: "measurement",
    platform: published.platform,
    profile: null,
    numbers: {},
    templateHash,
    settings: Object.fromEntries(settingsWithEffect({ ...settings, ...defaults })),
    totalEvents: published.totalEvents,
    ranges: false,
    version: null,
    seeds: null,
    runs: [readFigures(publishedRun(published))],
    judged: [{ ...publishedRun(published), outcome: "drained", calls: null }],
    expected: null,
  };
}

/** Everything but chance in which the sides are unlike. The version counts only where both have one. */
export function differencesOf(base: Side, candidate: Side): Difference[] {
  return unlikeIn([base, candidate]).map(({ what, values }) => {
    const [before, after] = values.map((value) => value ?? "none") as [string, string];
    return { what, base: before, candidate: after };
  });
}

/** One thing in which not all of several sides are alike, other than their figures. */
export interface Unlike extends Pick<Difference, "what"> {
  kind: "scenario" | "origin" | "number" | "template" | "setting" | "events" | "version";
  /** one for each side; null: it has none */
  values: (string | null)[];
}

/** Everything but chance in which not all sides are alike. The version counts only where all have one. */
export function unlikeIn(sides: readonly Side[]): Unlike[] {
  const unlike = (kind: Unlike["kind"], what: string, of: (side: Side) => string | null | undefined): Unlike[] => {
    const values = sides.map((side) => of(side) ?? null);
    return new Set(values).size === 1 ? [] : [{ kind, what, values }];
  };
  const settings = new Set(sides.flatMap((side) => Object.keys(side.settings)));
  const isVersioned = sides.every(({ version }) => version !== null);
  return [
    ...unlike("scenario", "scenario", (side) => side.scenario),
    ...unlike("origin", "target", originText),
    ...unlike("origin", "platform", (side) => side.platform),
    ...unlike("origin", "profile", (side) => side.profile),
    ...givenNumbers(sides).flatMap((name) =>
      unlike("number", name, (side) => side.numbers[name]?.value ?? "the platform's"),
    ),
    ...unlike("template", "template", (side) => side.templateHash.slice(0, 12)),
    ...[...settings].flatMap((name) => unlike("setting", name, (side) => side.settings[name])),
    ...unlike("events", "events", (side) => String(side.totalEvents)),
    ...unlike("events", "spikes", spikesText),
    ...unlike("origin", "drawn constants", (side) => (side.ranges ? "from their ranges" : "no")),
    ...(isVersioned ? unlike("version", "version", (side) => side.version) : []),
  ];
}

/** `6, each 600 s`; null: the burst comes once. */
function spikesText({ judged: [first] }: Side): string | null {
  const spikes = first?.details?.spikes ?? null;
  return spikes && `${spikes.each.length}, each ${spikes.everyMs / 1_000} s`;
}

/** The numbers that somebody gave to one of several predictions. What a measurement went by is not among the model's numbers. */
function givenNumbers(sides: readonly Side[]): string[] {
  if (sides.some(({ kind }) => kind !== "prediction")) return [];
  const given = sides.flatMap(({ numbers }) =>
    Object.entries(numbers).flatMap(([name, { isGiven }]) => (isGiven ? [name] : [])),
  );
  return [...new Set(given)];
}

function numberEntry(assumption: Assumption): [string, Side["numbers"][string]] {
  return [assumption.name, { value: String(assumption.value), isGiven: isGiven(assumption) }];
}

/** `local`, `aws`, `aws at http://127.0.0.1:4566`. */
export function originText({ origin, endpoint }: Side): string {
  return endpoint === null ? origin : `${origin} at ${endpoint}`;
}

/** Says whether two scenarios are compared. Nothing changed between them, so that nothing got worse. */
export function areTwoWays(base: Side, candidate: Side): boolean {
  return base.scenario !== candidate.scenario;
}
