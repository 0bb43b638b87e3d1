/** The deployment packages of the handlers: the zips that `npm run build` made. */
import { readFile } from "node:fs/promises";
import { BenchError } from "../errors.ts";

export type HandlerName = "producer" | "consumer" | "recorder" | "adapter";

/** The zips that the build made: it does not change while this process runs. */
const built = new Map<HandlerName, Promise<Uint8Array>>();

/** A zip of the handler's bundle and of the files that it needs. The same content gives the same bytes. */
export async function deploymentPackage(
  handler: HandlerName,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<Uint8Array> {
  const known = built.get(handler) ?? readBuilt(handler);
  built.set(handler, known);
  const zip = await known;
  if (Object.keys(files).length === 0) return zip;
  const { unzipSync, zipSync } = await import("fflate");
  return zipSync({ ...unzipSync(zip), ...files }, { mtime: "2000-01-01T00:00:00Z" });
}

async function readBuilt(handler: HandlerName): Promise<Uint8Array> {
  const file = new URL(`../../.build/handlers/${handler}.zip`, import.meta.url);
  return readFile(file).catch((cause) => {
    throw new BenchError("target-failed", `The code of the ${handler} is missing: run "npm run build" first.`, {
      cause,
    });
  });
}
