/** A picture of each run's story as PNG: a light and a dark file per run. */
import type { RunRecord } from "../../model.ts";
import type { FileFormat } from "../format.ts";
import { labelsOf } from "../labels.ts";
import { rasterised } from "../pictures/raster.ts";
import { picture } from "../pictures/svg.ts";

const themes = [
  ["light", ""],
  ["dark", "-dark"],
] as const;
/** Twice the picture's own size, sharp on today's screens. */
const width = 1920;

export const png: FileFormat<RunRecord> = {
  name: "png",
  help: "write a picture of each run's story as PNG, light and dark",
  value: "directory",
  async files(records, directory) {
    const labels = labelsOf(records);
    const files = records.flatMap((record, index) =>
      themes.map(async ([theme, ending]) => ({
        path: `${directory}/${record.runId}${ending}.png`,
        content: await rasterised(picture(record, theme, labels[index]), { mode: "width", value: width }),
      })),
    );
    return Promise.all(files);
  },
};
