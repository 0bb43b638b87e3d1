/** Tables of text in a frame, as many of their columns as the terminal has room for. */
import Table from "cli-table3";
import type picocolors from "picocolors";
import { type Cell, type Column, cellOf, cellText, type RowGroup, titlesAbove } from "../document.ts";
import { missing } from "../figures.ts";
import { widthOf, wrap } from "../text.ts";

export type Colours = ReturnType<typeof picocolors.createColors>;

/** A border and a space on either side. */
const framePadding = 4;

/** The first of the layouts that is no wider than `columns`, or else the last. */
export function widestThatFits(
  layouts: Column[][],
  columns: number,
  colours: Colours,
  groups: readonly RowGroup[] = [],
): string {
  let drawn = "";
  for (const layout of layouts) {
    drawn = draw(layout, colours, groups);
    if (widthOf(drawn) <= columns) return drawn;
  }
  return drawn;
}

/** Columns side by side; what is missing stands out. */
function draw(columns: Column[], colours: Colours, groups: readonly RowGroup[]): string {
  const table = new Table({
    head: columns.map(({ head }) => cellText(head).split("\n").map(colours.bold).join("\n")),
    colAligns: columns.map(({ isText }) => (isText ? "left" : "right")),
    // The library colours by itself, also into pipes, unless it is told to leave that to us.
    style: { head: [], border: [], compact: true },
  });
  // A title makes no table wider.
  const room = groups.length === 0 ? 0 : widthOf(draw(columns, colours, [])) - framePadding;
  const titleWithin = (title: string) => wrap(title, room).map(colours.bold).join("\n");
  for (const [row, title] of titlesAbove(groups, columns[0]!.cells.length).entries()) {
    if (title !== null) table.push([{ colSpan: columns.length, content: titleWithin(title) }]);
    table.push(columns.map(({ cells }) => painted(cells[row]!, colours)));
  }
  return table.toString();
}

function painted(cell: string | Cell, colours: Colours): string {
  const { text, tone } = cellOf(cell);
  if (text === missing) return colours.yellow(missing);
  return tone === undefined ? cellText(cell) : colours[tone === "bad" ? "red" : "green"](cellText(cell));
}
