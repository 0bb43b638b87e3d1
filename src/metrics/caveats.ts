/** The doubts that a result comes with, as data; `reports/caveats.ts` has their words. */
import type { Caveat, Parameter, RunRecord, Settings, Shard } from "../model.ts";

/** Share of the larger figure by which CloudWatch's samples and the rows may differ and still agree. */
const concurrencyTolerance = 0.2;

/** Parameters that say where a run is logged and stored: they cannot change its figures. */
const withoutEffect = new Set(["DatabaseUrl", "LogRetentionDays"]);

/** The settings that can change a run's figures, as `[name, value]` in the template's order. */
export function settingsWithEffect(settings: Settings): [name: string, value: string][] {
  return Object.entries(settings).filter(([name]) => !withoutEffect.has(name));
}

/** `parameters`: the scenario's, whose defaults are what its published result was made with. */
export function caveatsOf(record: Omit<RunRecord, "caveats">, parameters: readonly Parameter[]): Caveat[] {
  return [
    ...predictionCaveats(record),
    ...eventCaveats(record),
    ...metricCaveats(record),
    ...publishedCaveats(record, parameters),
  ];
}

function* predictionCaveats({ kind, platform, seed, profile }: Omit<RunRecord, "caveats">): Iterable<Caveat> {
  if (kind === "prediction" && platform !== null && seed !== null) yield { code: "prediction", platform, seed };
  if (profile !== null) {
    const { name, measuredAt, endpoint, constants } = profile;
    yield { code: "calibrated", profile: name, measuredAt, endpoint, constants: Object.keys(constants).length };
  }
}

function* eventCaveats({ burst, summary, outcome }: Omit<RunRecord, "caveats">): Iterable<Caveat> {
  const failed = burst.shards.filter(({ failure }) => failure !== null);
  const refused = burst.failed - failed.reduce((sum, shard) => sum + (shard.failed ?? 0), 0);
  if (refused > 0) yield { code: "not-all-published", failed: refused };
  if (failed.length > 0) yield { code: "shards-failed", events: eventsOf(failed), why: failed[0]!.failure! };
  const unreported = burst.shards.filter(({ published, failure }) => published === null && failure === null);
  if (unreported.length > 0) yield { code: "shards-unreported", events: eventsOf(unreported) };
  if (summary.eventsMissing > 0) yield { code: "events-missing", missing: summary.eventsMissing, outcome };
  if (summary.duplicates > 0) yield { code: "duplicates", duplicates: summary.duplicates };
}

function eventsOf(shards: readonly Shard[]): number {
  return shards.reduce((sum, { events }) => sum + events, 0);
}

const metricCodes = new Set<Caveat["code"]>([
  "concurrency-disagrees",
  "metric-missing",
  "metrics-incomplete",
  "metrics-unreadable",
]);

/** The record's doubts, when CloudWatch has been asked again: those that come from its metrics anew, the others as they were. */
export function caveatsAnew(record: RunRecord): Caveat[] {
  const others = record.caveats.filter(({ code }) => !metricCodes.has(code));
  return [...others, ...metricCaveats(record)];
}

function* metricCaveats({ summary, details, metricsWindow }: Omit<RunRecord, "caveats">): Iterable<Caveat> {
  const cloudWatch = summary.maxConcurrency;
  const overlap = details.maxOverlap;
  if (cloudWatch !== null && overlap !== null) {
    const apart = Math.abs(cloudWatch - overlap);
    if (apart > concurrencyTolerance * Math.max(cloudWatch, overlap)) {
      yield { code: "concurrency-disagrees", cloudWatch, overlap };
    }
  }
  const refusal = metricsWindow?.refusal ?? null;
  if (refusal !== null) {
    yield { code: "metrics-unreadable", why: refusal };
    return;
  }
  if (cloudWatch === null) yield { code: "metric-missing", metric: "consumer.ConcurrentExecutions" };
  if (details.invocations === null) yield { code: "metric-missing", metric: "consumer.Invocations" };
  if (details.throttles === null) yield { code: "metric-missing", metric: "consumer.Throttles" };
  if (details.errors === null) yield { code: "metric-missing", metric: "consumer.Errors" };
  if (metricsWindow !== null && !metricsWindow.complete) yield { code: "metrics-incomplete" };
}

function* publishedCaveats(
  { published, platform, summary, settings }: Omit<RunRecord, "caveats">,
  parameters: readonly Parameter[],
): Iterable<Caveat> {
  if (published === null) return;
  const publishedSettings = new Map(parameters.map((parameter) => [parameter.name, parameter.default]));
  const different = settingsWithEffect(settings).flatMap(([name, value]) => {
    const publishedValue = publishedSettings.get(name);
    return publishedValue === undefined || publishedValue === value ? [] : [{ name, value, published: publishedValue }];
  });
  if (different.length > 0) yield { code: "settings-differ", settings: different };
  if (summary.totalEvents !== published.totalEvents) {
    yield { code: "events-differ", events: summary.totalEvents, published: published.totalEvents };
  }
  if (platform !== null && platform !== published.platform) {
    yield { code: "platform-differs", platform, published: published.platform };
  }
}
