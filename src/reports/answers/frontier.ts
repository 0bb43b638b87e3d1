/** The frontier of an answer, drawn: how long events wait, what it costs, and which candidates break something. */
import type { Answer, Candidate, CandidateStanding } from "../../simulation/search/answer.ts";
import { escaped } from "../pictures/markup.ts";
import type { Tone } from "../pictures/panels.ts";
import { pictureStyle, type Theme } from "../pictures/svg.ts";
import { shortened } from "../text.ts";
import { marks, nameOf, provenanceOfAnswer } from "./words.ts";

/** A candidate with its place: both figures are logarithms, because candidates are apart by factors. */
interface Point {
  candidate: Candidate;
  /** from 1, as in the short list */
  rank: number;
  waitSeconds: number;
  dollars: number;
}

/** A stretch of a logarithmic axis with the values that are written beside it. */
interface Axis {
  from: number;
  to: number;
  ticks: number[];
}

/** Waits below a tenth of a second or beyond six weeks, and costs below a tenth of a cent or beyond a million, are drawn as these. */
const seconds = { least: 0.1, most: 3_600_000 };
const dollarsAMonth = { least: 0.001, most: 1_000_000 };
/** Seconds with the texts of their ticks: where there are few of the first, the second stand between them. */
const waitTicks = [
  [0.1, 1, 10, 60, 600, 3_600, 36_000, 360_000, 3_600_000],
  [0.1, 0.3, 1, 3, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 18_000, 36_000, 86_400, 360_000, 3_600_000],
];
const decades = [0.001, 0.01, 0.1, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
const costTicks = [
  decades,
  decades.flatMap((decade) => [1, 2, 5].map((factor) => Number((factor * decade).toPrecision(1)))),
];
const fewTicks = 8;

export function pointsOf({ candidates }: Answer): Point[] {
  return candidates.flatMap((candidate, index) => {
    const { waitOldestMs, costPerMonth } = candidate.figures;
    if (waitOldestMs === null || costPerMonth === null) return [];
    return [
      {
        candidate,
        rank: index + 1,
        waitSeconds: within(seconds, waitOldestMs.median / 1_000),
        dollars: within(dollarsAMonth, costPerMonth.median),
      },
    ];
  });
}

function within({ least, most }: { least: number; most: number }, value: number): number {
  return Math.min(most, Math.max(least, value));
}

/** From the last tick below all values to the first above them, with the finest of `choices` that are few in between. */
function axisOver(values: readonly number[], choices: readonly (readonly number[])[]): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const axes = choices.map((ticks) => {
    const to = ticks.find((tick) => tick >= most && tick > ticks[0]!) ?? ticks.at(-1)!;
    const from = ticks.findLast((tick) => tick <= least && tick < to) ?? ticks[0]!;
    return { from, to, ticks: ticks.filter((tick) => tick >= from && tick <= to) };
  });
  return axes.findLast(({ ticks }) => ticks.length <= fewTicks) ?? axes[0]!;
}

/** From 0 to 1. */
function share({ from, to }: Axis, value: number): number {
  return Math.log(value / from) / Math.log(to / from);
}

/** `0.3 s`, `10 min`, `2 h` */
function waitLabel(seconds: number): string {
  const [size, unit] = seconds < 60 ? [1, "s"] : seconds < 3_600 ? [60, "min"] : [3_600, "h"];
  return `${seconds / size} ${unit}`;
}

function costLabel(dollars: number): string {
  return dollars >= 1_000 ? dollars.toLocaleString("en-GB") : String(dollars);
}

const rows = 12;

/**
 * Lines of at most `columns`: each candidate is the number that it has in the short list, with a mark where it breaks something or is in
 * doubt. Of several at one place the best is shown.
 */
