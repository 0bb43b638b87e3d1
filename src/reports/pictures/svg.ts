/** A run's story as a picture: the flow of its events, and below it small panels over one time axis, hand-written SVG without scripts, fonts or links. */

import { eventsAt, type FlowCurves, type Point, type Span, type Story } from "../../metrics/story.ts";
import type { RunRecord } from "../../model.ts";
import { capitalised, shortened } from "../text.ts";
import { type VerdictPart, verdictParts } from "../verdict.ts";
import { provenanceOfFirst } from "../words.ts";
import { escaped } from "./markup.ts";
import { type FlowEntry, type Panel, panelsOf, peakOf, type Series, type Tone, whoseRun } from "./panels.ts";
import { clockTime, shortNumber, timeTicks, valueTicks } from "./scale.ts";

/** `system`: light or dark like the reader's system, where the viewer understands that. `page`: the page has `pictureStyle`. */
export type Theme = "light" | "dark" | "system" | "page";

const width = 960;
const left = 64;
const right = 32;
const plotWidth = width - left - right;
/** The height of the panels, below a verdict of no answers. */
const firstPanelTop = 96;
const verdictTop = 80;
const verdictLine = 20;
const verdictCharacters = 130;
const flowHeight = 220;
const heightOf = ({ isMain }: Panel) => (isMain ? 110 : 64);
const panelGap = 46;
const axisHeight = 48;
/** Each has a pixel at least. */
const mostBins = plotWidth;
/** Narrower bars have no gaps between them. */
const narrowestSeparateBar = 5;
const lowestBar = 1.5;
const shortestStroke = 1.5;
const mostTimeTicks = 11;
const titleCharacters = 96;

const palettes = {
  light: {
    background: "#ffffff",
    text: "#1f2937",
    muted: "#5b6472",
    grid: "#e5e7eb",
    published: "#334155",
    completed: "#0f766e",
    failed: "#dc2626",
    waiting: "#b45309",
    calls: "#2563eb",
    exceeding: "#dc2626",
    limit: "#db2777",
    inserts: "#5b8def",
    average: "#172554",
    overlap: "#249688",
    concurrency: "#083f3a",
    visible: "#7c3aed",
    "in-flight": "#c2410c",
    throttles: "#a16207",
    "dead-letters": "#dc2626",
  },
  dark: {
    background: "#111827",
    text: "#f3f4f6",
    muted: "#a6afbd",
    grid: "#374151",
    published: "#cbd5e1",
    completed: "#2dd4bf",
    failed: "#f87171",
    waiting: "#fbbf24",
    calls: "#60a5fa",
    exceeding: "#f87171",
    limit: "#f472b6",
    inserts: "#3b6fc9",
    average: "#bfdbfe",
    overlap: "#1f7a70",
    concurrency: "#5eead4",
    visible: "#a78bfa",
    "in-flight": "#fb923c",
    throttles: "#facc15",
    "dead-letters": "#f87171",
  },
} satisfies Record<string, Record<Tone | FlowEntry["of"] | "limit" | "background" | "text" | "muted" | "grid", string>>;

/** From a value to its place in the picture. */
type Scale = (value: number) => number;

const fontStack = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/** The SVG document of one run, under its label among others. */
export function picture(record: RunRecord, theme: Theme = "system", label = record.scenario): string {
  const { story, entries, panels } = panelsOf(record, mostBins);
  const { seconds, flow } = story;
  const x = (second: number) => left + (Math.min(second, seconds) / seconds) * plotWidth;
  // A page has the verdict above the picture.
  const answers = record.verdict === null || theme === "page" ? [] : verdictParts(record.verdict);
  const firstTop = firstPanelTop + (answers.length > 0 ? answers.length * verdictLine + 12 : 0);
  const heights = [...(flow === null ? [] : [flowHeight]), ...panels.map(heightOf)];
  const tops = heights.map((_, index) =>
    heights.slice(0, index).reduce((top, height) => top + height + panelGap, firstTop),
  );
  const bottom = tops.at(-1)! + heights.at(-1)!;
  const height = bottom + axisHeight;
  const name = `${label} · ${record.title}`;
  const origin = `${provenanceOfFirst(record)} · run ${record.runId}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(`Story of ${name}`)}</title>`,
    `<desc>${escaped(description(record, entries, panels))}</desc>`,
    ...(theme === "page" ? [] : [`<style>${pictureStyle(theme)}</style>`]),
    `<rect class="background" width="${width}" height="${height}"/>`,
    text(20, 32, shortened(name, titleCharacters), "name"),
    text(20, 54, shortened(origin, titleCharacters + 30), "muted"),
    ...answers.flatMap((answer, index) => drawAnswer(answer, verdictTop + index * verdictLine)),
    ...(flow === null ? [] : drawFlow(flow, whoseRun(record), entries, tops[0]!, seconds, x)),
    ...panels.flatMap((panel, index) => drawPanel(panel, tops.slice(-panels.length)[index]!, seconds, x)),
    ...timeAxis(story, bottom, x),
    ...(record.timeline.length === 0
      ? [text(left + plotWidth / 2, firstTop + 84, "Nothing was inserted.", "muted middle")]
      : []),
    "</svg>",
  ].join("\n");
}

