/** The package's version, read without loading anything. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { RunRecord } from "../model.ts";

// Both the source file and the bundle are two levels below the package's root.
const packageFile = new URL("../../package.json", import.meta.url);

/** The versions that the record of a run keeps. */
export function versionsHere(): RunRecord["versions"] {
  return { throttleBench: packageVersion(), node: process.version };
}

export function packageVersion(): string {
  return JSON.parse(readFileSync(packageFile, "utf8")).version;
}

/**
 * Names the code of the model: another build of it has another name, though the package's version is the same. The worker's bundle names
 * each file that it is made of by a hash of its content.
 */
export function modelVersion(): string {
  return createHash("sha256")
    .update(readFileSync(new URL("./simulation-worker.js", import.meta.url)))
    .digest("hex");
}
