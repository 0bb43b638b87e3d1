/** The deployment packages of the handlers: the bundles that `npm run build` made, as zips for Lambda. */
import { readFile } from "node:fs/promises";
import { zipSync } from "fflate";
import { BenchError } from "../errors.ts";

export type HandlerName = "producer" | "consumer" | "recorder";

/** The zips of handlers that need no files beside them: the build does not change while this process runs. */
const bare = new Map<HandlerName, Promise<Uint8Array>>();

/** A zip of the handler's bundle and of the files that it needs. The same content gives the same bytes. */
export function deploymentPackage(
  handler: HandlerName,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<Uint8Array> {
  if (Object.keys(files).length > 0) return zipped(handler, files);
  const known = bare.get(handler) ?? zipped(handler, files);
  bare.set(handler, known);
  return known;
}

async function zipped(handler: HandlerName, files: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  const file = new URL(`../../.build/handlers/${handler}.js`, import.meta.url);
  const bundle = await readFile(file).catch((cause) => {
    throw new BenchError("target-failed", `The bundle of the ${handler} is missing: run "npm run build" first.`, {
      cause,
    });
  });
  return zipSync({ [`${handler}.js`]: bundle, ...files }, { mtime: "2000-01-01T00:00:00Z" });
}
