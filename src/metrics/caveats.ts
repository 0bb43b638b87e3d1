/** The doubts that a result comes with, as data; `reports/caveats.ts` has their words. */
import type { Assumption, Caveat, Parameter, RunRecord, SeedCount, Settings, Shard } from "../model.ts";
import { isOff } from "./downstream.ts";
import { type Figure, readFigure } from "./figures.ts";
import { type RecordWithoutCaveats, runsOf, shownFigure } from "./uncertainty.ts";

/** CloudWatch's samples and the rows agree when they differ by at most this share of the larger figure. */
const concurrencyTolerance = 0.2;

/** Parameters that say where a run is logged and stored: they cannot change its figures. */
const withoutEffect = new Set(["DatabaseUrl", "UrlKey", "LogRetentionDays"]);

/** The settings that can change a run's figures, without those of the downstream that are off, as `[name, value]` in the template's order. */
export function settingsWithEffect(settings: Settings): [name: string, value: string][] {
  return Object.entries(settings).filter(([name]) => !withoutEffect.has(name) && !isOff(name, settings));
}

/** `parameters` are the scenario's; its published result was made with their defaults. */
export function caveatsOf(record: RecordWithoutCaveats, parameters: readonly Parameter[]): Caveat[] {
  return [...figureCaveats(record), ...publishedCaveats(record, parameters)];
}

/** The record's doubts after its figures have changed: those that come from the figures are found anew, the others stay. */
export function caveatsAnew(record: RunRecord): Caveat[] {
  const kept = (codes: Caveat["code"][]) => record.caveats.filter(({ code }) => codes.includes(code));
  return [
    ...kept(["other-endpoint", "requests-repeated"]),
    ...figureCaveats(record),
    ...kept(["settings-differ", "events-differ", "platform-differs", "numbers-differ"]),
  ];
}

function figureCaveats(record: RecordWithoutCaveats): Caveat[] {
  return [
    ...predictionCaveats(record),
    ...assumptionCaveats(record),
    ...eventCaveats(record),
    ...metricCaveats(record),
  ];
}

function* predictionCaveats(record: RecordWithoutCaveats): Iterable<Caveat> {
  const { kind, platform, seed, uncertainty, profile } = record;
  if (kind === "prediction" && platform !== null && seed !== null) {
    yield { code: "prediction", platform, seed, seeds: uncertainty?.runs.map((run) => run.seed) ?? null };
  }
  if (profile !== null) {
    const { name, measuredAt, endpoint, constants } = profile;
    yield { code: "calibrated", profile: name, measuredAt, endpoint, constants: Object.keys(constants).length };
  }
}

/** Says what a mapping does with a batch whose invocation is throttled. */
const throttlePolicy = "mapping.throttlePolicy";

/** True for a number that somebody gave, by a flag or by the configuration file. */
export function isGiven({ origin }: Pick<Assumption, "origin">): boolean {
  return origin === "given" || origin === "configuration";
}

/** Doubts about the model's numbers: a given one that nothing speaks for, and one that made events come to something else. */
function* assumptionCaveats(record: RecordWithoutCaveats): Iterable<Caveat> {
  for (const { name, value, origin, range, ...known } of record.assumptions ?? []) {
    const decided = name === throttlePolicy ? lostBehindThrottles(record) : known.decided;
    if (isGiven({ origin }) && range !== null && (value === "none" || value < range[0] || value > range[1])) {
      yield { code: "assumption-implausible", name, value, range };
    }
    if (decided !== null && decided > 0) yield { code: "assumption-decided", name, value, origin, count: decided };
  }
}

/** Events that a mapping's throttled batches may have cost, over all runs: no more can be told from outside. */
function lostBehindThrottles(record: RecordWithoutCaveats): number {
  if (record.stack.queue === null) return 0;
  return runsOf(record)
    .filter((run) => (readFigure("throttles", run) ?? 0) > 0)
    .reduce((sum, { summary, outcome }) => {
      const lost = outcome === "drained" || outcome === "quiet" ? summary.eventsMissing : 0;
      return sum + summary.eventsFailed + lost;
    }, 0);
}

function* eventCaveats(record: RecordWithoutCaveats): Iterable<Caveat> {
  const { burst } = record;
  const failed = burst.shards.filter(({ published, failure }) => published !== null && failure !== null);
  const refused = burst.failed - failed.reduce((sum, shard) => sum + (shard.failed ?? 0), 0);
  if (refused > 0) yield { code: "not-all-published", failed: refused };
  if (failed.length > 0) yield { code: "shards-failed", events: eventsOf(failed), why: failed[0]!.failure! };
  const unreported = burst.shards.filter(({ published }) => published === null);
  if (unreported.length > 0) {
    const why = unreported.find(({ failure }) => failure !== null)?.failure ?? null;
    yield { code: "shards-unreported", events: eventsOf(unreported), why };
  }
  yield* missingEvents(record);
  yield* rowsElsewhere(record);
  const { count, seeds } = counted(record, "duplicates");
  if (count > 0) yield { code: "duplicates", duplicates: count, seeds };
  const again = counted(record, "deadLettersCompleted");
  if (again.count > 0) {
    const { count: deadLetters } = counted(record, "deadLetters");
    yield { code: "dead-letters-completed", completed: again.count, deadLetters, seeds: again.seeds };
  }
}