function description({ summary, kind }: RunRecord, entries: readonly FlowEntry[], panels: readonly Panel[]): string {
  const flow = entries.length === 0 ? [] : [`Events: ${entries.map(({ text }) => text).join(", ")}`];
  const peaks = panels.map(
    (panel) => `${panel.title}: at most ${peakOf(panel)}${panel.limit === null ? "" : `, ${panel.limit.text}`}`,
  );
  return `A ${kind}: ${summary.eventsCompleted} of ${summary.totalEvents} events completed. ${[...flow, ...peaks].join(". ")}.`;
}

export function pictureStyle(theme: "light" | "dark" | "system"): string {
  const fonts = `text{font:12px ${fontStack}}.name{font-size:17px;font-weight:600}.title{font-weight:600}.end{text-anchor:end}.middle{text-anchor:middle}`;
  if (theme !== "system") return fonts + coloursOf(theme);
  return `${fonts}${coloursOf("light")}@media screen and (prefers-color-scheme:dark){${coloursOf("dark")}}`;
}

/** Plain rules, because not every renderer knows variables. */
function coloursOf(theme: "light" | "dark"): string {
  const { background, text, muted, grid, ...tones } = palettes[theme];
  return [
    `.background{fill:${background}}text{fill:${text}}.muted{fill:${muted}}.grid{stroke:${grid};fill:none}.axis{stroke:${muted};fill:none}`,
    ...Object.entries(tones).map(
      ([tone, colour]) => `.fill-${tone}{fill:${colour}}.line-${tone}{stroke:${colour};stroke-width:2;fill:none}`,
    ),
    ".line-limit{stroke-dasharray:7 5;stroke-width:1.5}.line-calls,.line-exceeding{stroke-width:4}",
    `.area-completed{fill:${tones.completed};fill-opacity:.14}.area-waiting{fill:${tones.waiting};fill-opacity:.2}.area-failed{fill:${tones.failed};fill-opacity:.4}`,
  ].join("");
}

/** An answer of the verdict, with a tick or a cross that needs no font. */
function drawAnswer({ text: answer, tone }: VerdictPart, y: number): string[] {
  const mark = { good: `M21 ${y - 5}l4 4l7-9`, bad: `M22 ${y - 9}l8 8m0-8l-8 8` };
  const of = { good: "completed", bad: "failed" } as const;
  const words = shortened(capitalised(answer), verdictCharacters);
  if (tone === undefined) return [text(40, y, words, "")];
  return [`<path class="line-${of[tone]}" d="${mark[tone]}"/>`, text(40, y, words, `fill-${of[tone]}`)];
}

