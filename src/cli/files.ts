/** The files that `report` and `compare` write: a picture per record as SVG or PNG, and one HTML file. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BenchError, messageOf } from "../errors.ts";
import type { Comparison } from "../metrics/compare.ts";
import type { RunRecord } from "../model.ts";
import { html } from "../reports/formats/html.ts";
import { picture } from "../reports/pictures/svg.ts";

/** Twice the picture's own size, sharp on today's screens. */
const pngWidth = 1920;

/** Writes `<runId>.svg` into the directory. Throws `target-failed`. */
export async function writeSvg(record: RunRecord, directory: string): Promise<string> {
  return written(join(directory, `${record.runId}.svg`), `${picture(record)}\n`);
}

/** Writes `<runId>.png` into the directory. Throws `target-failed`. */
export async function writePng(record: RunRecord, directory: string): Promise<string> {
  const { Resvg } = await import("@resvg/resvg-js");
  const options = { fitTo: { mode: "width" as const, value: pngWidth } };
  const probe = new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">A</text></svg>');
  if (!probe.getBBox()) {
    throw new BenchError(
      "target-failed",
      "This machine has no font to write a PNG's labels in; install one (such as fonts-dejavu-core), or use --svg.",
    );
  }
  return written(join(directory, `${record.runId}.png`), new Resvg(picture(record, "light"), options).render().asPng());
}

/** Writes one page for all records. Throws `target-failed`. */
export async function writeHtml(records: readonly RunRecord[], file: string): Promise<string> {
  return written(file, `${html.render(records, { columns: Infinity, colour: true, details: true })}\n`);
}

/** Writes one page for all comparisons. Throws `target-failed`. */
export async function writeComparison(comparisons: readonly Comparison[], file: string): Promise<string> {
  const { comparisonReports } = await import("../reports/comparisons/comparisons.ts");
  return written(file, `${comparisonReports.html.render(comparisons, { columns: Infinity, colour: true })}\n`);
}

async function written(path: string, content: string | Uint8Array): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (cause) {
    throw new BenchError("target-failed", `${path} could not be written (${messageOf(cause)}).`, { cause });
  }
  return path;
}
