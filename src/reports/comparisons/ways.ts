/** Ways of throttling side by side, those that solve the problem first: as a table, Markdown or JSON. */
import { type Limit, parseLimit } from "../../../infra/handlers/limit.ts";
import {
  noThrottleFactor,
  ranked,
  type Standing,
  standingOf,
  standings,
  type Way,
  type WayFigures,
} from "../../metrics/ways.ts";
import type { Interval, RunRecord } from "../../model.ts";
import {
  type Cell,
  type Column,
  columnsOver,
  type Document,
  type Placed,
  type Section,
  withoutAsides,
} from "../document.ts";
import { briefDuration, figure, missing, shortDuration } from "../figures.ts";
import type { Format, Options, TextFormat } from "../format.ts";
import { article } from "../media/html.ts";
import { markdownText } from "../media/markdown.ts";
import { terminalText } from "../media/terminal.ts";
import { escaped } from "../pictures/markup.ts";
import { page } from "../pictures/page.ts";
import { runsDocument } from "../runs.ts";
import { wrap } from "../text.ts";
import { claimsText } from "../verdict.ts";
import { provenanceText } from "../words.ts";
import { bestText, wayName } from "./choice.ts";

/** An interval that is narrower than this share of its median says nothing that a reader would act on. */
const shareThatMatters = 0.2;
/** Sentences are broken into lines of so many columns, of the most for which there is room. */
const sentenceColumns = [64, 44, 28];

const waysJson: TextFormat<Way> = {
  name: "json",
  help: "print it as JSON",
  text: (ways) => JSON.stringify(ranked(ways), null, 2),
};

const waysMarkdown: TextFormat<Way> = {
  name: "markdown",
  help: "print Markdown",
  text: (ways, options) => markdownText(waysDocument(ways), options),
};

/** The formats of a comparison of ways that have a flag; without one it is the table. */
export const wayFormats: readonly TextFormat<Way>[] = [waysJson, waysMarkdown];

export function waysTable(ways: readonly Way[], options: Options): string {
  return terminalText(waysDocument(ways), options);
}

/** The runs of several ways side by side, and with details also each by itself. */
export function seriesTable(ways: readonly Way[], records: readonly RunRecord[], options: Options): string {
  const sections = options.details ? runsDocument(records).sections : [];
  const section = waysSection(ways);
  const summary = { ...section, blocks: [...section.blocks, ...faultsOf(ranked(ways))] };
  return terminalText({ level: 2, sections, summary }, options);
}

/** Ways among which to choose: the ranked list under the sentence that names the best of them. */
export const choiceFormats: readonly Format<Way>[] = [
  waysJson,
  { ...waysMarkdown, text: (ways, options) => markdownText(choiceDocument(ways), options) },
  {
    name: "html",
    help: "also write one self-contained page",
    value: "file",
    files: (ways, path) => [{ path, content: `${waysPage(ways)}\n` }],
  },
];

export function choiceTable(ways: readonly Way[], options: Options): string {
  return terminalText(choiceDocument(ways), options);
}

export function waysPage(ways: readonly Way[]): string {
  const [section] = choiceDocument(ways).sections as [Section];
  const names = ranked(ways).map(wayName).join(", ");
  const body = [
    `<header><h1>throttle-bench: ${escaped(section.heading.join(" · "))}</h1></header>`,
    `<main>${article({ ...section, heading: ["Which serves the limit best"] }, "ways")}</main>`,
  ];
  return page(`throttle-bench compare: ${names}`, "", body, "still");
}

/** Whoever compares runs has chosen the ways, and needs no advice when to use each. */
function choiceDocument(ways: readonly Way[]): Document {
  const section = waysSection(ways.map((way) => ({ ...way, whenToUse: null })));
  const conclusion: Placed = { kind: "conclusion", text: bestText(ranked(ways)), isBad: false };
  return { level: 3, summary: null, sections: [{ ...section, blocks: [conclusion, ...section.blocks] }] };
}

function waysDocument(ways: readonly Way[]): Document {
  return { level: 2, summary: null, sections: [waysSection(ways)] };
}

