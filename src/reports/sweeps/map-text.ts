/** The maps of a sweep in characters: blocks of colour with marks and numbers, or without colours marks and numbers alone. */
import type { CellStanding } from "../../simulation/sweep/sweep.ts";
import { joined, widthOf, wrap } from "../text.ts";
import { columnsFrom, type HeatMap, type MapCell, type MapScale, mapsOf, transposed } from "./map.ts";
import { askedText, figureText, marks, type SweepView } from "./words.ts";

export interface MapTextOptions {
  columns: number;
  colour: boolean;
}

/** So many maps stand below each other; of more only those that say most. */
const mostMaps = 6;
/** A map is divided into so many parts before its numbers are left out. */
const mostParts = 3;
/** Nobody finds a cell in more lines of parts below each other. */
const mostLines = 60;
const longestBar = 40;

/** For each shade a background and the text on it, by the numbers of the 256 colours: light for the least, dark for the greatest value. */
const palettes: Record<Exclude<CellStanding, "refused">, readonly (readonly [background: number, text: number])[]> = {
  keeps: [
    [195, 16],
    [159, 16],
    [117, 16],
    [74, 16],
    [31, 231],
    [24, 231],
  ],
  doubtful: [
    [230, 16],
    [229, 16],
    [186, 16],
    [143, 16],
    [101, 231],
    [58, 231],
  ],
  breaks: [
    [224, 16],
    [217, 16],
    [210, 16],
    [167, 231],
    [124, 231],
    [88, 231],
  ],
};

/** All lines of the maps, their legend last. No line is wider than `columns`, unless a single column is. */
export function mapText(view: SweepView, options: MapTextOptions): string[] {
  const { maps, scale } = mapsOf(view);
  const shown =
    maps.length <= mostMaps ? maps : maps.toSorted((one, other) => worthOf(other) - worthOf(one)).slice(0, mostMaps);
  const drawn = shown.flatMap((map) => [
    ...(map.title === "" ? [] : joined([map.title], options.columns)),
    ...(map.columns === null ? barLines(map, options) : gridLines(map, options)),
    "",
  ]);
  const left = maps.length - shown.length;
  return [
    ...drawn,
    ...(left > 0 ? wrap(`${left} more maps are in --html and --svg.`, options.columns) : []),
    ...legendLines(view, scale, options),
  ];
}

/** How much a map says: whether it has the fastest cell, and how many cells of it keep what is asked. */
function worthOf({ cells }: HeatMap): number {
  const all = cells.flat();
  return (
    (all.some(({ isFastest }) => isFastest) ? all.length : 0) +
    all.filter(({ standing }) => standing === "keeps").length
  );
}

/** With numbers in either direction, or in a few parts; else with marks alone. */
function gridLines(map: HeatMap, options: MapTextOptions): string[] {
  const turned = transposed(map);
  const numbers = [numbered(map), numbered(turned)];
  for (const grid of numbers) if (widthOfGrid(grid) <= options.columns) return linesOf(grid, options);
  const parts = partsOf(map, numbered, options.columns);
  const isBrief = parts.length <= mostParts && parts.length * map.rows.values.length <= mostLines;
  if (isBrief) return parts.flatMap((part) => linesOf(numbered(part), options));
  for (const grid of [marked(map), marked(turned)]) {
    if (widthOfGrid(grid) <= options.columns) return linesOf(grid, options);
  }
  return partsOf(map, marked, options.columns).flatMap((part) => linesOf(marked(part), options));
}

interface Grid {
  map: HeatMap;
  /** as a cell shows it */
  textOf(cell: MapCell): string;
  /** of every cell, without the space between two */
  cellWidth: number;
  labelWidth: number;
  /** whether each column has its value above it */
  hasColumnLabels: boolean;
}

function numbered(map: HeatMap): Grid {
  return gridOf(map, numberText, map.columns!.values);
}

/** The columns' values stand above them where there is room. */
function marked(map: HeatMap): Grid {
  return gridOf(map, ({ standing, isFastest }) => (isFastest ? "*" : marks[standing]), []);
}

function gridOf(map: HeatMap, textOf: Grid["textOf"], heads: readonly string[]): Grid {
  const texts = [...map.cells.flat().map(textOf), ...heads];
  const labels = [map.rows.name, ...map.rows.values];
  return {
    map,
    textOf,
    cellWidth: Math.max(...texts.map(widthOf)) + (heads.length > 0 ? 2 : 0),
    labelWidth: Math.max(...labels.map(widthOf)),
    hasColumnLabels: heads.length > 0,
  };
}

/** `✓ 18m`, with `*` for the fastest. */
function numberText({ standing, text, isFastest }: MapCell): string {
  return text === null ? marks[standing] : `${marks[standing]} ${text}${isFastest ? "*" : ""}`;
}

function widthOfGrid({ map, cellWidth, labelWidth }: Grid): number {
  return labelWidth + map.columns!.values.length * (cellWidth + 1);
}

/** Parts of a map that have room, each with some of its columns. */
function partsOf(map: HeatMap, gridFor: (map: HeatMap) => Grid, columns: number): HeatMap[] {
  const { cellWidth, labelWidth } = gridFor(map);
  const size = Math.max(1, Math.floor((columns - labelWidth) / (cellWidth + 1)));
  const count = Math.ceil(map.columns!.values.length / size);
  return Array.from({ length: count }, (_, part) => columnsFrom(map, part * size, (part + 1) * size));
}

