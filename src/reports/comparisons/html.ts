/** A comparison as one HTML file that asks the network for nothing: what is unlike, figure by figure, and how it was judged. */
import type { Comparison, FigureComparison } from "../../metrics/compare.ts";
import { percentage } from "../figures.ts";
import type { FileFormat } from "../format.ts";
import { escaped } from "../pictures/markup.ts";
import { page } from "../pictures/page.ts";
import {
  type ComparedLine,
  comparedLines,
  conclusionText,
  differenceHead,
  differencesText,
  methodText,
  sideLabels,
  sideText,
} from "./words.ts";

/** Of the drawing of a difference, in pixels; the base is in the middle. */
const width = 150;
const height = 18;
const margin = 6;

const style = `
.verdict{font-weight:600}.worse{color:var(--bad)}.better{color:var(--run-2)}
.drawn svg{display:block}.drawn .zero{stroke:var(--quiet)}.drawn .interval{stroke:currentColor;stroke-width:3;opacity:.45}.drawn circle{fill:currentColor}
.conclusion{font-weight:600}
.sides{display:grid;grid-template-columns:auto 1fr;gap:.1rem .8rem;margin:.6rem 0}.sides dt,.sides dd{margin:0}
aside p{margin:0}
`.replaceAll("\n", "");

export const compareHtml: FileFormat<Comparison> = {
  name: "html",
  help: "also write one self-contained page",
  value: "file",
  files: (comparisons, path) => [{ path, content: `${comparisonPage(comparisons)}\n` }],
};

export function comparisonPage(comparisons: readonly Comparison[]): string {
  const title = comparisons.map(({ scenario }) => scenario).join(", ");
  const body = [
    `<header><h1>throttle-bench: ${titleOf(comparisons)}</h1>${conclusions(comparisons)}</header>`,
    "<main>",
    ...comparisons.map(article),
    "</main>",
  ];
  return page(`throttle-bench compare: ${title}`, style, body, false);
}

/** What is compared, where all of them are alike in that. */
function titleOf(comparisons: readonly Comparison[]): string {
  const titles = new Set(
    comparisons.map((comparison) => {
      const { base, candidate } = sideLabels(comparison);
      return `${base} and ${candidate}`;
    }),
  );
  return titles.size === 1 ? [...titles][0]! : "base and candidate";
}

/** What matters first: one line per scenario, linked to its figures. */
function conclusions(comparisons: readonly Comparison[]): string {
  const items = comparisons.map(
    (comparison, index) => `<li><a href="#scenario-${index}">${escaped(conclusionText(comparison))}</a></li>`,
  );
  return `<nav aria-label="Conclusions"><ul>${items.join("")}</ul></nav>`;
}

function article(comparison: Comparison, index: number): string {
  const unlike = differencesText(comparison);
  const labels = sideLabels(comparison);
  return [
    `<article id="scenario-${index}">`,
    `<h2>${escaped(comparison.scenario)}</h2>`,
    ...(unlike ? [`<aside aria-label="Unlike sides"><p>${escaped(unlike)}</p></aside>`] : []),
    `<dl class="sides"><dt>${labels.base}</dt><dd>${escaped(sideText(comparison.base))}</dd><dt>${labels.candidate}</dt><dd>${escaped(sideText(comparison.candidate))}</dd></dl>`,
    table(comparison),
    `<p class="conclusion">${escaped(conclusionText(comparison))}</p>`,
    `<p class="hint">${escaped(methodText(comparison))}</p>`,
    "</article>",
  ].join("\n");
}

function table(comparison: Comparison): string {
  const scale = largestShare(comparison.figures);
  const labels = sideLabels(comparison);
  const heads = [labels.base, labels.candidate, differenceHead(comparison)].map(
    (head) => `<th scope="col">${onTwoLines(head)}</th>`,
  );
  const drawn =
    scale === null ? "" : `<th scope="col" class="words">of the ${labels.base}, to ±${escaped(percentage(scale))}</th>`;
  const rows = comparedLines(comparison).map((line, index) => {
    const { name, base, candidate, difference } = line;
    const cells = [base, candidate, difference].map((cell) => `<td>${onTwoLines(cell)}</td>`).join("");
    const drawing =
      scale === null ? "" : `<td class="drawn ${tone(line)}">${draw(comparison.figures[index]!, scale)}</td>`;
    return `<tr><th scope="row">${escaped(name)}</th>${cells}<td class="words verdict ${tone(line)}">${mark(line)}${reasonBelow(line.verdict)}</td>${drawing}</tr>`;
  });
  const content = `<table><caption>Figures of ${escaped(comparison.scenario)}</caption><thead><tr><th scope="col" class="words">figure</th>${heads.join("")}<th scope="col" class="words">verdict</th>${drawn}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
  return `<div class="scrolls" tabindex="0" role="region" aria-label="Figures of ${escaped(comparison.scenario)}">${content}</div>`;
}

/** An interval stands below what it is of, so that a verdict is in sight beside it. */
function onTwoLines(text: string): string {
  return escaped(text).replace(" [", '<br><span class="hint">[').replace(/\]$/, "]</span>");
}

/** What a verdict rests on stands below it, so that the drawing beside it is in sight, too. */
function reasonBelow(verdict: string): string {
  return escaped(verdict).replace(/ (\(.*\))$/, '<br><span class="hint">$1</span>');
}

function tone({ isRegression, isImprovement }: ComparedLine): string {
  return isRegression ? "worse" : isImprovement ? "better" : "";
}

/** Not by colour alone. */
function mark({ isRegression, isImprovement }: ComparedLine): string {
  return isRegression ? "✗ " : isImprovement ? "✓ " : "";
}

/** The farthest that a difference or its interval is from the base, as a share of it; null: nothing can be drawn. */
function largestShare(figures: readonly FigureComparison[]): number | null {
  const shares = figures.flatMap((one) => Object.values(sharesOf(one) ?? {})).map(Math.abs);
  const largest = Math.max(0, ...shares);
  return largest > 0 ? largest : null;
}

function sharesOf({ base, difference, interval }: FigureComparison) {
  if (base === null || base === 0 || difference === null) return null;
  const share = difference / base;
  return { low: interval ? interval.low / base : share, share, high: interval ? interval.high / base : share };
}

/** The difference as a dot and its interval as a bar, around the base's line. */
function draw(comparison: FigureComparison, scale: number): string {
  const shares = sharesOf(comparison);
  if (shares === null) return "";
  const x = (share: number) => (width / 2 + (share / scale) * (width / 2 - margin)).toFixed(1);
  const y = height / 2;
  return [
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true">`,
    `<line class="zero" x1="${width / 2}" x2="${width / 2}" y1="1" y2="${height - 1}"/>`,
    `<line class="interval" x1="${x(shares.low)}" x2="${x(shares.high)}" y1="${y}" y2="${y}"/>`,
    `<circle cx="${x(shares.share)}" cy="${y}" r="4"/></svg>`,
  ].join("");
}