/** A row for each way, in the order of `ranked`, under the title of what it does. */
function waysSection(ways: readonly Way[]): Section {
  const rows = ranked(ways);
  const limits = new Set(rows.map(({ verdict }) => verdict.limit?.limit ?? null));
  const limit = limits.size === 1 ? [...limits][0]! : null;
  const groups = standings
    .map((standing) => ({
      title: titleOf(standing, limit),
      rows: rows.filter((way) => standingOf(way) === standing).length,
    }))
    .filter((group) => group.rows > 0);
  return {
    heading: [`${rows.length} ${rows.length === 1 ? "way" : "ways"} of throttling`],
    badge: provenanceOfWays(rows),
    blocks: [
      { kind: "table", name: "Ways of throttling", layouts: layoutsOf(rows, limit), groups },
      { kind: "notes", lines: [methodText(rows)] },
      ...brokenClaims(rows),
    ],
  };
}

function brokenClaims(ways: readonly Way[]): Placed[] {
  return ways.flatMap((way) => {
    const broken = (way.verdict.claims ?? []).filter(({ status }) => status === "broken").map(({ claim }) => claim);
    if (broken.length === 0) return [];
    return [{ kind: "conclusion", text: `${wayName(way)} breaks its claims: ${claimsText(broken)}.`, isBad: true }];
  });
}

/** Names the ways for which a series ends with status 1. */
function faultsOf(ways: readonly Way[]): Placed[] {
  const missing = ways.filter(({ verdict }) => verdict.loss.missing > 0);
  const missed = missing.map((way) => `${wayName(way)} (${way.verdict.loss.missing})`);
  const broken = (["limit", "loss", "wait"] as const).flatMap((asked) => {
    const names = ways.filter(({ verdict }) => verdict.broken.includes(asked)).map(wayName);
    return names.length === 0 ? [] : [`The ${asked} that was asked for is broken by ${names.join(", ")}.`];
  });
  const sentences = [...(missed.length > 0 ? [`Events are missing of ${missed.join(", ")}.`] : []), ...broken];
  return sentences.map((text) => ({ kind: "conclusion", text, isBad: true }));
}

/** `limit`: of all ways; null: they have different ones. */
function titleOf(standing: Standing, limit: string | null): string {
  const theLimit = limit ?? "the limit";
  switch (standing) {
    case "keeps, loses nothing":
      return `Keep ${theLimit} and lose nothing, the fastest first`;
    case "keeps, loses":
      return `Keep ${theLimit}, and lose events`;
    case "unjudged":
      return "Not judged: no limit was given, or the calls are not known";
    case "exceeds":
      return `Do not keep ${theLimit}, the highest peak last`;
    case "does not throttle":
      return `Are no throttle to ${theLimit}: at the peak ${noThrottleFactor} times as many calls, or more`;
  }
}

function layoutsOf(ways: readonly Way[], limit: string | null): Column[][] {
  const column = columnsOver(ways);
  const of = (name: keyof WayFigures<unknown>, written: (value: number) => string) => (way: Way) =>
    figureCell(way.figures[name], written).text;
  const count = (value: number) => figure(value, "count");
  const seconds = (ms: number) => briefDuration(ms / 1_000);

  const way = column("way", wayName, true);
  const peak = column(peakHead(limit), peakCell);
  const lost = column("lost", lostCell);
  const drained = column("drained\nin", drainedCell);
  const oldest = column("oldest\nwait", of("waitOldestMs", seconds));
  const order = column("out of\norder", of("outOfOrderShare", wholePercentage));
  const duplicates = column("dupli-\ncates", of("duplicates", count));
  const throttles = column("throt-\ntles", of("throttles", count));
  const dollars = of("costPerMillionEvents", (value) => value.toFixed(2));
  const cost = column("USD per\nmillion", dollars);
  const when = sentenceColumns.map((columns) =>
    column("when to use it", ({ whenToUse }) => wrap(whenToUse ?? "", columns).join("\n"), true),
  );

  const all = [way, peak, lost, drained, oldest, order, duplicates, throttles, cost];
  const short = all.map(withoutAsides);
  const without = (...some: Column[]) => short.filter((_, index) => !some.includes(all[index]!));
  const hasUse = ways.some(({ whenToUse }) => whenToUse !== null);
  return [
    ...(hasUse ? [[...all, when[0]!], ...when.map((sentences) => [...short, sentences])] : []),
    all,
    short,
    [...without(cost), column("USD\n/ 1M", dollars)],
    without(throttles),
    without(throttles, oldest),
    without(throttles, oldest, cost),
    without(throttles, oldest, cost, duplicates),
    without(throttles, oldest, cost, duplicates, order),
  ];
}

