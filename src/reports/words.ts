/** The sentences that every format tells of a run: where it comes from, its settings, how often it ran. */
import { isOfPublished, settingsWithEffect } from "../metrics/caveats.ts";
import { storyOf } from "../metrics/story.ts";
import type { RunRecord, Uncertainty } from "../model.ts";
import { duration, shortDuration } from "./figures.ts";

const ofOrBy = { measurement: "of", prediction: "by" } as const;

/** `PREDICTION (local, platform 2026, seeds 1-20)`, `MEASUREMENT (aws)`, `MEASUREMENT of http://127.0.0.1:4566 (aws)`. */
export function provenance(record: RunRecord): string {
  const { kind, location, profile, seed, uncertainty } = record;
  const endpoint = location.endpoint;
  const what = endpoint === null ? kind.toUpperCase() : `${kind.toUpperCase()} ${ofOrBy[kind]} ${endpoint}`;
  const seeds = uncertainty?.runs.map((run) => run.seed) ?? (seed === null ? [] : [seed]);
  return provenanceText(what, { ...record, profile: profile?.name ?? null, seeds });
}

/** The provenance of the first of several runs. */
export function provenanceOfFirst(record: RunRecord): string {
  return provenance({ ...record, uncertainty: null });
}

interface Origin {
  target: string;
  platform: string | null;
  profile: string | null;
  seeds: readonly number[];
}

export function provenanceText(what: string, { target, platform, profile, seeds }: Origin): string {
  const origin = [target, platform && `platform ${platform}`, profile && `profile ${profile}`, seedsText(seeds)];
  return `${what} (${origin.filter(Boolean).join(", ")})`;
}

/** `seed 7` · `seeds 1-10` · `3 seeds` where there are gaps · nothing without seeds. They are ascending. */
export function seedsText(seeds: readonly number[]): string {
  const [first, last] = [seeds[0], seeds.at(-1)];
  if (first === undefined || last === undefined) return "";
  if (first === last) return `seed ${first}`;
  return last - first === seeds.length - 1 ? `seeds ${first}-${last}` : `${seeds.length} seeds`;
}

/** The provenance of several results: one for all where they are alike, else their kinds. */
export function provenanceOfAll(records: readonly RunRecord[]): string {
  const [first, ...others] = new Set(records.map(provenance));
  if (others.length === 0) return first!;
  return [...new Set(records.map(({ kind }) => kind.toUpperCase()))].join(" and ");
}

/** The path of an event, unless the title tells it already. */
export function pathBesideTitle({ topology, title }: RunRecord): string | null {
  return topology.every((stage) => title.includes(stage)) ? null : topology.join(" → ");
}

/** Says what was fired: `1000 events at 50/s`, `6 spikes of 1000 events at 50/s, one every 10 min`. */
export function firedText({ summary, settings, details: { spikes } }: RunRecord): string {
  const count = spikes?.each.length ?? 1;
  const each = summary.totalEvents / count;
  const events = `${each} ${each === 1 ? "event" : "events"}`;
  const { PublishRate: rate } = settings;
  const pace = rate === undefined ? "" : Number(rate) === 0 ? " as fast as they can be" : ` at ${rate}/s`;
  if (spikes === null || count === 1) return `${events}${each === 1 ? "" : pace}`;
  return `${count} spikes of ${events}${pace}, one every ${shortDuration(spikes.everyMs / 1_000)}`;
}

/** `Run …, started …. The stack was deleted.` */
export function runLine({ runId, startedAt, cleanUp }: RunRecord): string {
  return `Run ${runId}, started ${startedAt}. ${cleanUp}`;
}

/** `Settings: WorkMs=1150, …`: those that can change a figure; null: there are none. */
export function settingsLine({ settings }: RunRecord): string | null {
  const shown = settingsWithEffect(settings).map(([name, value]) => `${name}=${value}`);
  return shown.length > 0 ? `Settings: ${shown.join(", ")}` : null;
}

/** Says of the drawing what it could not know; null: it knew all. */
export function spreadLine(record: RunRecord): string | null {
  const spread = storyOf(record).flow?.spread ?? 0;
  if (spread === 0) return null;
  const events = spread === 1 ? "One published event" : `${spread} published events`;
  return `${events} left no row that tells when ${spread === 1 ? "it was" : "they were"} sent; the drawing spreads ${spread === 1 ? "it" : "them"} evenly over the burst.`;
}

/** Says which runs the intervals come from. */
export function repeated({ runs, ranges }: Uncertainty): string {
  const numbers = "the numbers that AWS does not publish drawn from their plausible ranges";
  if (runs.length === 1) return `One run, seed ${runs[0]!.seed}, with ${numbers}.`;
  const drawn = ranges ? `, each with ${numbers}` : "";
  return `${runs.length} runs, seeds ${runs[0]!.seed} to ${runs.at(-1)!.seed}${drawn}; the plot, the burst and the slowest events are those of the first.`;
}

/** Says which versions made a record. */
export function versionsLine({ versions }: RunRecord): string {
  return `Made with throttle-bench ${versions.throttleBench} on Node ${versions.node}`;
}

/** Says what was published of a run that is of something else, and how to compare; null: it compares, or nobody published any. */
export function incomparableLine(record: RunRecord): string | null {
  const { published, caveats, scenario, platform } = record;
  if (published === null || isOfPublished(record)) return null;
  const { eventsCompleted, totalEvents, timeTakenSeconds } = published;
  const flags = [
    ...(platform === published.platform ? [] : [`--platform ${published.platform}`]),
    ...caveats.flatMap((caveat) => {
      if (caveat.code === "events-differ") return [`--events ${caveat.published}`];
      if (caveat.code !== "settings-differ") return [];
      return caveat.settings.map(({ name, published: value }) => `--set ${name}=${value}`);
    }),
  ];
  const numbers = caveats.some(({ code }) => code === "numbers-differ") ? " and without --assume" : "";
  return `Published: ${eventsCompleted} of ${totalEvents} events completed in ${duration(timeTakenSeconds)}, by AWS of ${published.platform}. To compare: run ${scenario} ${flags.join(" ")}${numbers}.`;
}

/** Says where the published result comes from, and what is known about it. */
export function publishedLine({ published }: RunRecord): string | null {
  return (
    published &&
    `Published: ${[published.source, ...published.notes].map((part) => part.replace(/\.?$/, ".")).join(" ")}`
  );
}
