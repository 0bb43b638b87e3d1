/** The report as one HTML file that asks the network for nothing: tables, pictures, interactive timelines, definitions. */
import type { RunRecord } from "../../model.ts";
import { definitions } from "../definitions.ts";
import type { FileFormat } from "../format.ts";
import { labelsOf } from "../labels.ts";
import { article, badgeOf, drawn, section } from "../media/html.ts";
import { interact } from "../pictures/interactive.ts";
import { escaped } from "../pictures/markup.ts";
import { page } from "../pictures/page.ts";
import { type Panel, panelsOf, type Tone } from "../pictures/panels.ts";
import { clockTime, shortNumber, timeTicks, valueTicks } from "../pictures/scale.ts";
import { pictureStyle } from "../pictures/svg.ts";
import { topologyStyle } from "../pictures/topology.ts";
import { runsDocument } from "../runs.ts";
import { provenanceOfAll, versionsLine } from "../words.ts";

/** Values per series in the interactive timelines. In longer runs several seconds share a value. */
const mostValues = 4_000;

export const html: FileFormat<RunRecord> = {
  name: "html",
  help: "write one self-contained page with tables and interactive timelines",
  value: "file",
  files: (records, path) => [{ path, content: `${pageOf(records)}\n` }],
};

export function pageOf(records: readonly RunRecord[]): string {
  const { summary, sections } = runsDocument(records);
  const labels = labelsOf(records);
  const title = records.length > 1 ? `${records.length} runs` : records.map(({ scenario }) => scenario).join("");
  const body = [
    `<header><h1>throttle-bench: ${escaped(title)}</h1>${records.length > 0 ? badgeOf(provenanceOfAll(records)) : ""}</header>`,
    "<main>",
    ...(summary ? [contents(labels), section("Summary", drawn(summary.blocks).join(""))] : []),
    timelines(records, labels),
    ...sections.map((one, index) => article(one, `run-${index}`)),
    section("What the figures mean", definitionList()),
    "</main>",
    `<footer>${[...new Set(records.map(versionsLine))].map((line) => `<p>${escaped(line)}</p>`).join("")}</footer>`,
    script(records, labels),
  ];
  return page(`throttle-bench: ${title}`, `${topologyStyle}${pictureStyle("system")}`, body, true);
}

function contents(labels: readonly string[]): string {
  const links = labels.map((label, index) => `<li><a href="#run-${index}">${escaped(label)}</a></li>`);
  return `<nav aria-label="Runs"><ul>${links.join("")}</ul></nav>`;
}

function timelines(records: readonly RunRecord[], labels: readonly string[]): string {
  const boxes = records.map(
    (record, index) =>
      `<label><input type="checkbox" value="${index}" checked> <i class="swatch run-${index % 6}"></i> ${escaped(labels[index]!)}${binning(record)}</label>`,
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

function definitionList(): string {
  return `<dl>${definitions.map(([figure, meaning]) => `<dt>${escaped(figure)}</dt><dd>${escaped(meaning)}</dd>`).join("")}</dl>`;
}

/** The interactive panels in their order, with their titles and the nouns of their values. */
const interactivePanels: Partial<Record<Tone, { title: string; counts: string }>> = {
  inserts: { title: "DB inserts per second", counts: "inserts/s" },
  overlap: { title: "Overlapping invocations", counts: "overlapping" },
  visible: { title: "Messages waiting in the queue, per minute", counts: "waiting" },
  throttles: { title: "Throttles per minute", counts: "throttles/min" },
  "dead-letters": { title: "Dead letters per second", counts: "dead letters/s" },
};

function script(records: readonly RunRecord[], labels: readonly string[]): string {
  const runs = records.map((record, index) => {
    const { story, panels } = panelsOf(record, mostValues);
    return { name: labels[index]!, seconds: story.seconds, panels: panels.flatMap(forScript) };
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
