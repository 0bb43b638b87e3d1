/** A section of the benchmark: something that is measured, and the table that shows it. */
import type { Plan } from "./plan.ts";
import type { Table } from "./table.ts";
import type { Workplace } from "./workplace.ts";

export interface Section<Result> {
  title: string;
  measure(plan: Plan, workplace: Workplace): Promise<Result>;
  table(result: Result): Table;
}

/** Keeps the type of the result between the two. */
export function section<Result>(each: Section<Result>): Section<Result> {
  return each;
}
