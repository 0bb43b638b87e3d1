/** The maps of a sweep as one SVG, hand-written, without scripts, fonts or links: shades tell the figure, marks and hatching the verdict. */
import type { CellStanding } from "../../simulation/sweep/sweep.ts";
import { escaped } from "../pictures/markup.ts";
import { shortened } from "../text.ts";
import { type HeatMap, type MapCell, type MapScale, mapsOf, shades } from "./map.ts";
import { type Drawn, mapStyle } from "./map-style.ts";
import { askedText, cellText, conclusionText, figureText, provenanceOf, type SweepView, wayText } from "./words.ts";

/** `system`: light or dark like the reader's system, where the viewer understands that. `page`: the page has `mapStyle`. */
export type MapTheme = "light" | "system" | "page";

const widest = 960;
const margin = 20;
/** A character of the labels, and of the numbers in cells, is about so wide. */
const characterWidth = 7;
const smallCharacterWidth = 6;
const tallest = 720;
const cellHeights = { most: 38, stacked: 30, least: 14 };
const cellWidths = { most: 76, least: 14 };
const barLength = 420;
const barHeight = 26;
const gap = 2;
/** Beside a number, a mark needs so much. */
const markWidth = 14;
const titleHeight = 26;
const headHeight = 44;
const legendHeight = 58;

/** The SVG document of all maps of a sweep. */
export function mapPicture(view: SweepView, theme: MapTheme = "system"): string {
  const { sweep } = view;
  const { maps, scale } = mapsOf(view);
  const isOwn = theme !== "page";
  const placed = placedMaps(maps, isOwn ? 84 : 8);
  const legend = legendOf(view, scale);
  const width = Math.max(placed.width, legend.width, isOwn ? 640 : 320) + 2 * margin;
  const height = placed.bottom + legendHeight + 10;
  const title = `Sweep of ${wayText(sweep)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" class="map" role="img">`,
    `<title>${escaped(`${title}: ${figureText(view)}`)}</title>`,
    `<desc>${escaped(conclusionText(sweep))}</desc>`,
    ...(isOwn ? [`<style>${mapStyle(theme)}</style>`] : []),
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern></defs>',
    ...(isOwn
      ? [
          `<rect class="page" width="${width}" height="${height}"/>`,
          text(margin, 32, shortened(`${title}: ${figureText(view)}`, Math.floor((width - 2 * margin) / 9)), "name"),
          text(margin, 54, shortened(provenanceOf(sweep), Math.floor((width - 2 * margin) / 6.4)), "muted"),
        ]
      : []),
    ...placed.maps.map(({ x, y, map, layout }) => drawMap(map, layout, x, y, view)),
    ...legend.draw(margin, placed.bottom + 24),
    "</svg>",
  ].join("\n");
}

/** Where a cell has its number: beside its mark, below it, or nowhere. */
type NumberPlace = "beside" | "below" | "nowhere";

interface Layout {
  numbers: NumberPlace;
  labelWidth: number;
  cellWidth: number;
  cellHeight: number;
  width: number;
  height: number;
}

/** Maps side by side as far as there is room, then below each other. */
function placedMaps(maps: readonly HeatMap[], top: number) {
  const layouts = maps.map(layoutOf);
  const placed: { x: number; y: number; map: HeatMap; layout: Layout }[] = [];
  let [x, y, rowHeight, width] = [margin, top, 0, 0];
  for (const [index, map] of maps.entries()) {
    const layout = layouts[index]!;
    if (x > margin && x + layout.width > widest - margin) [x, y, rowHeight] = [margin, y + rowHeight + 22, 0];
    placed.push({ x, y, map, layout });
    width = Math.max(width, x + layout.width - margin);
    rowHeight = Math.max(rowHeight, layout.height);
    x += layout.width + 36;
  }
  return { maps: placed, width, bottom: y + rowHeight };
}

function layoutOf({ title, rows, columns, cells }: HeatMap): Layout {
  const labelWidth = Math.max(...[rows.name, ...rows.values].map((label) => label.length)) * characterWidth + 12;
  const above = (title === "" ? 0 : titleHeight) + (columns === null ? 24 : headHeight);
  if (columns === null) {
    return {
      labelWidth,
      numbers: "beside",
      cellWidth: barLength,
      cellHeight: barHeight,
      width: labelWidth + barLength + 120,
      height: above + cells.length * (barHeight + gap),
    };
  }
  const longest = Math.max(...cells.flat().map(({ text: number }) => number?.length ?? 0));
  const longestHead = Math.max(...columns.values.map((value) => value.length));
  const numberWidth = longest * characterWidth;
  const wanted = Math.min(
    cellWidths.most,
    Math.max(46, longestHead * characterWidth + 12, numberWidth + markWidth + 12),
  );
  const room = (widest - 2 * margin - labelWidth) / columns.values.length - gap;
  const cellWidth = Math.floor(Math.max(cellWidths.least, Math.min(wanted, room)));
  const cellHeight = Math.floor(
    Math.max(cellHeights.least, Math.min(cellHeights.most, tallest / rows.values.length - gap)),
  );
  const isWide = cellWidth >= numberWidth + markWidth + 6;
  return {
    labelWidth,
    cellWidth,
    cellHeight,
    numbers: isWide
      ? "beside"
      : cellWidth >= longest * smallCharacterWidth + 2 && cellHeight >= cellHeights.stacked
        ? "below"
        : "nowhere",
    width: Math.max(
      labelWidth + columns.values.length * (cellWidth + gap),
      title.length * characterWidth,
      labelWidth + columns.name.length * characterWidth,
    ),
    height: above + rows.values.length * (cellHeight + gap),
  };
}