/** The doubt that fails a run: events of it, or of one of its repetitions, reached neither the database nor a dead-letter queue. */
export function missingEvents(record: RecordWithoutCaveats): Extract<Caveat, { code: "events-missing" }>[] {
  const first = runsOf(record).find(({ summary }) => summary.eventsMissing > 0);
  if (first === undefined) return [];
  const { count, seeds } = counted(record, "eventsMissing");
  return [{ code: "events-missing", missing: count, outcome: first.outcome, seeds }];
}

/**
 * On an account the functions reach the database by a URL of their own, which may lead to another. Where they report failures one by one an
 * invocation fails without an error as well, so that it is a doubt and no fault.
 */
function* rowsElsewhere(record: RecordWithoutCaveats): Iterable<Caveat> {
  const { target, summary, outcome, metricsWindow } = record;
  const hasRows = summary.eventsCompleted + summary.eventsFailed > 0;
  if (target !== "aws" || hasRows || outcome === "interrupted" || !metricsWindow.complete) return;
  const [invocations, errors] = [readFigure("invocations", record), readFigure("errors", record)];
  if (invocations === null || errors === null || invocations - errors <= 0) return;
  yield { code: "rows-elsewhere", invocations: invocations - errors };
}

/** Adds up a count over all runs, and names the seeds that have any. */
function counted(record: RecordWithoutCaveats, figure: Figure): { count: number; seeds: SeedCount[] | null } {
  const counts = runsOf(record).map((run) => ({ seed: run.seed, count: readFigure(figure, run) ?? 0 }));
  const some = counts.filter(({ count }) => count > 0);
  return {
    count: some.reduce((sum, { count }) => sum + count, 0),
    seeds: record.uncertainty && some.map(({ seed, count }) => ({ seed: seed!, count })),
  };
}

function eventsOf(shards: readonly Shard[]): number {
  return shards.reduce((sum, { events }) => sum + events, 0);
}

const metricOf: Partial<Record<Figure, string>> = {
  maxConcurrency: "consumer.ConcurrentExecutions",
  invocations: "consumer.Invocations",
  throttles: "consumer.Throttles",
  errors: "consumer.Errors",
};

function* metricCaveats(record: RecordWithoutCaveats): Iterable<Caveat> {
  const { metricsWindow } = record;
  const cloudWatch = shownFigure(record, "maxConcurrency").value;
  const overlap = shownFigure(record, "maxOverlap").value;
  if (cloudWatch !== null && overlap !== null) {
    const apart = Math.abs(cloudWatch - overlap);
    if (apart > concurrencyTolerance * Math.max(cloudWatch, overlap)) {
      yield { code: "concurrency-disagrees", cloudWatch, overlap };
    }
  }
  const refusal = metricsWindow.refusal;
  if (refusal !== null) {
    yield { code: "metrics-unreadable", why: refusal };
    return;
  }
  for (const [figure, metric] of Object.entries(metricOf)) {
    if (shownFigure(record, figure as Figure).value === null) yield { code: "metric-missing", metric };
  }
  if (!metricsWindow.complete) yield { code: "metrics-incomplete" };
}

const ofPublished: readonly Caveat["code"][] = [
  "settings-differ",
  "events-differ",
  "platform-differs",
  "numbers-differ",
];

/** Says whether a doubt is about the published result alone. */
export function isAboutPublished({ code }: Caveat): boolean {
  return ofPublished.includes(code);
}

/**
 * Says whether a run is of what was published: of the same settings and events, by the platform of its time. An account's limits are
 * those of its day.
 */
export function isOfPublished({ published, platform, caveats }: RunRecord): boolean {
  return published !== null && platform === published.platform && !caveats.some(isAboutPublished);
}

function* publishedCaveats(
  { published, platform, summary, settings, assumptions, details }: RecordWithoutCaveats,
  parameters: readonly Parameter[],
): Iterable<Caveat> {
  if (published === null) return;
  const publishedSettings = new Map(parameters.map((parameter) => [parameter.name, parameter.default]));
  const different = settingsWithEffect(settings).flatMap(([name, value]) => {
    const publishedValue = publishedSettings.get(name);
    return publishedValue === undefined || publishedValue === value ? [] : [{ name, value, published: publishedValue }];
  });
  if (different.length > 0) yield { code: "settings-differ", settings: different };
  if (summary.totalEvents !== published.totalEvents || (details.spikes?.each.length ?? 1) > 1) {
    yield { code: "events-differ", events: summary.totalEvents, published: published.totalEvents };
  }
  if (platform !== null && platform !== published.platform) {
    yield { code: "platform-differs", platform, published: published.platform };
  }
  const numbers = (assumptions ?? []).filter(isGiven).map(({ name, value }) => ({ name, value }));
  if (numbers.length > 0) yield { code: "numbers-differ", numbers };
}
