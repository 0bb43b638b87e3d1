/** The words of what a run may cost and has cost: before it, while it goes on, and in its report. */
import { dearestOf, sumOfExpenses } from "../metrics/cost-ahead.ts";
import type { Estimate, Expense, RunRecord, Spending } from "../model.ts";

const itemWords: Record<Expense["item"], string> = {
  publishes: "publishes to the topic",
  sends: "sends to the queue",
  receives: "receives from the queue",
  "empty receives": "receives from the empty queue",
  deletes: "deletes from the queue",
  invocations: "the consumer's invocations",
  duration: "the time that the consumer runs",
  pollers: "provisioned pollers",
  puts: "puts into the stream",
  shards: "the stream's shards",
  "bus events": "events on the bus",
  requests: "requests to the API destination",
  producer: "the time that the producer runs",
  "dead letters": "the recording of dead letters",
  logs: "logs",
  metrics: "the reading of metrics",
};

/** They cost as long as they are there, whatever the events do. */
const byTime: readonly Expense["item"][] = ["shards", "pollers", "metrics"];

/** CloudWatch's delay, as `steps/timetable` has it. */
const lagText = "CloudWatch may lag by up to 15 minutes";

/** `$1.04`; a part of a cent as far as it goes. */
export function dollarsText(dollars: number): string {
  if (dollars === 0 || dollars >= 0.01) return `$${dollars.toFixed(2)}`;
  return `$${dollars.toPrecision(2)}`;
}

/** `most of it, $0.98, for logs`; empty: there is nothing */
function mostText(dearest: Expense | null): string {
  return dearest === null ? "" : `, most of it, ${dollarsText(dearest.dollars)}, for ${itemWords[dearest.item]}`;
}

/** Says that runs are refused, and what to do. `unpriced`: types of resources that the estimate leaves out. */
export function tooDearText(
  expenses: readonly Expense[],
  asked: { limitDollars: number; runs: number; hasSpikes: boolean; unpriced: readonly string[] },
): string {
  const { limitDollars, runs, hasSpikes, unpriced } = asked;
  const dollars = sumOfExpenses(expenses);
  const dearest = dearestOf(expenses);
  const isByTime = dearest !== null && byTime.includes(dearest.item);
  const less = isByTime && hasSpikes ? "fewer --spikes or a shorter --every" : "fewer --events";
  const who = runs === 1 ? "The run" : `The ${runs} runs together`;
  const besides = unpriced.length === 0 ? "" : ` The estimate leaves out ${list(unpriced)}, at prices not known here.`;
  return `${who} may cost about ${dollarsText(dollars)}, above the limit of ${dollarsText(limitDollars)}${mostText(dearest)}; allow it with --max-cost ${roundedUp(dollars)}, or give ${less}${runs === 1 ? "" : " or fewer scenarios"}. Nothing was created.${besides}`;
}

/** Says that runs have come above the limit, by what. */
export function spentText(runs: readonly Estimate[], togetherDollars: number, limitDollars: number): string {
  const [dearest] = [...runs].sort((one, other) => other.dollars - one.dollars);
  const who = runs.length === 1 ? "The run has" : `The ${runs.length} runs have together`;
  const invocations = dearest?.invocations ?? null;
  const failed = dearest?.errors ? `, ${dearest.errors.toLocaleString("en")} of which failed` : "";
  const cause =
    dearest === undefined || invocations === null
      ? ""
      : `, with ${invocations.toLocaleString("en")} invocations for ${dearest.events.toLocaleString("en")} events${failed}`;
  return `${who} cost about ${dollarsText(togetherDollars)} by now, above the limit of ${dollarsText(limitDollars)} (--max-cost)${mostText(dearest?.dearest ?? null)}${cause}; ${untilText(dearest?.countedUntil ?? null)}.`;
}

function untilText(countedUntil: number | null): string {
  if (countedUntil === null) return `${lagText}, and has counted nothing yet`;
  return `${lagText}, and has counted until ${new Date(countedUntil).toISOString().slice(11, 16)}Z`;
}

/** `about $0.03 of $1.00`, while a run goes on */
export function progressOfSpending({ togetherDollars, limitDollars }: Spending): string {
  return `about ${dollarsText(togetherDollars)} of ${dollarsText(limitDollars)}`;
}

/** The line of a report; null: nothing limited the cost. */
export function spendingText({ spending }: RunRecord): string | null {
  if (spending === null) return null;
  const { limitDollars, estimatedDollars, togetherDollars, dearest, exceeded, unpriced } = spending;
  const among =
    togetherDollars > estimatedDollars ? `, of ${dollarsText(togetherDollars)} with the runs before it` : "";
  const limit = exceeded
    ? `above the limit of ${dollarsText(limitDollars)}, which ended the run`
    : `within the limit of ${dollarsText(limitDollars)}`;
  const besides = unpriced.length === 0 ? "" : `; without ${list(unpriced)}, at prices not known here`;
  return `about ${dollarsText(estimatedDollars)} at the last estimate${among}, ${limit}${mostText(dearest)}${besides}`;
}

function list(words: readonly string[]): string {
  return new Intl.ListFormat("en-GB").format(words);
}

/** The next amount that allows for it, of two figures. */
function roundedUp(dollars: number): string {
  const step = 10 ** (Math.floor(Math.log10(dollars)) - 1);
  return String(Number((Math.ceil(dollars / step) * step).toPrecision(2)));
}