function linesOf(grid: Grid, options: MapTextOptions): string[] {
  const { map, textOf, cellWidth, labelWidth, hasColumnLabels } = grid;
  const { rows, columns } = map;
  const values = columns!.values;
  const head = `${rows.name.padEnd(labelWidth)} `;
  const range = values.length === 1 ? values[0]! : `${values[0]} … ${values.at(-1)}, from left to right`;
  const title = hasColumnLabels ? `→ ${columns!.name}` : `→ ${columns!.name} ${range}`;
  return [
    ...wrap(title, options.columns).map((line) => indented(line, labelWidth + 1, options.columns)),
    ...(hasColumnLabels ? [head + values.map((value) => centred(value, cellWidth)).join(" ")] : [head.trimEnd()]),
    ...map.cells.map((row, index) => {
      const cells = row.map((cell) => painted(cell, centred(textOf(cell), cellWidth), options.colour));
      return `${rows.values[index]!.padStart(labelWidth)} ${cells.join(" ")}`.trimEnd();
    }),
  ];
}

/** Moved to the right as far as there is room. */
function indented(line: string, by: number, columns: number): string {
  return " ".repeat(Math.max(0, Math.min(by, columns - widthOf(line)))) + line;
}

function centred(text: string, width: number): string {
  const free = width - widthOf(text);
  return " ".repeat(Math.floor(free / 2)) + text + " ".repeat(Math.ceil(free / 2));
}

function painted({ standing, shade }: MapCell, text: string, isColourful: boolean): string {
  if (!isColourful || standing === "refused" || shade === null) return text;
  return shaded(standing, shade, text);
}

function shaded(standing: Exclude<CellStanding, "refused">, shade: number, text: string): string {
  const [background, foreground] = palettes[standing][shade]!;
  return `\u001b[48;5;${background};38;5;${foreground}m${text}\u001b[0m`;
}

/** One axis: a bar for each value. */
function barLines({ rows, cells }: HeatMap, { columns, colour }: MapTextOptions): string[] {
  const bars = cells.map(([cell]) => cell!);
  const labelWidth = Math.max(widthOf(rows.name), ...rows.values.map(widthOf));
  const textWidth = Math.max(...bars.map((bar) => widthOf(numberText(bar))));
  const room = Math.max(4, Math.min(longestBar, columns - labelWidth - textWidth - 2));
  return [
    rows.name,
    ...bars.map((bar, index) => {
      const { standing, share } = bar;
      const length = share ? Math.max(1, Math.round(share * room)) : 0;
      const drawn = colour && standing !== "refused" ? shaded(standing, 3, " ".repeat(length)) : "█".repeat(length);
      return `${rows.values[index]!.padStart(labelWidth)} ${numberText(bar).padEnd(textWidth)} ${drawn}`.trimEnd();
    }),
  ];
}

/** The figure with its unit and its ends, and the meaning of each mark. */
function legendLines(view: SweepView, { ends }: MapScale, { columns, colour }: MapTextOptions): string[] {
  const { sweep } = view;
  const used = new Set(sweep.cells.map(({ standing }) => standing));
  const asked = askedText(sweep);
  const meanings: [CellStanding, string][] = [
    ["keeps", asked],
    ["doubtful", "not all calls are known"],
    ["breaks", "does not, in some run"],
    ["refused", "AWS would refuse it"],
  ];
  const parts = meanings
    .filter(([standing]) => used.has(standing))
    .map(([standing, text]) => `${marks[standing]} ${text}`);
  const [low, high] = ends ?? ["", ""];
  const ramps = (["keeps", "doubtful", "breaks"] as const)
    .filter((standing) => used.has(standing))
    .map((standing) => palettes[standing].map((_, shade) => shaded(standing, shade, "  ")).join(""));
  const ramp = ramps.join(" ");
  const scale =
    ends === null ? "" : low === high ? `all ${low}` : colour ? `${low} ${ramp} ${high}` : `${low} to ${high}`;
  return [
    ...besideOrBelow(wrap(`${figureText(view)}${unitText(ends)}:`, columns), scale, columns),
    ...joined([...parts, ...(sweep.fastest === null ? [] : ["* the fastest"])], columns),
  ];
}

/** The last line with the text behind it, or the text on a line of its own. */
function besideOrBelow(lines: readonly string[], text: string, columns: number): string[] {
  const last = lines.at(-1)!;
  if (text === "") return [...lines];
  return widthOf(last) + 1 + widthOf(text) <= columns
    ? [...lines.slice(0, -1), `${last} ${text}`]
    : [...lines, `  ${text}`];
}

/** Names the short units that the numbers have. */
function unitText(ends: MapScale["ends"]): string {
  const short = [
    ["s", "seconds"],
    ["m", "minutes"],
    ["h", "hours"],
  ].filter(([unit]) => ends?.some((end) => new RegExp(`\\d${unit}$`).test(end)));
  return short.length === 0 ? "" : ` (${short.map(([unit, name]) => `${unit}: ${name}`).join(", ")})`;
}
