/** Tables of text in a frame, as many of their columns as the terminal has room for. */
import Table from "cli-table3";
import type picocolors from "picocolors";
import { type Cell, type Column, cellOf, cellText } from "../document.ts";
import { missing } from "../figures.ts";
import { widthOf } from "../text.ts";

export type Colours = ReturnType<typeof picocolors.createColors>;

/** The first of the layouts that is no wider than `columns`, or else the last. */
export function widestThatFits(layouts: Column[][], columns: number, colours: Colours): string {
  const drawn = layouts.map((layout) => draw(layout, colours));
  return drawn.find((text) => widthOf(text) <= columns) ?? drawn.at(-1)!;
}

/** Columns side by side; what is missing stands out. */
function draw(columns: Column[], colours: Colours): string {
  const table = new Table({
    head: columns.map(({ head }) => cellText(head).split("\n").map(colours.bold).join("\n")),
    colAligns: columns.map(({ isText }) => (isText ? "left" : "right")),
    // The library colours by itself, also into pipes, unless it is told to leave that to us.
    style: { head: [], border: [], compact: true },
  });
  for (let row = 0; row < columns[0]!.cells.length; row++) {
    table.push(columns.map(({ cells }) => painted(cells[row]!, colours)));
  }
  return table.toString();
}

function painted(cell: string | Cell, colours: Colours): string {
  const { text, tone } = cellOf(cell);
  if (text === missing) return colours.yellow(missing);
  return tone === undefined ? cellText(cell) : colours[tone === "bad" ? "red" : "green"](cellText(cell));
}