export function frontierLines(answer: Answer, most: number): string[] {
  const points = pointsOf(answer);
  if (points.length === 0) return [];
  const columns = Math.min(most, 100);
  const [waits, costs] = axesOf(points);
  const labels = new Map(costs.ticks.map((tick) => [rowOf(costs, tick), costLabel(tick)]));
  const gutter = Math.max(...[...labels.values()].map((label) => label.length));
  const width = columns - gutter - 2;
  const lines = Array.from({ length: rows }, () => Array<string>(width).fill(" "));
  for (const { candidate, rank, waitSeconds, dollars } of points) {
    const text = `${candidate.standing === "keeps" ? "" : marks[candidate.standing]}${rank}`;
    const line = lines[rowOf(costs, dollars)]!;
    const at = Math.min(width - text.length, Math.round(share(waits, waitSeconds) * (width - 1)));
    const place = line.slice(Math.max(0, at - 1), at + text.length + 1);
    if (place.every((character) => character === " ")) line.splice(at, text.length, ...text);
  }
  const plotted = lines.map((line, row) => `${(labels.get(row) ?? "").padStart(gutter)} ┤${line.join("").trimEnd()}`);
  const axis = Array<string>(width).fill("─");
  let times = "";
  for (const tick of waits.ticks) {
    const column = Math.round(share(waits, tick) * (width - 1));
    const label = waitLabel(tick);
    const start = Math.min(column, width - label.length);
    axis[column] = "┬";
    if (times.length === 0 || start > times.length) times = times.padEnd(start) + label;
  }
  return [
    "USD a month, by the wait of the oldest event",
    ...plotted,
    `${"".padStart(gutter)} └${axis.join("")}`,
    `${"".padStart(gutter + 2)}${times}`,
  ];
}

function axesOf(points: readonly Point[]): [waits: Axis, costs: Axis] {
  return [
    axisOver(
      points.map(({ waitSeconds }) => waitSeconds),
      waitTicks,
    ),
    axisOver(
      points.map(({ dollars }) => dollars),
      costTicks,
    ),
  ];
}

function rowOf(costs: Axis, dollars: number): number {
  return rows - 1 - Math.round(Math.min(1, share(costs, dollars)) * (rows - 1));
}

const width = 960;
const height = 500;
const left = 72;
const right = 40;
const top = 66;
const bottom = 56;
const labelCharacters = 34;
const labelHeight = 14;
const labelGap = 14;
/** Lines above and below its point that a label may stand on, the nearest first. */
const labelLines = [0, ...[1, 2, 3, 4, 5, 6, 7, 8].flatMap((line) => [-line, line])];
const characterWidth = 6.6;

/** SVG of all candidates with a ring around those on the frontier. */
export function frontierDrawing(answer: Answer, theme: Theme = "system"): string {
  const points = pointsOf(answer);
  const [waits, costs] = points.length === 0 ? [axisOver([1], waitTicks), axisOver([1], costTicks)] : axesOf(points);
  const x = (seconds: number) => left + share(waits, seconds) * (width - left - right);
  const y = (dollars: number) => height - bottom - share(costs, dollars) * (height - top - bottom);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    "<title>Wait of the oldest event and cost a month of every candidate</title>",
    ...(theme === "page" ? [] : [`<style>${pictureStyle(theme)}</style>`]),
    `<rect class="background" width="${width}" height="${height}"/>`,
    `<text class="title" x="${left}" y="22">USD a month, by the wait of the oldest event</text>`,
    `<text class="muted end" x="${width - right}" y="22">${escaped(provenanceOfAnswer(answer))}</text>`,
    ...legend(),
    ...waits.ticks.flatMap((tick) => [
      `<path class="grid" d="M${at(x(tick))} ${top}V${height - bottom}"/>`,
      `<text class="muted middle" x="${at(x(tick))}" y="${height - bottom + 20}">${waitLabel(tick)}</text>`,
    ]),
    ...costs.ticks.flatMap((tick) => [
      `<path class="grid" d="M${left} ${at(y(tick))}H${width - right}"/>`,
      `<text class="muted end" x="${left - 8}" y="${at(y(tick) + 4)}">${costLabel(tick)}</text>`,
    ]),
    `<text class="muted middle" x="${(left + width - right) / 2}" y="${height - 10}">how long the oldest event waits</text>`,
    ...drawnPoints(points, x, y),
    "</svg>",
  ].join("\n");
}

/** The meaning of the shapes, from the left. */
function legend(): string[] {
  const entries = [
    [0, shapeOf("keeps"), "keeps all that was asked"],
    [195, shapeOf("doubtful"), "in doubt"],
    [295, shapeOf("breaks"), "breaks something"],
    [440, ring, "on the frontier: no other is better in wait, cost and peak at once"],
  ] as const;
  return entries.flatMap(([from, shape, text]) => [
    `<g transform="translate(${left + 7 + from} 40)">${shape}</g>`,
    `<text class="muted" x="${left + 22 + from}" y="44">${text}</text>`,
  ]);
}