/** The gap between the events published and those completed or failed is the backlog; how long it is at one height is the wait. */
function drawFlow(
  flow: FlowCurves,
  whose: string,
  entries: readonly FlowEntry[],
  top: number,
  seconds: number,
  x: Scale,
): string[] {
  const bottom = top + flowHeight;
  const ended = (second: number) => eventsAt(flow.completed, second) + eventsAt(flow.failed, second);
  const published = (second: number) => eventsAt(flow.published, second);
  const completed = (second: number) => eventsAt(flow.completed, second);
  const ticks = valueTicks(Math.max(published(seconds), ended(seconds)), 4);
  const y = (value: number) => bottom - (value / ticks.at(-1)!) * flowHeight;
  const at = thinned([...flow.published, ...flow.completed, ...flow.failed, [seconds, 0]], x);
  const line = (value: Scale) => outline(at, x, (second) => y(value(second)));
  const area = (upper: Scale, lower: Scale) =>
    `M${line(upper).slice(1)}L${outline([...at].reverse(), x, (second) => y(lower(second))).slice(1)}z`;
  const hasFailed = flow.failed.length > 0;
  return [
    text(left, top - 12, `Events${whose}, cumulative`, "title"),
    flowLegend(entries, top - 12),
    gridLines(ticks.slice(1).map(y), timeTicks(seconds, mostTimeTicks), top, bottom, x),
    ...ticks.map((value) => text(left - 8, y(value) + 4, shortNumber(value), "muted end")),
    `<path class="area-completed" d="${area(completed, () => 0)}"/>`,
    `<path class="area-waiting" d="${area((second) => Math.max(published(second), ended(second)), ended)}"/>`,
    ...(hasFailed ? [`<path class="area-failed" d="${area(ended, completed)}"/>`] : []),
    `<path class="line-published" d="${line(published)}"/>`,
    // A few that failed among many would be too thin a band to be seen.
    ...(hasFailed ? [`<path class="line-failed" d="${line(ended)}"/>`] : []),
    `<path class="line-completed" d="${line(completed)}"/>`,
    `<path class="axis" d="M${left} ${bottom}H${left + plotWidth}"/>`,
  ];
}

/** The seconds at which the curves bend, without those that are within a pixel of their neighbours on either side. */
function thinned(points: readonly Point[], x: Scale): number[] {
  const seconds = [...new Set([0, ...points.map(([second]) => second)])].sort((one, other) => one - other);
  let drawn = Number.NEGATIVE_INFINITY;
  return seconds.filter((second, index) => {
    const next = seconds[index + 1] ?? Infinity;
    if (x(second) - drawn < 1 && x(next) - x(second) < 1 && next !== Infinity) return false;
    drawn = x(second);
    return true;
  });
}

function outline(seconds: readonly number[], x: Scale, y: Scale): string {
  return seconds.map((second, index) => `${index === 0 ? "M" : "L"}${fixed(x(second))} ${fixed(y(second))}`).join("");
}

function flowLegend(entries: readonly FlowEntry[], y: number): string {
  const parts = entries.map(({ of, text }, index) => {
    const space = index > 0 ? "\u00a0\u00a0\u00a0 " : "";
    const sign = of === "failed" || of === "waiting" ? "■" : "▬";
    return `${space}<tspan class="fill-${of}">${sign}</tspan> ${escaped(text)}`;
  });
  return `<text class="muted end" x="${left + plotWidth}" y="${y}">${parts.join("")}</text>`;
}

function gridLines(
  heights: readonly number[],
  times: readonly number[],
  top: number,
  bottom: number,
  x: Scale,
): string {
  const lines = [
    ...times.slice(1).map((second) => `M${fixed(x(second))} ${top}V${bottom}`),
    ...heights.map((y) => `M${left} ${fixed(y)}H${left + plotWidth}`),
  ];
  return `<path class="grid" d="${lines.join("")}"/>`;
}

function drawPanel(panel: Panel, top: number, seconds: number, x: Scale): string[] {
  const height = heightOf(panel);
  const bottom = top + height;
  const { limit } = panel;
  const ticks = valueTicks(peakOf(panel), panel.isMain ? 4 : 2);
  // The limit's line does not lie on the edge.
  const most = Math.max(ticks.at(-1)!, limit === null ? 0 : limit.value * 1.25);
  const y = (value: number) => bottom - (value / most) * height;
  return [
    text(left, top - 12, panel.title, "title"),
    legend(panel, top - 12),
    gridLines(ticks.slice(1).map(y), timeTicks(seconds, mostTimeTicks), top, bottom, x),
    ...ticks.map((value) => text(left - 8, y(value) + 4, shortNumber(value), "muted end")),
    ...panel.series.map((series) => drawSeries(series, x, y)),
    ...(limit === null ? [] : [`<path class="line-limit" d="M${left} ${fixed(y(limit.value))}H${left + plotWidth}"/>`]),
    `<path class="axis" d="M${left} ${bottom}H${left + plotWidth}"/>`,
  ];
}

