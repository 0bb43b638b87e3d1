/** The maps of a sweep as a block of a document: a picture where pages have room for one, else characters. */
import type { Placed } from "../document.ts";
import { mapPicture } from "./map-svg.ts";
import { mapText } from "./map-text.ts";
import { figureText, type SweepView } from "./words.ts";

export function mapBlock(view: SweepView): Placed {
  const name = `${figureText(view)}, by ${view.sweep.axes.map((axis) => axis.name).join(" and ")}`;
  return { kind: "drawing", name, svg: mapPicture(view, "page"), text: (room) => mapText(view, room) };
}
