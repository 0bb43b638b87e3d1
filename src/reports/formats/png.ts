/** A picture of each run's timeline as PNG, a file per run. */
import type { RunRecord } from "../../model.ts";
import type { FileFormat } from "../format.ts";
import { rasterised } from "../pictures/raster.ts";
import { picture } from "../pictures/svg.ts";

/** Twice the picture's own size, sharp on today's screens. */
const width = 1920;

export const png: FileFormat<RunRecord> = {
  name: "png",
  help: "write a picture of each run's timeline, as PNG",
  value: "directory",
  async files(records, directory) {
    const files = records.map(async (record) => ({
      path: `${directory}/${record.runId}.png`,
      content: await rasterised(picture(record, "light"), { mode: "width", value: width }),
    }));
    return Promise.all(files);
  },
};
