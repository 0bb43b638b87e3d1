/** The package's version, read without loading anything. */
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
