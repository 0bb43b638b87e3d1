/**
 * Asks the registry for published faults of the packages that reach a user. Ends with 1 when one is high or critical; a registry that
 * does not answer is named, and says nothing about them.
 */
import { spawnSync } from "node:child_process";
import { shippedPackages } from "./shipped.js";

const { stdout } = spawnSync("npm", ["audit", "--json"], { encoding: "utf8", maxBuffer: 2 ** 28 });
const report = parsed(stdout);

if (report?.auditReportVersion === undefined) {
  const why = report?.message ?? "npm gave no report";
  console.log(`NOT CHECKED: the registry did not answer npm audit (${why}).`);
} else {
  const shipped = new Set(shippedPackages().map(({ folder }) => folder));
  const found = Object.values(report.vulnerabilities).map(({ name, severity, range, nodes, via }) => ({
    isShipped: nodes.some((folder) => shipped.has(folder)),
    isGrave: severity === "high" || severity === "critical",
    text: `${severity}: ${name} ${range} ${via.map((cause) => cause.url ?? cause).join(" ")}`,
  }));
  const refused = found.filter(({ isShipped, isGrave }) => isShipped && isGrave);
  for (const { isShipped, text } of found) console.log(`${isShipped ? "shipped" : "development only"}, ${text}`);
  console.log(`${shipped.size} shipped packages, ${refused.length} of them with a fault that is high or critical.`);
  process.exitCode = refused.length > 0 ? 1 : 0;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
