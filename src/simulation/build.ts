/** The name of the built model, so that figures of another are not taken for its own. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/**
 * Names what the figures follow from: the built model (the name of each of its parts holds that part's hash) and the version of the engine
 * whose arithmetic it uses.
 */
export async function buildOf(workerFile: string): Promise<string> {
  const hash = createHash("sha256").update(await readFile(workerFile));
  return `${hash.digest("hex").slice(0, 12)}-node${process.versions.node.split(".")[0]}`;
}
