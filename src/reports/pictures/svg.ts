/** A run's timeline as a picture: small panels over one time axis, hand-written SVG without scripts, fonts or links. */
import type { RunRecord } from "../../model.ts";
import { shortened } from "../text.ts";
import { provenanceOfFirst } from "../words.ts";
import { escaped } from "./markup.ts";
import { type Panel, panelsOf, peakOf, type Series, type Tone } from "./panels.ts";
import { clockTime, shortNumber, timeTicks, valueTicks } from "./scale.ts";

/** `system`: light or dark like the reader's system, where the viewer understands that. `page`: the page has `pictureStyle`. */
export type Theme = "light" | "dark" | "system" | "page";

const width = 960;
const left = 64;
const right = 32;
const plotWidth = width - left - right;
const firstPanelTop = 96;
const heightOf = ({ isMain }: Panel) => (isMain ? 160 : 72);
const panelGap = 46;
const axisHeight = 48;
/** Each has a pixel at least. */
const mostBins = plotWidth;
/** Narrower bars have no gaps between them. */
const narrowestSeparateBar = 5;
const lowestBar = 1.5;
const mostTimeTicks = 11;
const titleCharacters = 96;

const palettes = {
  light: {
    background: "#ffffff",
    text: "#1f2937",
    muted: "#5b6472",
    grid: "#e5e7eb",
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
    inserts: "#3b6fc9",
    average: "#bfdbfe",
    overlap: "#1f7a70",
    concurrency: "#5eead4",
    visible: "#a78bfa",
    "in-flight": "#fb923c",
    throttles: "#facc15",
    "dead-letters": "#f87171",
  },
} satisfies Record<string, Record<Tone | "background" | "text" | "muted" | "grid", string>>;

/** From a value to its place in the picture. */
type Scale = (value: number) => number;

const fontStack = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/** The SVG document of one run. */
export function picture(record: RunRecord, theme: Theme = "system"): string {
  const { seconds, panels } = panelsOf(record, mostBins);
  const x = (second: number) => left + (second / seconds) * plotWidth;
  const tops = panels.map((_, index) =>
    panels.slice(0, index).reduce((top, panel) => top + heightOf(panel) + panelGap, firstPanelTop),
  );
  const bottom = tops.at(-1)! + heightOf(panels.at(-1)!);
  const height = bottom + axisHeight;
  const name = `${record.scenario} · ${record.title}`;
  const origin = `${provenanceOfFirst(record)} · run ${record.runId}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(`Timeline of ${name}`)}</title>`,
    `<desc>${escaped(description(record, panels))}</desc>`,
    ...(theme === "page" ? [] : [`<style>${pictureStyle(theme)}</style>`]),
    `<rect class="background" width="${width}" height="${height}"/>`,
    text(20, 32, shortened(name, titleCharacters), "name"),
    text(20, 54, shortened(origin, titleCharacters + 30), "muted"),
    ...panels.flatMap((panel, index) => drawPanel(panel, tops[index]!, seconds, x)),
    ...timeAxis(seconds, bottom, x),
    ...(record.timeline.length === 0
      ? [text(left + plotWidth / 2, firstPanelTop + 84, "Nothing was inserted.", "muted middle")]
      : []),
    "</svg>",
  ].join("\n");
}

function description({ summary, kind }: RunRecord, panels: readonly Panel[]): string {
  const peaks = panels.map((panel) => `${panel.title}: at most ${peakOf(panel)}`);
  return `A ${kind}: ${summary.eventsCompleted} of ${summary.totalEvents} events completed. ${peaks.join(". ")}.`;
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
  ].join("");
}

function drawPanel(panel: Panel, top: number, seconds: number, x: Scale): string[] {
  const height = heightOf(panel);
  const bottom = top + height;
  const ticks = valueTicks(peakOf(panel), panel.isMain ? 4 : 2);
  const scale = height / ticks.at(-1)!;
  const y = (value: number) => bottom - value * scale;
  const times = timeTicks(seconds, mostTimeTicks);
  const grid = [
    ...times.slice(1).map((second) => `M${fixed(x(second))} ${top}V${bottom}`),
    ...ticks.slice(1).map((value) => `M${left} ${fixed(y(value))}H${left + plotWidth}`),
  ];
  return [
    text(left, top - 12, panel.title, "title"),
    legend(panel, top - 12),
    `<path class="grid" d="${grid.join("")}"/>`,
    ...ticks.map((value) => text(left - 8, y(value) + 4, shortNumber(value), "muted end")),
    ...panel.series.map((series) => drawSeries(series, x, y)),
    `<path class="axis" d="M${left} ${bottom}H${left + plotWidth}"/>`,
  ];
}

/** At the right end of the panel's title line the meanings of its colours, or the peak of its only series. */
function legend(panel: Panel, y: number): string {
  const at = `class="muted end" x="${left + plotWidth}" y="${y}"`;
  if (panel.series.length === 1) return `<text ${at}>highest ${shortNumber(peakOf(panel))}</text>`;
  const entries = panel.series.map(({ name, tone, drawn }, index) => {
    const space = index > 0 ? "\u00a0\u00a0\u00a0 " : "";
    return `${space}<tspan class="fill-${tone}">${drawn === "filled" ? "■" : "▬"}</tspan> ${escaped(name)}`;
  });
  return `<text ${at}>${entries.join("")}</text>`;
}

function drawSeries({ spans, tone, drawn }: Series, x: Scale, y: Scale): string {
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

function timeAxis(seconds: number, bottom: number, x: Scale): string[] {
  const ticks = timeTicks(seconds, mostTimeTicks);
  const unit = seconds > 3600 ? "h:min:s" : "min:s";
  return [
    ...ticks.map((second) => text(x(second), bottom + 18, clockTime(second), "muted middle")),
    text(left + plotWidth / 2, bottom + 38, `time since the first insert (${unit})`, "muted middle"),
  ];
}

function text(x: number, y: number, content: string, classes: string): string {
  return `<text class="${classes}" x="${fixed(x)}" y="${fixed(y)}">${escaped(content)}</text>`;
}

function fixed(value: number): string {
  return String(Number(value.toFixed(1)));
}
