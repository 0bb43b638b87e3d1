/** The maps of a sweep as an SVG file. */
import type { FileFormat } from "../format.ts";
import { mapPicture } from "./map-svg.ts";
import type { SweepView } from "./words.ts";

export const sweepSvg: FileFormat<SweepView> = {
  name: "svg",
  help: "write the map as SVG",
  value: "file",
  files: ([view], path) => [{ path, content: `${mapPicture(view!)}\n` }],
};
