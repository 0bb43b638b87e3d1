/** The packages that reach a user: those of which the bundles hold a part, and those that npm installs beside them. */
import { readFileSync } from "node:fs";

/** Each with its folder, as the lock file names it: `node_modules/yaml`. The build has to be there. */
export function shippedPackages() {
  const bundled = JSON.parse(readFileSync(".build/bundled-packages.json", "utf8"));
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const installed = Object.entries(packages)
    .filter(([folder, { dev }]) => folder !== "" && !dev)
    .map(([folder, { version }]) => ({ folder, name: folder.replace(/^.*node_modules\//, ""), version }));
  return [...bundled, ...installed];
}
