/** Measures how fast everything is, side by side in one run: `npm run bench`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../../src/errors.ts";
import { thisMachine } from "./machine.ts";
import { messages } from "./messages.ts";
import { planFrom } from "./plan.ts";
import { rows } from "./rows.ts";
import { scaling } from "./scaling.ts";
import type { Section } from "./section.ts";
import { simulations } from "./simulations.ts";
import { start } from "./start.ts";
import { render } from "./table.ts";
import { virtualTime } from "./virtual-time.ts";
import { Workplace } from "./workplace.ts";

const sections = { start, virtualTime, messages, scaling, rows, simulations };

const plan = planFrom(process.argv.slice(2));
const unknown = plan.sections?.find((name) => !Object.hasOwn(sections, name));
if (unknown !== undefined) {
  console.error(`error: there is no section ${unknown}; there are ${Object.keys(sections).join(", ")}.`);
  process.exit(2);
}
const machine = thisMachine();
const results: Record<string, unknown> = Object.fromEntries(Object.keys(sections).map((name) => [name, null]));
/** By section: why its figures are missing. */
const missing: Record<string, string> = {};
const workplace = new Workplace();

console.log(
  `${machine.processor ?? "unknown processor"}, ${machine.cores} cores, load ${machine.load.toFixed(1)}, Node ${machine.node}`,
);
try {
  for (const [name, each] of Object.entries(sections) as [string, Section<unknown>][]) {
    if (plan.sections?.includes(name) === false) {
      missing[name] = "It was not asked for.";
    } else {
      await measure(name, each);
    }
    // After each section, so that a later failure loses none.
    mkdirSync(dirname(plan.output), { recursive: true });
    writeFileSync(plan.output, `${JSON.stringify({ machine, plan, ...results, missing }, null, 2)}\n`);
  }
} finally {
  workplace.remove();
}
console.log(`\nAll figures: ${plan.output}`);

async function measure(name: string, { title, measure, table }: Section<unknown>): Promise<void> {
  console.log(`\n${title}`);
  try {
    results[name] = await measure(plan, workplace);
    console.log(render(table(results[name])));
  } catch (failure) {
    missing[name] = messageOf(failure);
    console.log(`  missing: ${missing[name]}`);
    process.exitCode = 1;
  }
}
