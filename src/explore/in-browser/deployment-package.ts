/** Stands for the zips of the handlers in a browser. The model asks a zip for its files' names alone: the code that runs is its own. */
import { zipSync } from "fflate";
import type { HandlerName } from "../../steps/deployment-package.ts";

export async function deploymentPackage(
  handler: HandlerName,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<Uint8Array> {
  return zipSync({ [`${handler}.js`]: new Uint8Array(), ...files }, { mtime: "2000-01-01T00:00:00Z" });
}
