/** The packages that reach a user: those of which the bundles hold a part, and those that npm installs beside them. */
import { readFileSync } from "node:fs";

/** Each with its folder, as the lock file names it: `node_modules/yaml`. The build, which lists them, has to be there. */
export function shippedPackages() {
  const { bundled, installed } = JSON.parse(readFileSync(".build/shipped-packages.json", "utf8"));
  return [...bundled, ...installed];
}
