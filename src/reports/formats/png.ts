/** A picture of each run's timeline as PNG, a file per run. */
import { BenchError } from "../../errors.ts";
import type { RunRecord } from "../../model.ts";
import type { FileFormat } from "../format.ts";
import { picture } from "../pictures/svg.ts";

/** Twice the picture's own size, sharp on today's screens. */
const width = 1920;

export const png: FileFormat<RunRecord> = {
  name: "png",
  help: "write a picture of each run's timeline, as PNG",
  value: "directory",
  async files(records, directory) {
    const { Resvg } = await import("@resvg/resvg-js");
    const probe = new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">A</text></svg>');
    if (!probe.getBBox()) {
      throw new BenchError(
        "target-failed",
        "This machine has no font to write a PNG's labels in; install one (such as fonts-dejavu-core), or use --svg.",
      );
    }
    return records.map((record) => {
      const drawing = new Resvg(picture(record, "light"), { fitTo: { mode: "width", value: width } });
      return { path: `${directory}/${record.runId}.png`, content: drawing.render().asPng() };
    });
  },
};
