/** The parts that somebody has to build, watch and understand: services and functions on an event's path, and what goes with them. */
import { databaseCostPerHour } from "../../metrics/cost-ahead.ts";
import type { Entry } from "./entries.ts";
import type { Question } from "./question.ts";
import { numberOf, numberOr } from "./reading.ts";

export interface MovingParts {
  count: number;
  names: string[];
}

const limiterDatabase = "db.t4g.micro";
const hoursPerMonth = 730;

export function movingPartsOf({ scenario, reading }: Entry, { order }: Question): MovingParts {
  const names = [...scenario.topology];
  if (hasLimiter(reading)) names.push("a limiter", "a database for it");
  if (reading.source === "schedule") names.push("a schedule");
  if (reading.source === "url") names.push("a key for the endpoint");
  if (numberOr(reading, "hold", 0) > 0) names.push("a hold in the consumer");
  const groups = numberOr(reading, "messageGroups", 1);
  // Whoever publishes has to put the events of several keys into one group.
  if (order?.within === "group" && reading.source === "fifo" && groups < order.groups)
    names.push("keys that share a group");
  if (order === null && groups > 1) names.push("message groups");
  if (numberOr(reading, "batchSize", 1) > 1 && reading.values.reportsFailures === "true")
    names.push("partial batch responses");
  if (numberOf(reading, "maximumPollers") > 0) names.push("provisioned pollers");
  return { count: names.length, names };
}

/** US dollars a month beside what a run is billed for: a limiter lives in a database, which has to be there at all times. */
export function besideBillOf({ reading }: Entry): number {
  return hasLimiter(reading) ? databaseCostPerHour(limiterDatabase)! * hoursPerMonth : 0;
}

function hasLimiter({ values }: Entry["reading"]): boolean {
  return (values.limiter ?? "none") !== "none";
}
