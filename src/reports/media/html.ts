/** The sections of a document as parts of a page. */
import {
  blocksFor,
  type Cell,
  type Column,
  cellOf,
  cellText,
  type Placed,
  type Section,
  titlesAbove,
} from "../document.ts";
import { missing } from "../figures.ts";
import { escaped } from "../pictures/markup.ts";
import { picture } from "../pictures/svg.ts";
import { capitalised } from "../text.ts";
import { verdictParts } from "../verdict.ts";

export function article({ heading, badge, blocks }: Section, id: string): string {
  const parts = [
    `<h2>${escaped(heading.join(" · "))}</h2>`,
    ...(badge === undefined ? [] : [badgeOf(badge)]),
    ...drawn(blocks, heading[0]),
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

/** `whose`: what a screen reader calls them after, where other parts of the page have blocks of the same names. */
export function drawn(blocks: readonly Placed[], whose?: string): string[] {
  return blocksFor("page", blocks).map((block) => drawBlock(block, whose));
}

function drawBlock(block: Placed, whose: string | undefined): string {
  const spoken = (name: string) => (whose === undefined ? name : `${name}: ${whose}`);
  switch (block.kind) {
    case "notes":
      return block.lines.map((line) => `<p class="hint">${escaped(line)}</p>`).join("");
    case "pairs": {
      const pairs = block.pairs.map(([term, text]) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`);
      return `<dl class="pairs">${pairs.join("")}</dl>`;
    }
    case "table":
      return tableOf(block.layouts[0]!, block, spoken(block.name));
    case "warnings": {
      const title = block.title === undefined ? "" : `<h3>${escaped(block.title)}</h3>`;
      const items = block.sentences.map((sentence) => `<li>${escaped(sentence)}</li>`);
      return `<aside aria-label="${escaped(spoken(block.name))}">${title}<ul>${items.join("")}</ul></aside>`;
    }
    case "conclusion":
      return `<p${classes("conclusion", block.isBad && "bad")}>${escaped(block.text)}</p>`;
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
      return [
        chart([block.record.runId], `${spoken("Story of the run")}; its tables hold the same figures`),
        `<noscript>${scrolling(picture(block.record, "page", whose), spoken("Story of the run"))}</noscript>`,
      ].join("");
    case "drawing":
      return scrolling(block.svg, spoken(block.name));
    case "verbatim":
      return scrolling(`<pre>${block.lines(Number.POSITIVE_INFINITY).map(escaped).join("\n")}</pre>`, block.name);
    case "details":
      return `<details><summary>${escaped(block.title)}</summary>${drawn(block.blocks, whose).join("")}</details>`;
  }
}

/**
 * The place of a drawing that the page's script makes of these runs, wide as the window; without scripts it stays hidden. `controls`
 * choose among them.
 */
export function chart(runIds: readonly string[], label: string, controls = ""): string {
  return [
    `<div class="chart" data-runs="${escaped(runIds.join(" "))}" hidden>`,
    controls,
    `<div class="stage"><div class="plots" tabindex="0" role="application" aria-label="${escaped(label)}"></div><div class="tip" hidden></div></div>`,
    '<p class="hint">Drag over a stretch to zoom in; with the keyboard: arrows move, + and − zoom, Escape shows all. <button type="button" disabled>Show all</button></p>',
    '<p class="spoken" aria-live="polite"></p>',
    "</div>",
  ].join("");
}

/** Wider than a phone, so it scrolls by itself; the keyboard has to get there too. */
function scrolling(content: string, label: string): string {
  return `<div class="scrolls" tabindex="0" role="region" aria-label="${escaped(label)}">${content}</div>`;
}

function tableOf(
  columns: readonly Column[],
  { name, drawn: drawing, groups = [], links }: Omit<Extract<Placed, { kind: "table" }>, "layouts">,
  spoken: string,
): string {
  const heads = columns.map(
    (column) => `<th scope="col"${classes(column.isText && "words")}>${onTwoLines(headOf(column))}</th>`,
  );
  if (drawing) heads.push(`<th scope="col" class="words">${escaped(drawing.head)}</th>`);
  const rows = titlesAbove(groups, columns[0]!.cells.length).map((title, row) => {
    const cells = columns.map(({ cells, isText }, index) =>
      index === 0 ? headCell(cells[row]!, links?.[row]) : bodyCell(cells[row]!, isText === true),
    );
    const picture = drawing?.cells[row];
    if (picture) cells.push(`<td${classes("drawn", picture.tone)}>${picture.svg}</td>`);
    const above =
      title === null
        ? ""
        : `<tr><th scope="rowgroup" colspan="${heads.length}" class="words">${escaped(title)}</th></tr>`;
    return `${above}<tr>${cells.join("")}</tr>`;
  });
  const table = `<table><caption>${escaped(name)}</caption><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
  return scrolling(table, spoken);
}

/** A screen reader needs a head for each column. */
function headOf({ head }: Column): string | Cell {
  return cellText(head) === "" ? "figure" : head;
}

function headCell(cell: string | Cell, link: string | undefined): string {
  const text = escaped(cellText(cell));
  return `<th scope="row">${link === undefined ? text : `<a href="${escaped(link)}">${text}</a>`}</th>`;
}

function bodyCell(cell: string | Cell, isText: boolean): string {
  const { text, tone } = cellOf(cell);
  return `<td${classes(isText && "words", text === missing && "gone", tone)}>${isMarked(text) ? "" : mark(tone)}${onTwoLines(cell)}</td>`;
}

/** True for a text that brings its own mark. */
function isMarked(text: string): boolean {
  return /^[✓✗~]/.test(text);
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
