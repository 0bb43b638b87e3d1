/** A run's story in characters: the flow of its events, and below it the calls with the limit. */
import { eventsAt, type FlowCurves, type Point, type Span, storyOf } from "../../metrics/story.ts";
import type { RunRecord } from "../../model.ts";
import { joined, wrap } from "../text.ts";
import { type FlowEntry, flowEntries, rateTitle, whoseRun } from "./panels.ts";
import { clockTime, shortNumber, timeTicks } from "./scale.ts";

/** The meanings of marks. Marks differ in their form, too, so that they are told apart without colours. */
export type Mark = FlowEntry["of"] | "calls" | "exceeding" | "limit";

export interface PlotOptions {
  columns: number;
  /** colours marks; gives the text back for plain text */
  paint(mark: Mark, text: string): string;
}

interface Cell {
  mark: Mark;
  character: string;
}

/** From the lowest row up. */
type Grid = (Cell | undefined)[][];

const flowRows = 8;
const mostRateRows = 5;
const minTickColumns = 10;
const signs: Record<Mark, string> = {
  published: "─",
  completed: "⠤⠒",
  failed: "×",
  waiting: "░",
  calls: "•",
  exceeding: "▲",
  limit: "┄",
};

/**
 * Lines of at most `columns` (40 or more). A column of a long run is a whole number of seconds and shows the *highest* calls in it, so that
 * no peak is averaged away; curves are read at its end.
 */
export function plot(record: RunRecord, { columns, paint }: PlotOptions): string[] {
  const story = storyOf(record);
  const { flow, rate, seconds } = story;
  const most = Math.max(rate.peak, rate.limit?.calls ?? 0);
  const highest = flow === null ? 0 : highestOf(flow, seconds);
  const labelWidth = Math.max(...[most, highest].map((value) => shortNumber(value).length));
  const room = columns - labelWidth - 2;
  const perColumn = seconds > room ? Math.ceil(seconds / room) : seconds / room;
  const width = Math.ceil(seconds / perColumn - 1e-9);
  const label = (value: number | null) => (value === null ? "" : shortNumber(value)).padStart(labelWidth);
  const ticks = ticksOf(seconds, perColumn, width);
  const painted = (grid: Grid, labels: readonly (number | null)[]) =>
    grid.map((row, index) => `${label(labels[index] ?? null)} ┤${paintedRow(row, paint)}`).reverse();
  const axis = `${label(0)} └${axisOf(ticks, width)}`;
  const lines: string[] = [];
  if (flow !== null) {
    const entries = flowEntries(record, story).map(({ of }) => `${signs[of]} ${of}`);
    lines.push(...joined([`Events${whoseRun(record)}`, ...entries], columns));
    lines.push(...painted(flowGrid(flow, highest, perColumn, width), topLabel(flowRows, highest)), axis);
  }
  if (rate.spans.length === 0) {
    lines.push(...wrap("Nothing was inserted, so there are no calls to show.", columns));
  } else {
    const rows = Math.min(mostRateRows, most);
    const rowOf = (value: number) => Math.ceil((value / most) * rows) - 1;
    const labels = topLabel(rows, most);
    if (rate.limit !== null) labels[rowOf(rate.limit.calls)] = rate.limit.calls;
    labels[rows - 1] = most;
    const binning = perColumn > 1 ? ` (each column the highest of ${perColumn} s)` : "";
    const legend = rate.limit === null ? [] : [`${signs.limit} limit ${rate.limit.text}`];
    const over = rate.limit !== null && rate.peak > rate.limit.calls ? [`${signs.exceeding} over it`] : [];
    lines.push(...joined([`${rateTitle(story)}${binning}`, ...legend, ...over], columns));
    lines.push(
      ...painted(rateGrid(highestIn(rate.spans, perColumn, width), rate.limit?.calls ?? null, rowOf, rows), labels),
    );
    lines.push(axis);
  }
  return [...lines, `${label(null)}  ${timesOf(ticks, width)}`];
}

/** ` of the run with seed 1`, where a record holds several and the first of them is drawn. */
export function topLabel(rows: number, value: number): (number | null)[] {
  return Array.from({ length: rows }, (_, row) => (row === rows - 1 ? value : null));
}

function highestOf(flow: FlowCurves, seconds: number): number {
  const ended = eventsAt(flow.completed, seconds) + eventsAt(flow.failed, seconds);
  return Math.max(1, Math.round(Math.max(eventsAt(flow.published, seconds), ended)));
}

/**
 * Between the line of the events published and the dots of those completed is the backlog, and among it what failed. The later marks lie over
 * the earlier ones.
 */
function flowGrid(flow: FlowCurves, highest: number, perColumn: number, width: number): Grid {
  const grid = emptyGrid(flowRows, width);
  const heightOf = (events: number) => (events / highest) * flowRows;
  const rowOf = (events: number) => Math.min(flowRows - 1, Math.ceil(heightOf(events) - 1e-9) - 1);
  const put = (row: number, column: number, mark: Mark, character = signs[mark]) => {
    if (row >= 0) grid[row]![column] = { mark, character };
  };
  let before = -1;
  for (let column = 0; column < width; column++) {
    const second = (column + 1) * perColumn;
    const [published, completed, failed] = [flow.published, flow.completed, flow.failed].map((curve) =>
      eventsAt(curve, second),
    ) as [number, number, number];
    const ended = completed + failed;
    const isAbove = (row: number, events: number) => row + 0.5 > heightOf(events);
    for (let row = 0; row < rowOf(published); row++) if (isAbove(row, ended)) put(row, column, "waiting");
    before = putRise(put, column, before, rowOf(published));
    for (let row = 0; row < flowRows; row++) {
      if (isAbove(row, completed) && !isAbove(row, ended)) put(row, column, "failed");
    }
  }
  putDots(flow.completed, heightOf, perColumn, width, put);
  for (let column = 0; column < width; column++) {
    // A few that failed among many are seen all the same, between the dots.
    const second = (column + 1) * perColumn;
    const failed = eventsAt(flow.failed, second);
    const row = rowOf(eventsAt(flow.completed, second) + failed);
    const isSeen = grid.some((cells) => cells[column]?.mark === "failed");
    const isBetween = column % 2 === 0 || grid[row]?.[column]?.mark !== "completed";
    if (failed >= 0.5 && !isSeen && isBetween) put(row, column, "failed");
  }
  return grid;
}