/** At the right end of the panel's title line the meanings of its colours, or the peak of its only series. */
function legend(panel: Panel, y: number): string {
  const { series, limit } = panel;
  const drawn = series.filter(({ spans }) => spans.length > 0);
  const highest = `highest ${shortNumber(peakOf(panel))}`;
  const entries = [
    ...(drawn.length > 1 || limit !== null
      ? drawn.map(({ name, tone, drawn }) => ({ tone: tone as string, sign: drawn === "filled" ? "■" : "▬", name }))
      : []),
    ...(limit === null ? [] : [{ tone: "limit", sign: "▬", name: limit.text }]),
  ];
  const parts = entries.map(({ tone, sign, name }) => `<tspan class="fill-${tone}">${sign}</tspan> ${escaped(name)}`);
  const hasHighest = entries.length === 0 || limit !== null;
  return `<text class="muted end" x="${left + plotWidth}" y="${y}">${[...parts, ...(hasHighest ? [highest] : [])].join("\u00a0\u00a0\u00a0 ")}</text>`;
}

function drawSeries({ spans, tone, drawn }: Series, x: Scale, y: Scale): string {
  if (drawn === "strokes") return `<path class="line-${tone}" d="${strokes(spans, x, y)}"/>`;
  return drawn === "filled"
    ? `<path class="fill-${tone}" d="${bars(spans, x, y)}"/>`
    : `<path class="line-${tone}" d="${steps(spans, x, y)}"/>`;
}

/** A bar for each span that is not 0, high enough to be seen. Bars without room for gaps are one outline. */
function bars(spans: Series["spans"], x: Scale, y: Scale): string {
  let path = "";
  let end = Number.NaN;
  for (const { from, to, value } of spans) {
    const wide = x(to) - x(from);
    const gap = wide < narrowestSeparateBar ? 0 : Math.min(2, wide / 5);
    const isNext = gap === 0 && from === end;
    if (!isNext && path !== "" && !path.endsWith("z")) path += `V${fixed(y(0))}z`;
    if (value === 0) continue;
    if (!isNext) path += `M${fixed(x(from) + gap / 2)} ${fixed(y(0))}`;
    path += `V${fixed(Math.min(y(value), y(0) - lowestBar))}H${fixed(x(to) - gap / 2)}`;
    end = to;
  }
  return path === "" || path.endsWith("z") ? path : `${path}V${fixed(y(0))}z`;
}

/** A stroke at the height of each value; neighbours with one value share it. */
function strokes(spans: Series["spans"], x: Scale, y: Scale): string {
  const drawn: Span[] = [];
  for (const span of spans) {
    const last = drawn.at(-1);
    if (last?.value === span.value && span.from - last.to < 0.01) last.to = span.to;
    else drawn.push({ ...span });
  }
  return drawn
    .map(
      ({ from, to, value }) =>
        `M${fixed(x(from))} ${fixed(y(value))}H${fixed(Math.max(x(to), x(from) + shortestStroke))}`,
    )
    .join("");
}

/** A line that keeps each span's value, with a hole where a minute is missing. */
function steps(spans: Series["spans"], x: Scale, y: Scale): string {
  let path = "";
  let end = Number.NaN;
  for (const { from, to, value } of spans) {
    const isNext = Math.abs(from - end) < 0.01;
    path += `${isNext ? `V${fixed(y(value))}` : `M${fixed(x(from))} ${fixed(y(value))}`}H${fixed(x(to))}`;
    end = to;
  }
  return path;
}

function timeAxis({ seconds, since }: Story, bottom: number, x: Scale): string[] {
  const ticks = timeTicks(seconds, mostTimeTicks);
  const unit = seconds > 3600 ? "h:min:s" : "min:s";
  const from = since === "first-sent" ? "the first event was sent" : "the first insert";
  return [
    ...ticks.map((second) => text(x(second), bottom + 18, clockTime(second), "muted middle")),
    text(left + plotWidth / 2, bottom + 38, `time since ${from} (${unit})`, "muted middle"),
  ];
}

function text(x: number, y: number, content: string, classes: string): string {
  return `<text class="${classes}" x="${fixed(x)}" y="${fixed(y)}">${escaped(content)}</text>`;
}

function fixed(value: number): string {
  return String(Number(value.toFixed(1)));
}
