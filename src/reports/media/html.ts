/** The sections of a document as parts of a page. */
import {
  blocksFor,
  type Cell,
  type Column,
  cellOf,
  cellText,
  type DrawnColumn,
  type Placed,
  type RowGroup,
  type Section,
  titlesAbove,
} from "../document.ts";
import { missing } from "../figures.ts";
import { escaped } from "../pictures/markup.ts";
import { picture } from "../pictures/svg.ts";
import { capitalised, verdictParts } from "../verdict.ts";

export function article({ heading, badge, blocks }: Section, id: string): string {
  const parts = [
    `<h2>${escaped(heading.join(" · "))}</h2>`,
    ...(badge === undefined ? [] : [badgeOf(badge)]),
    ...drawn(blocks),
  ];
  return `<article id="${id}">${parts.join("\n")}</article>`;
}

/** A part of the page that belongs to no single article. */
export function section(title: string, content: string): string {
  return `<section><h2>${escaped(title)}</h2>${content}</section>`;
}

export function badgeOf(text: string): string {
  return `<p class="badge">${escaped(text)}</p>`;
}

export function drawn(blocks: readonly Placed[]): string[] {
  return blocksFor("page", blocks).map(drawBlock);
}

function drawBlock(block: Placed): string {
  switch (block.kind) {
    case "notes":
      return block.lines.map((line) => `<p class="hint">${escaped(line)}</p>`).join("");
    case "pairs": {
      const pairs = block.pairs.map(([term, text]) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`);
      return `<dl class="pairs">${pairs.join("")}</dl>`;
    }
    case "table":
      return tableOf(block.layouts[0]!, block);
    case "warnings": {
      const title = block.title === undefined ? "" : `<h3>${escaped(block.title)}</h3>`;
      const items = block.sentences.map((sentence) => `<li>${escaped(sentence)}</li>`);
      return `<aside aria-label="${escaped(block.name)}">${title}<ul>${items.join("")}</ul></aside>`;
    }
    case "conclusion":
      return `<p class="conclusion">${escaped(block.text)}</p>`;
    case "verdict": {
      const { name, verdict, note } = block;
      const answers = verdictParts(verdict).map(
        ({ text, tone }) => `<li${classes(tone)}>${mark(tone)}${escaped(capitalised(text))}</li>`,
      );
      const head = name === undefined ? "" : `<p>${escaped(name)}</p>`;
      const below = note === null ? "" : `<p class="hint">${escaped(note)}</p>`;
      return `<div class="verdict">${head}<ul>${answers.join("")}</ul>${below}</div>`;
    }
    case "timeline":
      return scrolling(picture(block.record, "page"), "Timeline as a picture");
    case "drawing":
      return scrolling(block.svg, block.name);
    case "verbatim":
      return scrolling(`<pre>${block.lines(Number.POSITIVE_INFINITY).map(escaped).join("\n")}</pre>`, block.name);
    case "details":
      return `<details><summary>${escaped(block.title)}</summary>${drawn(block.blocks).join("")}</details>`;
  }
}

/** Wider than a phone, so it scrolls by itself; the keyboard has to get there too. */
function scrolling(content: string, label: string): string {
  return `<div class="scrolls" tabindex="0" role="region" aria-label="${escaped(label)}">${content}</div>`;
}

function tableOf(
  columns: readonly Column[],
  { name, drawn: drawing, groups = [] }: { name: string; drawn?: DrawnColumn; groups?: readonly RowGroup[] },
): string {
  const heads = columns.map(
    (column) => `<th scope="col"${classes(column.isText && "words")}>${onTwoLines(headOf(column))}</th>`,
  );
  if (drawing) heads.push(`<th scope="col" class="words">${escaped(drawing.head)}</th>`);
  const rows = titlesAbove(groups, columns[0]!.cells.length).map((title, row) => {
    const cells = columns.map(({ cells, isText }, index) => bodyCell(cells[row]!, index === 0, isText === true));
    const picture = drawing?.cells[row];
    if (picture) cells.push(`<td${classes("drawn", picture.tone)}>${picture.svg}</td>`);
    const above =
      title === null
        ? ""
        : `<tr><th scope="rowgroup" colspan="${heads.length}" class="words">${escaped(title)}</th></tr>`;
    return `${above}<tr>${cells.join("")}</tr>`;
  });
  const table = `<table><caption>${escaped(name)}</caption><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
  return scrolling(table, name);
}

/** A screen reader needs a head for each column. */
function headOf({ head }: Column): string | Cell {
  return cellText(head) === "" ? "figure" : head;
}

function bodyCell(cell: string | Cell, isFirst: boolean, isText: boolean): string {
  if (isFirst) return `<th scope="row">${escaped(cellText(cell))}</th>`;
  const { text, tone } = cellOf(cell);
  return `<td${classes(isText && "words", text === missing && "gone", tone)}>${mark(tone)}${onTwoLines(cell)}</td>`;
}

/** Good and bad are not told by colour alone. */
function mark(tone: Cell["tone"]): string {
  return tone === undefined ? "" : tone === "bad" ? "✗ " : "✓ ";
}

/** The evidence of a text stands below it, so that the columns beside it stay in sight. */
function onTwoLines(cell: string | Cell): string {
  const { text, aside } = cellOf(cell);
  const below = aside === undefined ? "" : `<br><span class="hint">${escaped(aside)}</span>`;
  return `${escaped(text).replaceAll("\n", "<br>")}${below}`;
}

function classes(...names: (string | false | undefined)[]): string {
  const given = names.filter(Boolean);
  return given.length > 0 ? ` class="${given.join(" ")}"` : "";
}
