/** A scenario to begin with: it runs as it is, and its comments say what to change. */
import { readFileSync } from "node:fs";

const file = new URL("../../infra/starting-scenario.yaml", import.meta.url);

export function startingScenario(): string {
  return readFileSync(file, "utf8");
}
