/** A picture of each run's story as SVG, a file per run. */
import type { RunRecord } from "../../model.ts";
import type { FileFormat } from "../format.ts";
import { labelsOf } from "../labels.ts";
import { picture } from "../pictures/svg.ts";

export const svg: FileFormat<RunRecord> = {
  name: "svg",
  help: "write a picture of each run's story as SVG, light or dark as the viewer is",
  value: "directory",
  files(records, directory) {
    const labels = labelsOf(records);
    return records.map((record, index) => ({
      path: `${directory}/${record.runId}.svg`,
      content: `${picture(record, "system", labels[index])}\n`,
    }));
  },
};