function drawMap(map: HeatMap, layout: Layout, x: number, y: number, view: SweepView): string {
  const { title, rows, columns, cells } = map;
  const { labelWidth, cellWidth, cellHeight } = layout;
  const top = y + (title === "" ? 0 : titleHeight);
  const left = x + labelWidth;
  const head = title === "" ? [] : [text(x, y + 14, title, "title")];
  if (columns === null) {
    const bars = cells.map(([cell], index) => drawBar(cell!, left, top + 24 + index * (barHeight + gap), view));
    const labels = rows.values.map((value, index) =>
      text(left - 8, top + 24 + index * (barHeight + gap) + 17, value, "end"),
    );
    return group([...head, text(left - 8, top + 14, rows.name, "title end"), ...labels, ...bars]);
  }
  const cellTop = top + headHeight;
  const step = Math.ceil(
    (Math.max(...columns.values.map((value) => value.length)) * characterWidth + 6) / (cellWidth + gap),
  );
  const rowStep = Math.ceil(13 / (cellHeight + gap));
  const columnAt = (column: number) => left + column * (cellWidth + gap);
  const rowAt = (row: number) => cellTop + row * (cellHeight + gap);
  const shown = (count: number, every: number) => (_: string, index: number) => index % every === 0 && index < count;
  return group([
    ...head,
    text(left, top + 14, columns.name, "title"),
    text(left - 8, top + 34, rows.name, "title end"),
    ...columns.values
      .map((value, column) => text(columnAt(column) + cellWidth / 2, top + 34, value, "muted middle"))
      .filter(shown(columns.values.length, step)),
    ...rows.values
      .map((value, row) => text(left - 8, rowAt(row) + cellHeight / 2 + 4, value, "muted end"))
      .filter(shown(rows.values.length, rowStep)),
    ...cells.flatMap((row, rowIndex) =>
      row.map((cell, column) => drawCell(cell, columnAt(column), rowAt(rowIndex), layout, view)),
    ),
  ]);
}

function drawCell(cell: MapCell, x: number, y: number, layout: Layout, { sweep }: SweepView): string {
  const { standing, text: number, shade, isFastest } = cell;
  const { numbers, cellWidth: width, cellHeight: height } = layout;
  const title = `<title>${escaped(cellText(sweep.axes, cell.cell))}</title>`;
  const box = `x="${x}" y="${y}" width="${width}" height="${height}" rx="3"`;
  const [middle, centre] = [x + width / 2, y + height / 2];
  if (standing === "refused") {
    return `<g>${title}<rect class="none" ${box}/>${text(middle, centre + 4, "—", "muted middle")}</g>`;
  }
  const numberWidth = (number?.length ?? 0) * characterWidth;
  const drawn = {
    beside: () => [
      markOf(standing, middle - (numberWidth + markWidth) / 2, centre),
      text(middle + markWidth / 2, centre + 4, number ?? "", "middle"),
    ],
    below: () => [markOf(standing, middle - 4, centre - 7), text(middle, centre + 12, number ?? "", "middle small")],
    nowhere: () => [markOf(standing, middle - 4, centre)],
  }[numbers]();
  return [
    `<g class="${standing}-${shade ?? 0}">${title}<rect class="fill" ${box}/>`,
    standing === "breaks" ? `<rect class="over" ${box}/>` : "",
    ...drawn,
    isFastest
      ? `<rect class="best" x="${x + 1.25}" y="${y + 1.25}" width="${width - 2.5}" height="${height - 2.5}" rx="2"/>`
      : "",
    "</g>",
  ].join("");
}