/** `limit`: of all rows; null: they have none, or different ones. */
export function peakHead(limit: string | null): string {
  const perMs = limit === null ? 1_000 : parseLimit(limit)!.perMs;
  return `peak\ncalls/${unitText(perMs)}`;
}

/** `s`, `min`, `2 s` */
function unitText(perMs: Limit["perMs"]): string {
  return perMs === 1_000 ? "s" : perMs === 60_000 ? "min" : `${perMs / 1_000} s`;
}

/** `✓ 1`: no run exceeded the limit; `✗ 21`: one did. */
function peakCell(way: Way): Cell {
  const cell = figureCell(way.figures.peakCalls, (value) => figure(value, "count"));
  const standing = standingOf(way);
  if (standing === "unjudged") return cell;
  const isKept = standing === "keeps, loses nothing" || standing === "keeps, loses";
  return { ...cell, text: `${isKept ? "✓" : "✗"} ${cell.text}`, tone: isKept ? "good" : "bad" };
}

/** `0-4` where most runs lose nothing, so that no layout hides the one that did. */
function lostCell({ verdict: { loss }, figures: { lost } }: Way): Cell {
  const isRare = lost?.median === 0 && loss.lostIn > 0;
  return isRare ? { text: `0-${loss.failed + loss.missing}` } : figureCell(lost, (value) => figure(value, "count"));
}

function drainedCell({ verdict: { runs, wait }, figures }: Way): Cell {
  if (wait.drainedIn < runs) return { text: "not all" };
  return figureCell(figures.timeTakenSeconds, briefDuration);
}

/** The median, and beside it the interval where that is wide. Of most figures a reader needs no interval. */
export function figureCell(interval: Interval | null, written: (value: number) => string): Cell {
  if (interval === null) return { text: missing };
  const { median, low, high } = interval;
  const [from, to] = [written(low), written(high)];
  const isWide = from !== to && high - low > shareThatMatters * median;
  const [number, unit] = from.split(" ");
  const start = to.endsWith(` ${unit}`) ? number : from;
  return { text: written(median), ...(isWide && { aside: `(${start}-${to})` }) };
}

/** `0%` is none, and not a few. */
function wholePercentage(share: number): string {
  if (share === 0) return "0";
  return share < 0.01 ? "<1%" : `${Math.round(share * 100)}%`;
}

function provenanceOfWays(ways: readonly Way[]): string {
  const each = ways.map(({ runs }) => {
    const { kind, endpoint } = runs;
    return provenanceText(endpoint === null ? kind.toUpperCase() : `${kind.toUpperCase()} at ${endpoint}`, runs);
  });
  return new Set(each).size === 1
    ? each[0]!
    : [...new Set(ways.map(({ runs }) => runs.kind.toUpperCase()))].join(" and ");
}

/** `1000 events`, `400 events, 6 in each run, 10 min from one to the next` */
function burstText({ runs: { events }, verdict: { spikes } }: Way): string {
  if (spikes === null || spikes.count === 1) return `${events} events`;
  const { count, everyMs } = spikes;
  return `${events / count} events, ${count} in each run, ${shortDuration(everyMs / 1_000)} from one to the next`;
}

function methodText(ways: readonly Way[]): string {
  const [first] = ways;
  const isAlike = (of: (way: Way) => unknown) => ways.every((way) => of(way) === of(first!));
  const runs = first!.verdict.runs;
  const isRepeated = ways.some(({ verdict }) => verdict.runs > 1);
  return [
    isAlike(burstText) ? `Bursts of ${burstText(first!)}.` : null,
    isRepeated
      ? `Medians of ${isAlike(({ verdict }) => verdict.runs) ? `${runs} runs` : "the runs"} of each way; where there is room, the 5-95% interval beside what varies much.`
      : null,
    ways.some(({ runs }) => runs.ranges)
      ? "Each run draws the numbers that AWS does not publish from their plausible ranges."
      : null,
    `✓: ${isRepeated ? "no run exceeded" : "the run kept"} the limit.`,
    "The verb show says more of each.",
  ]
    .filter(Boolean)
    .join(" ");
}
