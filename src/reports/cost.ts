/** Tells what a run has cost: one line, and all that was counted for it. */
import { shownFigure } from "../metrics/uncertainty.ts";
import type { Cost, CostLine, RunRecord } from "../model.ts";
import { columnsOver, type Placed } from "./document.ts";
import { figure, missing, shortDuration } from "./figures.ts";

/** `0.0047 USD for the run, …`; null: nobody recorded it. */
export function costText(record: RunRecord): string | null {
  const { cost, summary } = record;
  if (cost === null) return null;
  const perMillion = shownFigure(record, "costPerMillionEvents").value;
  const month = shownFigure(record, "costPerMonth").value;
  if (perMillion === null || month === null) {
    const uncounted = cost.lines.filter(({ count }) => count === null).map(({ item }) => item);
    const why =
      uncounted.length > 0 ? `nothing told of its ${uncounted.join(", ")}` : "a run of it could not be counted";
    return `${missing}, because ${why}`;
  }
  const run = (perMillion * summary.totalEvents) / 1e6;
  const idle = cost.idleMonth > 0 ? `, ${figure(cost.idleMonth, "dollars")} of it for ${idleReading(cost)}` : "";
  return `${figure(run, "dollars")} for the run, ${figure(perMillion, "dollars")} per million events; ${figure(month, "dollars")} a month with ${spikesOfMonth(record)}${idle}`;
}

/** Says whose prices the cost is at; null: nobody recorded it. */
export function pricesLine({ cost }: RunRecord): string | null {
  return cost && `The prices are those of ${cost.region}, ${cost.date}.`;
}

function spikesOfMonth({ details: { spikes } }: RunRecord): string {
  return `one such spike ${spikes === null ? "a day" : `every ${shortDuration(spikes.everyMs / 1_000)}`}`;
}

function idleReading({ minimumPollers, shards }: Cost): string {
  if (shards !== null) return `${shards} ${shards === 1 ? "shard" : "shards"} of the idle stream`;
  return minimumPollers === null
    ? "polls of the idle queue"
    : `${minimumPollers} provisioned pollers of the idle queue`;
}

/** The lines of the bill, among the details. */
export function costBlocks({ cost, uncertainty }: RunRecord): Placed[] {
  if (cost === null) return [];
  const column = columnsOver(cost.lines);
  const columns = [
    column(uncertainty === null ? "cost" : "cost of the first run", ({ item }) => item, true),
    column("count", ({ count, unit }) => `${count === null ? missing : amount(count)} ${unit}`),
    column("price", priceText),
    column("USD", ({ dollars }) => (dollars === null ? missing : dollars.toPrecision(3))),
    column("price's source", ({ source }) => source, true),
  ];
  return [{ kind: "table", name: "Cost", layouts: [columns, columns.slice(0, -1), [columns[0]!, columns[3]!]] }];
}

/** `0.4 per 1,000,000` */
function priceText({ price, per }: CostLine): string {
  return per === 1 ? String(price) : `${price} per ${per.toLocaleString("en-GB")}`;
}

function amount(count: number): string {
  return Number.isInteger(count) ? count.toLocaleString("en-GB") : count.toFixed(1);
}
