/** The deployment packages of the handlers: the bundles that `npm run build` made, as zips for Lambda. */
import { readFile } from "node:fs/promises";
import { zipSync } from "fflate";
import { BenchError } from "../errors.ts";

export type HandlerName = "producer" | "consumer" | "recorder";

/** A zip of the handler's bundle and of the files that it needs. The same content gives the same bytes. */
export async function deploymentPackage(
  handler: HandlerName,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<Uint8Array> {
  const file = new URL(`../../.build/handlers/${handler}.js`, import.meta.url);
  const bundle = await readFile(file).catch((cause) => {
    throw new BenchError("target-failed", `The bundle of the ${handler} is missing: run "npm run build" first.`, {
      cause,
    });
  });
  return zipSync({ [`${handler}.js`]: bundle, ...files }, { mtime: "2000-01-01T00:00:00Z" });
}