/** Around a candidate that is on the frontier. */
const ring = '<circle class="axis" r="10"/>';

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A label beside its point, or further off with a line to it. */
interface Label extends Box {
  point: Point;
  text: string;
}

/** The best last, so that it lies above the others. */
function drawnPoints(
  points: readonly Point[],
  x: (seconds: number) => number,
  y: (dollars: number) => number,
): string[] {
  const placed = points.map((point) => ({ point, x: x(point.waitSeconds), y: y(point.dollars) }));
  const shapes = placed.map(({ point: { candidate, rank }, ...place }) => {
    const title = `<title>${escaped(`${rank} ${nameOf(candidate.way)}: ${candidate.sentence}`)}</title>`;
    const marks = `${candidate.isOnFrontier ? ring : ""}${shapeOf(candidate.standing)}`;
    return `<g transform="translate(${at(place.x)} ${at(place.y)})">${title}${marks}</g>`;
  });
  const labels = labelsBeside(placed).flatMap(({ point, text, ...box }) => {
    const from = placed.find((one) => one.point === point)!;
    const baseline = box.bottom - 3;
    const isFar = Math.abs(baseline - 4 - from.y) > 1;
    const isLeft = box.right < from.x;
    const end = isLeft ? box.right : box.left;
    return [
      ...(isFar
        ? [`<path class="axis" stroke-opacity=".5" d="M${at(from.x)} ${at(from.y)}L${at(end)} ${at(baseline - 4)}"/>`]
        : []),
      `<text class="fill-${tones[point.candidate.standing]}${isLeft ? " end" : ""}" x="${at(end)}" y="${at(baseline)}">${escaped(text)}</text>`,
    ];
  });
  return [...labels, ...shapes.reverse()];
}

/** The best of each way has a label, as near as there is room for it; one without any goes without. */
function labelsBeside(placed: readonly { point: Point; x: number; y: number }[]): Label[] {
  const taken: Box[] = placed.map((one) => ({ left: one.x - 8, right: one.x + 8, top: one.y - 8, bottom: one.y + 8 }));
  const room: Box = { left, right: width - 4, top: top - 12, bottom: height - bottom };
  const named = new Set<string>();
  return placed.flatMap(({ point, ...from }) => {
    const name = nameOf(point.candidate.way);
    if (named.has(name)) return [];
    named.add(name);
    const text = shortened(`${point.rank} ${name}${peakText(point.candidate)}`, labelCharacters);
    const length = text.length * characterWidth;
    for (const lines of labelLines) {
      for (const start of [from.x + labelGap, from.x - labelGap - length]) {
        const middle = from.y + lines * labelHeight;
        const box = {
          left: start,
          right: start + length,
          top: middle - labelHeight / 2,
          bottom: middle + labelHeight / 2,
        };
        if (!isWithin(box, room) || taken.some((other) => overlap(box, other))) continue;
        taken.push(box);
        return [{ point, text, ...box }];
      }
    }
    return [];
  });
}

function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

function isWithin(box: Box, room: Box): boolean {
  return box.left >= room.left && box.right <= room.right && box.top >= room.top && box.bottom <= room.bottom;
}

/** The colours that runs' pictures have for what is well, what is in the way, and what is lost. */
const tones = { keeps: "concurrency", doubtful: "throttles", breaks: "dead-letters" } as const satisfies Record<
  CandidateStanding,
  Tone
>;

/** Told apart without colours, too. */
function shapeOf(standing: CandidateStanding): string {
  const tone = tones[standing];
  switch (standing) {
    case "keeps":
      return `<circle class="fill-${tone}" r="6"/>`;
    case "doubtful":
      return `<path class="fill-${tone}" d="M0 -7L7 0L0 7L-7 0z"/>`;
    case "breaks":
      return `<path class="line-${tone}" d="M-5 -5L5 5M5 -5L-5 5"/>`;
  }
}

/** `, peak 17`: a candidate that breaks the limit says by how much. */
function peakText({ figures: { peakCalls }, demands }: Candidate): string {
  const isBroken = demands.some(({ demand, brokenIn }) => demand === "limit" && brokenIn > 0);
  return isBroken && peakCalls !== null ? `, peak ${Math.round(peakCalls.median)}` : "";
}

function at(place: number): string {
  return String(Number(place.toFixed(1)));
}
