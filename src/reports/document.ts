/** The contents of a report, in order. `media/` writes them for a terminal, in Markdown and on a page. */
import type { RunRecord, RunVerdict } from "../model.ts";

export interface Cell {
  text: string;
  /** the evidence of the text: it stands beside it or below it, and is left out where room is short */
  aside?: string;
  tone?: "good" | "bad";
}

export interface Column {
  /** may have line breaks */
  head: string | Cell;
  cells: (string | Cell)[];
  /** left-aligned, where figures are right-aligned */
  isText?: boolean;
}

/** Makes columns with a cell for each of the rows. */
export function columnsOver<Row>(rows: readonly Row[]) {
  return (head: string | Cell, cell: (row: Row) => string | Cell, isText = false): Column => ({
    head,
    cells: rows.map(cell),
    isText,
  });
}

/** A column that only a page has room for. */
export interface DrawnColumn {
  head: string;
  cells: { svg: string; tone?: Cell["tone"] }[];
}

/** So many rows of a table under a title of their own. The groups of a table have all of its rows, in their order. */
export interface RowGroup {
  title: string;
  rows: number;
}

/** For each row of a table the title that stands above it; null: none does. */
export function titlesAbove(groups: readonly RowGroup[], rows: number): (string | null)[] {
  const titles: (string | null)[] = Array(rows).fill(null);
  let row = 0;
  for (const { title, rows: size } of groups) {
    titles[row] = title;
    row += size;
  }
  return titles;
}

export type Block =
  /** quiet sentences, each on its own line */
  | { kind: "notes"; lines: string[] }
  | { kind: "pairs"; pairs: [term: string, text: string][] }
  /** the widest layout first; a terminal takes the first that it has room for; `links`: where a page tells more, for each row */
  | { kind: "table"; name: string; layouts: Column[][]; drawn?: DrawnColumn; groups?: RowGroup[]; links?: string[] }
  /** doubts that a reader has to know before relying on a figure */
  | { kind: "warnings"; name: string; title?: string; sentences: string[] }
  | { kind: "conclusion"; text: string; isBad: boolean }
  /** the answers to what a run was made for; `name`: whose they are, where that is not plain */
  | { kind: "verdict"; name?: string; verdict: RunVerdict; note: string | null }
  | { kind: "timeline"; record: RunRecord }
  /** `text`: the same in characters; without it a page alone has the drawing */
  | { kind: "drawing"; name: string; svg: string; text?(room: { columns: number; colour: boolean }): string[] }
  /** lines of even characters, such as a command; `lines` takes the columns that there are */
  | { kind: "verbatim"; name: string; language: "sh" | "text"; lines(columns: number): string[] }
  /** folded on a page; in text only where details are asked for, and folded in Markdown */
  | { kind: "details"; title: string; blocks: Placed[] };

/** `only`: the other medium tells the same in another way. */
export type Placed = Block & { only?: "text" | "page" };

export interface Section {
  /** parts of one heading */
  heading: string[];
  /** where the result comes from */
  badge?: string;
  blocks: Placed[];
}

export interface Document {
  /** of the headings in Markdown */
  level: 2 | 3;
  /** tells of all sections, where there are several */
  summary: Section | null;
  sections: Section[];
}

/** The blocks that a medium shows. */
export function blocksFor(medium: "text" | "page", blocks: readonly Placed[]): Placed[] {
  return blocks.filter(({ only }) => only === undefined || only === medium);
}

export function cellOf(cell: string | Cell): Cell {
  return typeof cell === "string" ? { text: cell } : cell;
}

/** The text with its evidence beside it. */
export function cellText(cell: string | Cell): string {
  const { text, aside } = cellOf(cell);
  return aside === undefined ? text : `${text} ${aside}`;
}

/** The column where there is no room for the evidence of its cells. */
export function withoutAsides({ head, cells, ...column }: Column): Column {
  const bare = (cell: string | Cell): Cell => ({ ...cellOf(cell), aside: undefined });
  return { ...column, head: bare(head), cells: cells.map(bare) };
}
