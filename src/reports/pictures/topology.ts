/** The path of an event, drawn: a box for each stage, and the branch for dead letters where there is one. */
import type { RunRecord } from "../../model.ts";
import { escaped } from "./markup.ts";

const boxWidth = 116;
const boxHeight = 40;
const step = boxWidth + 44;
const branchTop = 84;

/** SVG for a page that has `topologyStyle`. */
export function topologyDrawing({ topology, metrics }: RunRecord): string {
  const stages = ["producer", ...topology, "Postgres"];
  const hasBranch = metrics.some(({ name }) => name.startsWith("deadLetterQueue."));
  // The queue gives up on an event, or the function where no queue is before it.
  const queue = stages.findIndex((stage) => /SQS|queue/i.test(stage));
  const from = queue > 0 ? queue : stages.length - 2;
  const width = step * Math.max(stages.length, hasBranch ? from + 2 : 0) - (step - boxWidth) + 4;
  const height = hasBranch ? branchTop + boxHeight + 4 : boxHeight + 4;
  const path = `An event goes from ${stages.join(" to ")}${hasBranch ? `; from ${stages[from]} what fails goes to the dead-letter queue and its recorder` : ""}.`;
  return [
    `<svg class="topology" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(path)}">`,
    ...stages.map((stage, index) => box(2 + index * step, 2, stage, "stage")),
    ...stages.slice(1).map((_, index) => arrow(2 + index * step + boxWidth, 2 + boxHeight / 2, step - boxWidth)),
    ...(hasBranch ? branch(2 + from * step) : []),
    "</svg>",
  ].join("");
}

export const topologyStyle =
  ".topology text{font:13px system-ui,sans-serif;text-anchor:middle;fill:var(--text)}.topology rect{fill:var(--raised);stroke:var(--line);stroke-width:1.5}.topology .dead{stroke:var(--bad)}.topology path{stroke:var(--quiet);stroke-width:1.5;fill:none}.topology .head{fill:var(--quiet);stroke:none}";

function box(x: number, y: number, name: string, kind: string): string {
  const label = `<text x="${x + boxWidth / 2}" y="${y + boxHeight / 2 + 4}">${escaped(name)}</text>`;
  return `<rect class="${kind}" x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="7"/>${label}`;
}

function arrow(x: number, y: number, length: number): string {
  const tip = x + length - 3;
  return `<path d="M${x + 3} ${y}H${tip - 6}"/><path class="head" d="M${tip} ${y}l-8 -4.5v9z"/>`;
}

function branch(x: number): string[] {
  const middle = x + boxWidth / 2;
  return [
    `<path d="M${middle} ${boxHeight + 5}V${branchTop - 9}"/><path class="head" d="M${middle} ${branchTop - 2}l-4.5 -8h9z"/>`,
    box(x, branchTop, "dead letters", "dead"),
    arrow(x + boxWidth, branchTop + boxHeight / 2, step - boxWidth),
    box(x + step, branchTop, "recorder", "dead"),
  ];
}