type Put = (row: number, column: number, mark: Mark, character?: string) => void;

/** A line of the events published that goes from one row up to another. */
function putRise(put: Put, column: number, from: number, to: number): number {
  if (to < 0 || from === to) {
    put(to, column, "published");
    return to;
  }
  if (from >= 0) put(from, column, "published", "╯");
  for (let row = Math.max(0, from + 1); row < to; row++) put(row, column, "published", "│");
  put(to, column, "published", "╭");
  return to;
}

/** Braille dots, two in a row and four above each other, by place from the bottom left. */
const brailleBits = [
  [0x40, 0x04, 0x02, 0x01],
  [0x80, 0x20, 0x10, 0x08],
];

function putDots(
  curve: readonly Point[],
  heightOf: (events: number) => number,
  perColumn: number,
  width: number,
  put: Put,
): void {
  const levels = flowRows * 4;
  const levelAt = (second: number) => Math.min(levels, Math.ceil(heightOf(eventsAt(curve, second)) * 4 - 1e-9)) - 1;
  let before = -1;
  for (let column = 0; column < width; column++) {
    const bits = new Map<number, number>();
    for (const half of [0, 1]) {
      const level = levelAt((column + (half + 1) / 2) * perColumn);
      for (let one = Math.min(level, before + 1); one <= level; one++) {
        if (one < 0) continue;
        const row = one >> 2;
        bits.set(row, (bits.get(row) ?? 0) | brailleBits[half]![one & 3]!);
      }
      before = level;
    }
    for (const [row, dots] of bits) put(row, column, "completed", String.fromCodePoint(0x2800 + dots));
  }
}

/** The highest of each column; null: it has none. A span of a run with broad columns counts in that of its middle. */
function highestIn(spans: readonly Span[], perColumn: number, width: number): (number | null)[] {
  const highest: (number | null)[] = Array(width).fill(null);
  for (const { from, to, value } of spans) {
    const first = Math.floor((perColumn >= 1 ? (from + to) / 2 : from) / perColumn);
    const last = perColumn >= 1 ? first : Math.ceil(to / perColumn) - 1;
    for (let column = Math.min(first, width - 1); column <= Math.min(last, width - 1); column++) {
      highest[column] = Math.max(highest[column] ?? 0, value);
    }
  }
  return highest;
}

/** Where calls are as many as the limit allows, its line shows through in every other column. */
function rateGrid(
  highest: readonly (number | null)[],
  limit: number | null,
  rowOf: (value: number) => number,
  rows: number,
): Grid {
  const grid = emptyGrid(rows, highest.length);
  const limitRow = limit === null ? null : grid[rowOf(limit)]!;
  limitRow?.fill({ mark: "limit", character: signs.limit });
  for (const [column, value] of highest.entries()) {
    if (value === null || value === 0) continue;
    const row = grid[rowOf(value)]!;
    const mark = limit !== null && value > limit ? "exceeding" : "calls";
    if (mark === "calls" && row === limitRow && column % 2 === 1 && row[column - 1]!.mark === "calls") continue;
    row[column] = { mark, character: signs[mark] };
  }
  return grid;
}

function emptyGrid(rows: number, width: number): Grid {
  return Array.from({ length: rows }, () => Array<Cell | undefined>(width).fill(undefined));
}

/** The row without its blanks at the end. */
function paintedRow(row: readonly (Cell | undefined)[], paint: PlotOptions["paint"]): string {
  let text = "";
  let blanks = 0;
  for (let column = 0; column < row.length; ) {
    const mark = row[column]?.mark;
    if (mark === undefined) {
      blanks++;
      column++;
      continue;
    }
    let run = "";
    while (column < row.length && row[column]?.mark === mark) run += row[column++]!.character;
    text += " ".repeat(blanks) + paint(mark, run);
    blanks = 0;
  }
  return text;
}

interface Tick {
  column: number;
  text: string;
}

/** The ticks whose time fits in below the axis. */
function ticksOf(seconds: number, perColumn: number, width: number): Tick[] {
  return timeTicks(seconds, Math.max(1, Math.floor(width / minTickColumns)))
    .map((second) => ({ column: Math.floor(second / perColumn), text: clockTime(second) }))
    .filter(({ column, text }) => column === 0 || column + text.length <= width);
}

function axisOf(ticks: readonly Tick[], width: number): string {
  const axis = Array<string>(width).fill("─");
  for (const { column } of ticks) axis[column] = "┬";
  return axis.join("");
}

function timesOf(ticks: readonly Tick[], width: number): string {
  const times = ticks.reduce((line, { column, text }) => line.padEnd(column) + text, "");
  const unit = ticks.at(-1)!.text.split(":").length > 2 ? " h:min:s" : " min:s";
  return times.length + unit.length <= width ? times + unit : times;
}
