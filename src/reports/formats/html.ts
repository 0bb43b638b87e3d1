/** The report as one HTML file that asks the network for nothing: tables, pictures, interactive timelines, definitions. */
import type { RunRecord } from "../../model.ts";
import { caveatText } from "../caveats.ts";
import { type Column, figureLayouts, furtherFigures, summaryLayouts } from "../columns.ts";
import { definitions } from "../definitions.ts";
import { missing } from "../figures.ts";
import type { FileFormat } from "../format.ts";
import { interact } from "../pictures/interactive.ts";
import { escaped } from "../pictures/markup.ts";
import { page } from "../pictures/page.ts";
import { binned, type Panel, panelsOf, type Span, type Tone } from "../pictures/panels.ts";
import { clockTime, shortNumber, timeTicks, valueTicks } from "../pictures/scale.ts";
import { picture, pictureStyle } from "../pictures/svg.ts";
import { topologyDrawing, topologyStyle } from "../pictures/topology.ts";
import {
  pathBesideTitle,
  provenance,
  provenanceOfAll,
  publishedLine,
  repeated,
  runLine,
  versionsLine,
} from "../words.ts";

/** Values per series that the interactive timelines are given; more seconds than these are put together. */
const mostValues = 4_000;
const mostTableRows = 60;

export const html: FileFormat<RunRecord> = {
  name: "html",
  help: "write one self-contained page with tables and interactive timelines",
  value: "file",
  files: (records, path) => [{ path, content: `${pageOf(records)}\n` }],
};

export function pageOf(records: readonly RunRecord[]): string {
  const isSeveral = records.length > 1;
  const title = isSeveral ? `${records.length} runs` : records.map(({ scenario }) => scenario).join("");
  const body = [
    `<header><h1>throttle-bench: ${escaped(title)}</h1>${records.length > 0 ? badge(provenanceOfAll(records)) : ""}</header>`,
    "<main>",
    ...(isSeveral ? [contents(records), section("Summary", tableOf(summaryLayouts(records)[0]!, "All runs"))] : []),
    timelines(records),
    ...records.map((record, index) => runArticle(record, index)),
    section("What the figures mean", definitionList()),
    "</main>",
    `<footer>${[...new Set(records.map(versionsLine))].map((line) => `<p>${escaped(line)}</p>`).join("")}</footer>`,
    script(records),
  ];
  return page(`throttle-bench: ${title}`, `${topologyStyle}${pictureStyle("system")}`, body, true);
}

function section(title: string, content: string): string {
  return `<section><h2>${escaped(title)}</h2>${content}</section>`;
}

function badge(text: string): string {
  return `<p class="badge">${escaped(text)}</p>`;
}

function contents(records: readonly RunRecord[]): string {
  const links = records.map(
    (record, index) => `<li><a href="#run-${index}">${escaped(nameOf(record, records))}</a></li>`,
  );
  return `<nav aria-label="Runs"><ul>${links.join("")}</ul></nav>`;
}

/** The scenario, with the run's id where it was run more than once. */
function nameOf({ scenario, runId }: RunRecord, records: readonly RunRecord[]): string {
  const isOnly = records.filter((other) => other.scenario === scenario).length === 1;
  return isOnly ? scenario : `${scenario} (${runId})`;
}

function timelines(records: readonly RunRecord[]): string {
  const boxes = records.map(
    (record, index) =>
      `<label><input type="checkbox" value="${index}" checked> <i class="swatch run-${index % 6}"></i> ${escaped(nameOf(record, records))}${binning(record)}</label>`,
  );
  return section(
    "Timelines",
    [
      '<div id="interactive" hidden>',
      `<fieldset><legend>Runs shown</legend>${boxes.join("")}</fieldset>`,
      '<p class="hint">Drag over a stretch to zoom in; with the keyboard: arrows move, + and − zoom, Escape shows all. <button type="button" disabled>Show all</button></p>',
      '<div class="stage"><div class="plots" tabindex="0" role="application" aria-label="Timelines of the runs; the tables below hold the same figures"></div><div class="tip" hidden></div></div>',
      '<p class="spoken" aria-live="polite"></p>',
      "</div>",
      "<noscript><p>Without scripts, the pictures of the runs below show the timelines.</p></noscript>",
    ].join(""),
  );
}

function binning({ timeline }: RunRecord): string {
  return timeline.length > mostValues ? `, the highest of each ${Math.ceil(timeline.length / mostValues)} s` : "";
}

function runArticle(record: RunRecord, index: number): string {
  const heading = [record.scenario, pathBesideTitle(record), record.title].filter(Boolean).join(" · ");
  const published = publishedLine(record);
  const parts = [
    `<h2>${escaped(heading)}</h2>`,
    badge(provenance(record)),
    `<p class="hint">${escaped(runLine(record))}</p>`,
    scrolling(topologyDrawing(record), "Path of an event"),
    tableOf(figureLayouts(record)[0]!, "Figures"),
    ...(record.uncertainty ? [`<p class="hint">${escaped(repeated(record.uncertainty))}</p>`] : []),
    ...(published ? [`<p class="hint">${escaped(published)}</p>`] : []),
    caveatList(record),
    scrolling(picture(record, "page"), "Timeline as a picture"),
    folded("Timeline as a table", timelineTable(record)),
    folded("Further figures", tableOf(furtherFigures(record), "Further figures")),
    folded("Settings", settingsTable(record)),
  ];
  return `<article id="run-${index}">${parts.join("\n")}</article>`;
}

