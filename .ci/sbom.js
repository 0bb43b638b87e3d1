/** Prints npm's bill of materials (CycloneDX) of the packages that reach a user, those in the bundles included. */
import { execFileSync } from "node:child_process";
import { shippedPackages } from "./shipped.js";

const shipped = new Set(shippedPackages().map(({ name, version }) => `${name}@${version}`));
const all = JSON.parse(
  execFileSync("npm", ["sbom", "--sbom-format=cyclonedx"], { encoding: "utf8", maxBuffer: 2 ** 28 }),
);
const referenceOf = (each) => each["bom-ref"];
// Bundled packages are none of the dependencies that npm installs, and no less a part of the product.
const withoutMark = ({ properties = [], ...rest }) => ({
  ...rest,
  properties: properties.filter(({ name }) => name !== "cdx:npm:package:development"),
});
const components = all.components.filter((each) => shipped.has(referenceOf(each))).map(withoutMark);
const kept = new Set([referenceOf(all.metadata.component), ...components.map(referenceOf)]);
const dependencies = all.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }));

process.stdout.write(`${JSON.stringify({ ...all, components, dependencies }, null, 2)}\n`);
