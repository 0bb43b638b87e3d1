/** The maps of a sweep: one figure over two of its axes, a map for each combination of the others. They are data that a picture draws. */
import type { Unit } from "../../metrics/figures.ts";
import type { Axis, CellStanding, SweptCell } from "../../simulation/sweep/sweep.ts";
import { missing } from "../figures.ts";
import { shortNumber } from "../pictures/scale.ts";
import { type MapFigure, mapFigure, type SweepView } from "./words.ts";

/** Shades of a colour: as many as a reader tells apart. */
export const shades = 6;

export interface MapCell {
  cell: SweptCell;
  standing: CellStanding;
  /** `18m`, short enough for a cell; null: refused */
  text: string | null;
  /** the shade of its value, from 0 for the least; null: it has none */
  shade: number | null;
  /** from 0 to 1, for a bar; null: it has no value */
  share: number | null;
  isFastest: boolean;
}

export interface HeatMap {
  /** the values of the axes beyond the first two, such as `MaxReceiveCount=2`; "" without any */
  title: string;
  rows: Pick<Axis, "name" | "values">;
  /** null: the sweep has one axis only */
  columns: Pick<Axis, "name" | "values"> | null;
  /** by row, then by column */
  cells: MapCell[][];
}

export interface MapScale {
  unit: Unit;
  /** the least and the greatest value of all maps, as cells have them; null: no cell has a value */
  ends: [low: string, high: string] | null;
}

/** Beyond this the least values of a linear scale would be all of one shade. */
const logarithmicFrom = 20;

export function mapsOf({ sweep, figure }: SweepView): { maps: HeatMap[]; scale: MapScale } {
  const { axes, cells } = sweep;
  const [rows, columns = null, ...others] = axes;
  const { unit } = mapFigure(figure);
  const scale = scaleOf(cells.map((cell) => medianOf(cell, figure)));
  const duration = scale && commonDuration(scale, unit);
  const written = (value: number | null) => compact(value, unit, duration);
  const drawn = cells.map((cell, index) => mapCell(cell, figure, index === sweep.fastest, scale, written));
  // The first two axes vary slowest, so that a map has every so many cells.
  const maps = others.reduce((count, { values }) => count * values.length, 1);
  const width = columns?.values.length ?? 1;
  return {
    scale: { unit, ends: scale && [written(scale.low), written(scale.high)] },
    maps: Array.from({ length: maps }, (_, map) => ({
      title: others.map(({ name }, index) => `${name}=${cells[map]!.values[index + 2]}`).join(" "),
      rows: rows!,
      columns,
      cells: rows!.values.map((_, row) =>
        Array.from({ length: width }, (_, column) => drawn[(row * width + column) * maps + map]!),
      ),
    })),
  };
}

/** Rows become columns. */
export function transposed({ rows, columns, cells, ...map }: HeatMap): HeatMap {
  if (columns === null) return { ...map, rows, columns, cells };
  return { ...map, rows: columns, columns: rows, cells: columns.values.map((_, at) => cells.map((row) => row[at]!)) };
}

/** The columns from one to another, the last left out. */
export function columnsFrom({ columns, cells, ...map }: HeatMap, from: number, to: number): HeatMap {
  return {
    ...map,
    columns: columns && { ...columns, values: columns.values.slice(from, to) },
    cells: cells.map((row) => row.slice(from, to)),
  };
}

/** `18m` · `0.8s` · `1.6h` · `950` · `20k` · `12%` · `2.60`: at most five characters for what is usual. */
export function compact(value: number | null, unit: Unit, duration: DurationUnit | null = null): string {
  if (value === null) return missing;
  switch (unit) {
    case "milliseconds":
      return compactDuration(value / 1_000, duration);
    case "seconds":
      return compactDuration(value, duration);
    case "share":
      return value > 0 && value < 0.01 ? "<1%" : `${Math.round(value * 100)}%`;
    case "dollars":
      return value === 0 ? "0" : value >= 0.1 ? value.toFixed(2) : String(Number(value.toPrecision(2)));
    default:
      return shortNumber(Number(value.toPrecision(4)));
  }
}

type DurationUnit = "s" | "m" | "h";
const secondsOf: Record<DurationUnit, number> = { s: 1, m: 60, h: 3_600 };
/** From here on a longer unit is easier to read. */
const longestIn: Record<DurationUnit, number> = { s: 90, m: 5_400, h: Number.POSITIVE_INFINITY };
const durationUnits = ["s", "m", "h"] as const;

/** `given`: null takes the unit that is easiest to read. */
function compactDuration(seconds: number, given: DurationUnit | null): string {
  const unit = given ?? unitFor(seconds);
  const value = seconds / secondsOf[unit];
  return `${Number(value.toFixed(value < 9.95 ? 1 : 0))}${unit}`;
}

function unitFor(seconds: number): DurationUnit {
  return durationUnits.find((unit) => seconds < longestIn[unit])!;
}

/** The unit of the least value for all, where the greatest has at most three digits in it; else null, so that each has its own. */
function commonDuration({ low, high }: Scale, unit: Unit): DurationUnit | null {
  const perSecond = unit === "milliseconds" ? 1_000 : 1;
  const common = unitFor(low / perSecond);
  return high / perSecond / secondsOf[common] < 999.5 ? common : null;
}

function mapCell(
  cell: SweptCell,
  figure: MapFigure,
  isFastest: boolean,
  scale: Scale | null,
  written: (value: number | null) => string,
): MapCell {
  const value = medianOf(cell, figure);
  const share = scale === null || value === null ? null : scale.shareOf(value);
  return {
    cell,
    standing: cell.standing,
    text: cell.standing === "refused" ? null : (rareLoss(cell, figure) ?? written(value)),
    shade: share === null ? null : Math.min(shades - 1, Math.floor(share * shades)),
    share: scale === null || value === null ? null : scale.high === 0 ? 0 : Math.max(0, value / scale.high),
    isFastest,
  };
}

/** `0-4` where most runs lose nothing and some do, so that no cell breaks its demand with a 0; null: the median tells it. */
function rareLoss(cell: SweptCell, figure: MapFigure): string | null {
  if (cell.verdict === null || medianOf(cell, figure) !== 0) return null;
  const { failed, missing } = cell.verdict.loss;
  const worst: Partial<Record<MapFigure, number>> = {
    lost: failed + missing,
    eventsFailed: failed,
    eventsMissing: missing,
  };
  return worst[figure] ? `0-${worst[figure]}` : null;
}

function medianOf(cell: SweptCell, figure: MapFigure): number | null {
  return cell.figures?.[figure]?.median ?? null;
}

interface Scale {
  low: number;
  high: number;
  /** where a value lies between the ends, from 0 to 1 */
  shareOf(value: number): number;
}

/** null: there is no value. */
function scaleOf(values: readonly (number | null)[]): Scale | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const low = known.reduce((one, other) => Math.min(one, other));
  const high = known.reduce((one, other) => Math.max(one, other));
  const place = low > 0 && high / low >= logarithmicFrom ? Math.log : (value: number) => value;
  const span = place(high) - place(low);
  return { low, high, shareOf: (value) => (span === 0 ? 0 : (place(value) - place(low)) / span) };
}
