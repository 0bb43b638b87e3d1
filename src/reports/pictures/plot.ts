/** The timeline as a block-character plot: inserts per second over time, dead letters in a row of their own. */
import type { TimelinePoint } from "../../model.ts";
import { wrap } from "../text.ts";
import { binned } from "./panels.ts";

export interface PlotOptions {
  columns: number;
  /** colour the marks; identity for plain text */
  paint: { inserts(marks: string): string; deadLetters(marks: string): string };
}

const maxHeight = 8;
const eighths = " ▁▂▃▄▅▆▇█";
/** Distances between time labels, seconds. */
const tickSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const minTickColumns = 10;

/**
 * Lines of at most `columns` (40 or more). A column is a whole number of seconds and shows the *highest* second in it,
 * so that no peak is averaged away. Every value but 0 is visible. A run with fewer seconds than there are columns takes a
 * column for each.
 */
export function plot(timeline: readonly TimelinePoint[], { columns, paint }: PlotOptions): string[] {
  if (timeline.length === 0) return wrap("Nothing was inserted, so there is no timeline.", columns);
  const peak = highest(timeline, "inserts");
  const deadPeak = highest(timeline, "deadLetters");
  const labelWidth = String(Math.max(peak, deadPeak)).length;
  const secondsPerColumn = Math.ceil(timeline.length / (columns - labelWidth - 2));
  const label = (text: string | number) => String(text).padStart(labelWidth);

  const lines = wrap(`DB inserts per second over time (min:s)${binning(secondsPerColumn)}`, columns);
  const inserts = columnsOf(timeline, "inserts", secondsPerColumn);
  const height = Math.min(maxHeight, peak);
  for (let row = height - 1; row >= 0; row--) {
    const marks = inserts.map((value) => mark((value / peak) * height - row, value > 0 && row === 0)).join("");
    lines.push(`${label(row === height - 1 ? peak : "")} ┤${paint.inserts(marks.trimEnd())}`);
  }
  lines.push(...timeAxis(inserts.length, secondsPerColumn, label));
  if (deadPeak > 0) {
    const marks = columnsOf(timeline, "deadLetters", secondsPerColumn).map((value) =>
      mark(value / deadPeak, value > 0),
    );
    lines.push(...wrap(`Dead letters per second${binning(secondsPerColumn)}`, columns));
    lines.push(`${label(deadPeak)} ┤${paint.deadLetters(marks.join("").trimEnd())}`);
  }
  return lines;
}

function binning(secondsPerColumn: number): string {
  return secondsPerColumn === 1 ? "" : `; each column the highest of ${secondsPerColumn} s`;
}

function highest(timeline: readonly TimelinePoint[], key: "inserts" | "deadLetters"): number {
  return timeline.reduce((most, point) => Math.max(most, point[key]), 0);
}

function columnsOf(timeline: readonly TimelinePoint[], key: "inserts" | "deadLetters", seconds: number): number[] {
  return binned(timeline, key, seconds).map(({ value }) => value);
}

/** One character, filled from below by `share` of its height; at least a trace of it where `isSome`. */
function mark(share: number, isSome: boolean): string {
  const filled = Math.max(0, Math.min(8, Math.round(share * 8)));
  return eighths[isSome ? Math.max(1, filled) : filled]!;
}

/** The axis with its ticks, and the times under them. */
function timeAxis(width: number, secondsPerColumn: number, label: (text: string | number) => string): string[] {
  const step = tickSteps.find((seconds) => seconds / secondsPerColumn >= minTickColumns) ?? Infinity;
  const axis = new Array<string>(width).fill("─");
  let times = "";
  for (let at = 0; at / secondsPerColumn < width; at += step) {
    const column = Math.floor(at / secondsPerColumn);
    const time = minutes(at);
    if (at > 0 && column + time.length > width) break;
    axis[column] = "┬";
    times = times.padEnd(column) + time;
  }
  return [`${label(0)} └${axis.join("")}`, `${label("")}  ${times}`];
}

/** `24:10` */
function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
