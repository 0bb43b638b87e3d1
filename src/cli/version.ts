/** The package's version, read without loading anything. */
import { readFileSync } from "node:fs";

// Both the source file and the bundle are two levels below the package's root.
const packageFile = new URL("../../package.json", import.meta.url);

export function packageVersion(): string {
  return JSON.parse(readFileSync(packageFile, "utf8")).version;
}
