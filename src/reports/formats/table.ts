/** The report for people: per run its figures, a timeline and its doubts; several runs end with one table. */
import picocolors from "picocolors";
import type { RunRecord } from "../../model.ts";
import { caveatText } from "../caveats.ts";
import { figureLayouts, furtherFigures, summaryLayouts } from "../columns.ts";
import { figure } from "../figures.ts";
import type { Options } from "../format.ts";
import { type Colours, draw, widestThatFits } from "../grid.ts";
import { plot } from "../pictures/plot.ts";
import { joined, wrap } from "../text.ts";
import {
  pathBesideTitle,
  provenance,
  provenanceOfAll,
  publishedLine,
  repeated,
  runLine,
  settingsLine,
  versionsLine,
} from "../words.ts";

export function table(records: readonly RunRecord[], options: Options): string {
  const colours = picocolors.createColors(options.colour);
  const parts = records.map((record) => runPart(record, options, colours));
  if (records.length > 1) parts.push(summaryPart(records, options, colours));
  return parts.map((lines) => lines.join("\n")).join("\n\n\n");
}

function runPart(record: RunRecord, options: Options, colours: Colours): string[] {
  const { columns } = options;
  const header = [record.scenario, pathBesideTitle(record) ?? "", record.title, provenance(record)];
  const settings = settingsLine(record);
  const paint = { inserts: colours.cyan, deadLetters: colours.red };
  return [
    ...joined(header, columns).map(colours.bold),
    ...wrap(runLine(record), columns, "  ").map(colours.dim),
    ...(settings ? wrap(settings, columns, "  ").map(colours.dim) : []),
    widestThatFits(figureLayouts(record), columns, colours),
    ...(record.uncertainty ? wrap(repeated(record.uncertainty), columns, "  ").map(colours.dim) : []),
    "",
    ...plot(record.timeline, { columns, paint }),
    ...(options.details ? ["", ...detailLines(record, columns, colours)] : []),
    ...(record.caveats.length > 0 ? [""] : []),
    ...record.caveats.flatMap((caveat) => wrap(`! ${caveatText(caveat)}`, columns, "  ").map(colours.yellow)),
  ];
}

function detailLines(record: RunRecord, columns: number, colours: Colours): string[] {
  const slowest = record.details.slowest.map(({ id, latencyMs }) => `${id} (${figure(latencyMs, "milliseconds")})`);
  const published = publishedLine(record);
  return [
    draw(furtherFigures(record), colours),
    ...(slowest.length > 0 ? wrap(`Slowest events: ${slowest.join(", ")}`, columns, "  ") : []),
    ...wrap(versionsLine(record), columns, "  "),
    ...(published ? wrap(published, columns, "  ") : []),
  ];
}

function summaryPart(records: readonly RunRecord[], { columns }: Options, colours: Colours): string[] {
  const heading = ["Summary", provenanceOfAll(records)];
  const layouts = summaryLayouts(records, Math.floor(columns / 5));
  return [...joined(heading, columns).map(colours.bold), widestThatFits(layouts, columns, colours)];
}
