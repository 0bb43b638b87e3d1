/** Makes PNGs of drawings. */
import { BenchError } from "../../errors.ts";

/** `fit`: to a width in pixels, or by a factor. Throws `target-failed` where this machine has no font. */
export async function rasterised(svg: string, fit: { mode: "width" | "zoom"; value: number }): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const probe = new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">A</text></svg>');
  if (!probe.getBBox()) {
    throw new BenchError(
      "target-failed",
      "This machine has no font to write a PNG's labels in; install one (such as fonts-dejavu-core), or use --svg.",
    );
  }
  return new Resvg(svg, { fitTo: fit }).render().asPng();
}
