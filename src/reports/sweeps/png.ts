/** The maps of a sweep as a PNG file. */
import type { FileFormat } from "../format.ts";
import { rasterised } from "../pictures/raster.ts";
import { mapPicture } from "./map-svg.ts";
import type { SweepView } from "./words.ts";

/** Twice the size of the picture, sharp on today's screens. */
const zoom = 2;

export const sweepPng: FileFormat<SweepView> = {
  name: "png",
  help: "write the map as PNG",
  value: "file",
  files: async ([view], path) => [
    { path, content: await rasterised(mapPicture(view!, "light"), { mode: "zoom", value: zoom }) },
  ],
};
