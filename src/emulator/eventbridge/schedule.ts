/** Schedules of rules: `rate(1 minute)`. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
import { refined, text } from "../template/properties.ts";

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The milliseconds between two runs; null: the expression is no rate. */
export function periodMs(expression: string): number | null {
  const [, count, unit, plural] = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  // A value of 1 takes the singular, any other the plural.
  if (count === undefined || (count === "1") !== (plural === "")) return null;
  return Number(count) * unitMs[unit!]!;
}

export const scheduleExpression = refined(text, (expression) =>
  periodMs(expression) === null
    ? `must be a rate such as rate(1 minute) or rate(5 minutes) for the local target, which does not model ${expression}`
    : null,
);
