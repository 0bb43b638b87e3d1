/** The load that a question brings, in the numbers that theory and grids go by. */
import { type Limit, parseLimit } from "../../../infra/handlers/limit.ts";
import { eventsOf, type Question } from "./question.ts";

export interface Load {
  limit: Limit;
  /** ms in which no more than the limit's calls may begin */
  windowMs: number;
  /** calls that the limit allows in the long run */
  callsPerSecond: number;
  /** of one spike */
  events: number;
  /** events a second of a spike */
  rate: number;
  durationMs: number;
  workMs: { from: number; to: number };
}

export function loadOf(question: Question): Load {
  const limit = parseLimit(question.limit)!;
  const { from, to } = question.workMs;
  return {
    limit,
    windowMs: limit.perMs - question.toleranceMs,
    callsPerSecond: (limit.calls * 1_000) / limit.perMs,
    events: eventsOf(question.spike),
    rate: question.spike.rate,
    durationMs: question.spike.durationMs,
    workMs: { from: Math.round(from), to: Math.max(Math.round(from), Math.round(to)) },
  };
}

/** The mean time of an event, ms, that works for an evenly drawn time and takes `holdMs` at least. */
export function meanMs({ from, to }: Load["workMs"], holdMs: number): number {
  if (holdMs <= from) return (from + to) / 2;
  if (holdMs >= to) return holdMs;
  return (holdMs * (holdMs - from) + (to ** 2 - holdMs ** 2) / 2) / (to - from);
}