function drawBar(cell: MapCell, x: number, y: number, { sweep }: SweepView): string {
  const { standing, text: number, share, shade, isFastest } = cell;
  const title = `<title>${escaped(cellText(sweep.axes, cell.cell))}</title>`;
  if (standing === "refused") return `<g>${title}${text(x, y + 17, "— AWS would refuse it", "muted")}</g>`;
  const length = Math.max(3, (share ?? 0) * barLength);
  const box = `x="${x}" y="${y}" width="${fixed(length)}" height="${barHeight}" rx="3"`;
  const after = x + length + 8;
  return [
    `<g>${title}<g class="${standing}-${shade ?? 0}"><rect class="fill" ${box}/>${standing === "breaks" ? `<rect class="over" ${box}/>` : ""}</g>`,
    isFastest ? `<rect class="best" ${box}/>` : "",
    `<g class="plain">${markOf(standing, after, y + barHeight / 2)}</g>${text(after + markWidth, y + 17, number ?? "", "")}`,
    "</g>",
  ].join("");
}

/** A tick, a cross or a wave, eight wide and centred on `y`. */
function markOf(standing: Drawn, x: number, y: number): string {
  const [left, middle] = [fixed(x), fixed(y)];
  const shape = {
    keeps: `M${left} ${middle}l3 3.5l5 -7`,
    doubtful: `M${left} ${middle}q2 -5 4 0t4 0`,
    breaks: `M${left} ${fixed(y - 3.5)}l7 7m0 -7l-7 7`,
  }[standing];
  return `<path class="mark" d="${shape}"/>`;
}

/** The figure with its ends, then a sample of each mark that is used. */
function legendOf(view: SweepView, { ends }: MapScale) {
  const { sweep } = view;
  const used = new Set(sweep.cells.map(({ standing }) => standing));
  const ramps = (["keeps", "doubtful", "breaks"] as const).filter((standing) => used.has(standing));
  const meanings: Record<CellStanding, string> = {
    keeps: askedText(sweep),
    doubtful: "not all calls are known",
    breaks: "does not, in some run",
    refused: "AWS would refuse it",
  };
  const entries = [...ramps, ...(used.has("refused") ? (["refused"] as const) : [])];
  const label = `${figureText(view)}:`;
  const rampWidth = shades * 16;
  const rampAt = label.length * 6.4 + 12;
  const [low, high] = ends ?? ["", ""];
  const lowWidth = low.length * characterWidth + 8;
  const widths = entries.map((standing) => 22 + meanings[standing].length * 6.6 + 22);
  const best = sweep.fastest === null ? 0 : 110;
  return {
    width: Math.ceil(
      Math.max(
        rampAt + lowWidth + ramps.length * (rampWidth + 10) + 70,
        widths.reduce((sum, width) => sum + width, best),
      ),
    ),
    draw(x: number, y: number): string[] {
      const isScaled = ends !== null && low !== high;
      const rampsDrawn = ramps.map((standing, index) => {
        const at = x + rampAt + lowWidth + index * (rampWidth + 10);
        const boxes = Array.from({ length: shades }, (_, shade) => {
          const box = `x="${fixed(at + shade * 16)}" y="${y - 11}" width="16" height="14"`;
          return `<g class="${standing}-${shade}"><rect class="fill" ${box}/>${standing === "breaks" ? `<rect class="over" ${box}/>` : ""}</g>`;
        });
        return boxes.join("");
      });
      const highAt = x + rampAt + lowWidth + ramps.length * (rampWidth + 10);
      const samples = entries.map((standing, index) => {
        const at = x + widths.slice(0, index).reduce((sum, width) => sum + width, 0);
        const box = `x="${fixed(at)}" y="${y + 15}" width="18" height="16" rx="3"`;
        const drawn =
          standing === "refused"
            ? `<rect class="none" ${box}/>${text(at + 9, y + 27, "—", "muted middle")}`
            : `<g class="${standing}-2"><rect class="fill" ${box}/>${standing === "breaks" ? `<rect class="over" ${box}/>` : ""}${markOf(standing, at + 5, y + 23)}</g>`;
        return drawn + text(at + 24, y + 27, meanings[standing], "muted");
      });
      const bestAt = x + widths.reduce((sum, width) => sum + width, 0);
      return [
        text(x, y, isScaled ? label : `${label} all ${low}`, ""),
        ...(isScaled ? [text(x + rampAt, y, low, "muted"), ...rampsDrawn, text(highAt, y, high, "muted")] : []),
        ...samples,
        ...(best > 0
          ? [
              `<rect class="best" x="${fixed(bestAt)}" y="${y + 15}" width="18" height="16" rx="3"/>`,
              text(bestAt + 24, y + 27, "the fastest", "muted"),
            ]
          : []),
      ];
    },
  };
}

function group(parts: readonly string[]): string {
  return `<g>${parts.join("\n")}</g>`;
}

function text(x: number, y: number, content: string, classes: string): string {
  return `<text${classes === "" ? "" : ` class="${classes}"`} x="${fixed(x)}" y="${fixed(y)}">${escaped(content)}</text>`;
}

function fixed(value: number): string {
  return String(Number(value.toFixed(1)));
}
