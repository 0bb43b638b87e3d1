/** The rows of a run with all that several figures are made of, each found once. */
import type { TimelinePoint } from "../model.ts";
import type { Columns } from "../rows/columns.ts";
import { type Events, eventsOf } from "./events.ts";
import { type Invocations, invocationsOf } from "./overlap.ts";
import { timeline } from "./timeline.ts";

export interface RunRows {
  /** the consumer's rows */
  completed: Columns;
  /** the dead-letter recorder's rows */
  dead: Columns;
  /** the events that completed */
  events: Events;
  /** the events that were dead-lettered, whether or not they completed, too */
  deadEvents: Events;
  /** the consumer's */
  invocations: Invocations;
  timeline: TimelinePoint[];
}

export function runRows(completed: Columns, dead: Columns): RunRows {
  const invocations = invocationsOf(completed);
  return {
    completed,
    dead,
    events: eventsOf(completed),
    deadEvents: eventsOf(dead),
    invocations,
    timeline: timeline({ completed, dead, invocations }),
  };
}