function caveatList({ caveats }: RunRecord): string {
  if (caveats.length === 0) return "";
  const items = caveats.map((caveat) => `<li>${escaped(caveatText(caveat))}</li>`);
  return `<aside aria-label="Caveats"><h3>Before you rely on it</h3><ul>${items.join("")}</ul></aside>`;
}

function folded(title: string, content: string): string {
  return `<details><summary>${escaped(title)}</summary>${content}</details>`;
}

/** Wider than a phone, so it scrolls by itself; the keyboard has to get there too. */
function scrolling(content: string, label: string): string {
  return `<div class="scrolls" tabindex="0" role="region" aria-label="${escaped(label)}">${content}</div>`;
}

function tableOf(columns: readonly Column[], caption: string): string {
  const kind = ({ isText }: Column) => (isText ? ' class="words"' : "");
  const heads = columns.map(
    (column) => `<th scope="col"${kind(column)}>${escaped(column.head || "figure").replaceAll("\n", "<br>")}</th>`,
  );
  const rows = columns[0]!.cells.map((_, row) => {
    const cells = columns.map((column, index) => {
      const text = escaped(column.cells[row]!);
      if (index === 0) return `<th scope="row">${text}</th>`;
      return `<td${column.cells[row] === missing ? ' class="gone"' : kind(column)}>${text}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const table = `<table><caption>${escaped(caption)}</caption><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
  return scrolling(table, caption);
}

function settingsTable({ settings }: RunRecord): string {
  const entries = Object.entries(settings);
  if (entries.length === 0) return "<p>The template has none.</p>";
  return tableOf(
    [
      { head: "setting", cells: entries.map(([name]) => name), isText: true },
      { head: "value", cells: entries.map(([, value]) => value) },
    ],
    "Settings",
  );
}

function timelineTable({ timeline }: RunRecord): string {
  if (timeline.length === 0) return "<p>Nothing was inserted.</p>";
  const perRow = Math.ceil(timeline.length / mostTableRows);
  const times = binned(timeline, "inserts", perRow);
  const column = (head: string, spans: Span[]): Column => ({ head, cells: spans.map(({ value }) => String(value)) });
  return tableOf(
    [
      { head: "from second", cells: times.map(({ from }) => clockTime(from)), isText: true },
      column("inserts per second", times),
      column("overlapping invocations", binned(timeline, "overlap", perRow)),
      column("dead letters per second", binned(timeline, "deadLetters", perRow)),
    ],
    perRow === 1 ? "Each second" : `The highest second of every ${perRow}`,
  );
}

function definitionList(): string {
  return `<dl>${definitions.map(([figure, meaning]) => `<dt>${escaped(figure)}</dt><dd>${escaped(meaning)}</dd>`).join("")}</dl>`;
}

/** The interactive panels in their order, what each is called, and what its values count. */
const interactivePanels: Partial<Record<Tone, { title: string; counts: string }>> = {
  inserts: { title: "DB inserts per second", counts: "inserts/s" },
  overlap: { title: "Overlapping invocations", counts: "overlapping" },
  visible: { title: "Messages waiting in the queue, per minute", counts: "waiting" },
  throttles: { title: "Throttles per minute", counts: "throttles/min" },
  "dead-letters": { title: "Dead letters per second", counts: "dead letters/s" },
};

function script(records: readonly RunRecord[]): string {
  const runs = records.map((record) => {
    const { seconds, panels } = panelsOf(record, mostValues);
    return { name: nameOf(record, records), seconds, panels: panels.flatMap(forScript) };
  });
  const titles = Object.values(interactivePanels).map(({ title }) => title);
  const data = JSON.stringify({ titles, runs }).replaceAll("<", "\\u003c");
  const scale = `{timeTicks:${timeTicks},clockTime:${clockTime},valueTicks:${valueTicks},shortNumber:${shortNumber}}`;
  return `<script>(${interact})(${scale},${data})</script>`;
}

/** Runs lie over each other there, so each panel has its first series only. */
function forScript({ series: [first] }: Panel) {
  const { tone, spans } = first!;
  const panel = interactivePanels[tone];
  if (!panel) return [];
  const step = spans.length > 0 ? spans[0]!.to - spans[0]!.from : 1;
  const isEven = spans.every(({ from }, index) => from === index * step);
  const rounded = () => spans.map(({ from, to, value }) => [Math.round(from), Math.round(to), value]);
  return [{ ...panel, ...(isEven ? { step, values: spans.map(({ value }) => value) } : { spans: rounded() }) }];
}
