/**
 * Each figure of a run, once. Tables, comparisons, thresholds, repeats, histories, charts, definitions and the record's schema
 * follow from here.
 */
import type { CostTotals, Details, PublishedResult, Summary } from "../model.ts";

/** The measurements of one run. `details` are null for a published result, and for a repetition whose record did not keep them. */
export interface Measured {
  /** Nobody published how many events were inserted twice. */
  summary: Omit<Summary, "duplicates"> & { duplicates: number | null };
  details: Details | null;
  cost: CostTotals | null;
}

export type Unit = "events" | "count" | "seconds" | "milliseconds" | "rate" | "share" | "dollars";

type PathTo<T> = {
  [Key in keyof T & string]: NonNullable<T[Key]> extends number
    ? Key
    : NonNullable<T[Key]> extends readonly unknown[]
      ? never
      : `${Key}.${PathTo<NonNullable<T[Key]>>}`;
}[keyof T & string];

export interface FigureDefinition {
  /** as tables have it */
  name: string;
  /** as thresholds have it */
  shortName: string;
  unit: Unit;
  /**
   * `neither`: the figure says how hard the downstream is hit, and a change may have meant to raise it or to lower it; a threshold says
   * which. `given`: the run's request decides it, so that there is nothing to compare
   */
  betterWhen: "lower" | "higher" | "neither" | "given";
  /**
   * `table`: in the table of every run; `exception`: there where it is not 0; `details`: among the figures beyond the published table;
   * `groups`: among those where a run has several message groups
   */
  place: "table" | "exception" | "details" | "groups";
  /** the head of its narrow column in tables of several runs; may have line breaks */
  head?: string;
  /** its place in the record */
  from: PathTo<Measured>;
  /** a sentence for those who read a report */
  meaning: string;
}

const definitions = {
  totalEvents: {
    name: "Total Events",
    shortName: "total",
    unit: "events",
    betterWhen: "given",
    place: "table",
    from: "summary.totalEvents",
    meaning: "The events that the run was asked to publish.",
  },
  eventsCompleted: {
    name: "Events Completed",
    shortName: "completed",
    unit: "events",
    betterWhen: "higher",
    place: "table",
    head: "completed",
    from: "summary.eventsCompleted",
    meaning: "Distinct events that the consumer inserted into the database.",
  },
  eventsFailed: {
    name: "Events Failed",
    shortName: "failed",
    unit: "events",
    betterWhen: "lower",
    place: "table",
    head: "failed",
    from: "summary.eventsFailed",
    meaning: "Dead-lettered events that never completed.",
  },
  eventsMissing: {
    name: "Events Missing",
    shortName: "missing",
    unit: "events",
    betterWhen: "lower",
    place: "exception",
    head: "missing",
    from: "summary.eventsMissing",
    meaning: "Total − completed − failed: events that reached neither the database nor a dead-letter queue.",
  },
  duplicates: {
    name: "Duplicates",
    shortName: "duplicates",
    unit: "events",
    betterWhen: "lower",
    place: "exception",
    from: "summary.duplicates",
    meaning: "Inserts beyond the first of an event; delivery is at least once.",
  },
  timeTakenSeconds: {
    name: "Time Taken",
    shortName: "timeTaken",
    unit: "seconds",
    betterWhen: "lower",
    place: "table",
    head: "time",
    from: "summary.timeTakenSeconds",
    meaning: "From the moment the first event was made to the last insert of a completed one.",
  },
  maxConcurrency: {
    name: "Max. Concurrency",
    shortName: "maxConcurrency",
    unit: "count",
    betterWhen: "neither",
    place: "table",
    head: "max.\nconc.",
    from: "summary.maxConcurrency",
    meaning:
      "The maximum of CloudWatch's ConcurrentExecutions for the consumer. The overlapping invocations that the rows show are the cross-check.",
  },
  insertsPerSecondAvg: {
    name: "Avg. DB Inserts Per Second",
    shortName: "avgInserts",
    unit: "rate",
    betterWhen: "neither",
    place: "table",
    head: "inserts/s",
    from: "summary.insertsPerSecond.avg",
    meaning:
      "The average of the inserts in a whole second since the first insert, over the seconds that have any, as the published table has it.",
  },
  insertsPerSecondMax: {
    name: "Max. DB Inserts Per Second",
    shortName: "maxInserts",
    unit: "rate",
    betterWhen: "neither",
    place: "table",
    from: "summary.insertsPerSecond.max",
    meaning: "The most inserts in a whole second since the first insert.",
  },
  insertsPerSecondMin: {
    name: "Min. DB Inserts Per Second",
    shortName: "minInserts",
    unit: "rate",
    betterWhen: "neither",
    place: "table",
    from: "summary.insertsPerSecond.min",
    meaning: "The fewest inserts in a whole second since the first insert, over the seconds that have any.",
  },
  throughputPerSecond: {
    name: "Throughput per second",
    shortName: "throughput",
    unit: "rate",
    betterWhen: "higher",
    place: "details",
    from: "details.throughputPerSecond",
    meaning: "Events completed ÷ time taken, seconds without an insert included.",
  },
  maxOverlap: {
    name: "Overlapping invocations",
    shortName: "overlap",
    unit: "count",
    betterWhen: "neither",
    place: "details",
    from: "details.maxOverlap",
    meaning: "The most invocations that ran at once, by the rows that they left.",
  },
  instancesStarted: {
    name: "Instances started",
    shortName: "instances",
    unit: "count",
    betterWhen: "neither",
    place: "details",
    from: "details.instancesStarted",
    meaning: "The consumer's execution environments that inserted something.",
  },
  invocations: {
    name: "Invocations",
    shortName: "invocations",
    unit: "count",
    betterWhen: "neither",
    place: "details",
    from: "details.invocations",
    meaning: "The consumer's invocations, by CloudWatch.",
  },
  throttles: {
    name: "Throttles",
    shortName: "throttles",
    unit: "count",
    betterWhen: "lower",
    place: "details",
    from: "details.throttles",
    meaning: "Invocations of the consumer that Lambda refused for want of concurrency, by CloudWatch.",
  },
  errors: {
    name: "Errors",
    shortName: "errors",
    unit: "count",
    betterWhen: "lower",
    place: "details",
    from: "details.errors",
    meaning: "Invocations of the consumer that failed, by CloudWatch.",
  },
  deadLetters: {
    name: "Dead-lettered",
    shortName: "deadLetters",
    unit: "events",
    betterWhen: "lower",
    place: "details",
    from: "details.deadLetters",
    meaning: "Messages that the recorder took from the dead-letter queue, also of events that completed all the same.",
  },
  deadLettersCompleted: {
    name: "Dead-lettered, and completed",
    shortName: "deadLettersCompleted",
    unit: "events",
    betterWhen: "lower",
    place: "details",
    from: "details.deadLettersCompleted",
    meaning:
      "Dead-lettered messages of events that completed all the same, before or after: a redrive would repeat them.",
  },
  calls: {
    name: "Calls",
    shortName: "calls",
    unit: "count",
    betterWhen: "neither",
    place: "details",
    from: "details.calls.atLeast",
    meaning:
      "The calls that the downstream got, refused ones too. While its settings are off nobody records them: then there were at least as many as rows.",
  },
  callsAtMost: {
    name: "Calls at most",
    shortName: "callsAtMost",
    unit: "count",
    betterWhen: "neither",
    place: "details",
    from: "details.calls.atMost",
    meaning: "The same number where calls are recorded; else rows and whatever failed invocations can have called for.",
  },
  callsRefused: {
    name: "Calls refused",
    shortName: "refused",
    unit: "count",
    betterWhen: "lower",
    place: "details",
    from: "details.calls.refused",
    meaning: "The calls that the downstream refused, because they would have exceeded DownstreamLimit.",
  },
  waitP50Ms: wait("p50"),
  waitP95Ms: wait("p95"),
  waitP99Ms: wait("p99"),
  waitOldestMs: wait("oldest"),
  backlogMax: {
    name: "Max. backlog",
    shortName: "backlog",
    unit: "events",
    betterWhen: "lower",
    place: "details",
    from: "details.backlogMax",
    meaning:
      "The most events at any moment that were sent and had neither completed nor been dead-lettered, by the rows.",
  },
  outOfOrder: {
    name: "Out of order",
    shortName: "outOfOrder",
    unit: "events",
    betterWhen: "lower",
    place: "details",
    from: "details.order.outOfOrder",
    meaning: "Events before whose first completion an event of the same message group with a higher id completed.",
  },
  outOfOrderShare: {
    name: "Out of order, share",
    shortName: "outOfOrderShare",
    unit: "share",
    betterWhen: "lower",
    place: "details",
    from: "details.order.share",
    meaning: "The share of completed events that are out of order.",
  },
  worstDisplacement: {
    name: "Worst displacement",
    shortName: "displacement",
    unit: "count",
    betterWhen: "lower",
    place: "details",
    from: "details.order.worstDisplacement",
    meaning: "The most places that an event completed later than its turn in its message group.",
  },
  messageGroups: {
    name: "Message groups",
    shortName: "messageGroups",
    unit: "count",
    betterWhen: "given",
    place: "groups",
    from: "details.messageGroups.count",
    meaning: "The message groups that the events are in.",
  },
  messageGroupsOutOfOrder: {
    name: "Message groups out of order",
    shortName: "groupsOutOfOrder",
    unit: "count",
    betterWhen: "lower",
    place: "groups",
    from: "details.messageGroups.outOfOrderIn",
    meaning: "The message groups that have an event out of order.",
  },
  waitP95MiddleGroupMs: groupWait("middle"),
  waitP95WorstGroupMs: groupWait("most"),
  emptySeconds: {
    name: "Seconds without an insert",
    shortName: "emptySeconds",
    unit: "count",
    betterWhen: "neither",
    place: "details",
    from: "details.emptySeconds",
    meaning: "Whole seconds between the first insert and the last in which nothing was inserted.",
  },
  peakRollingSecond: {
    name: "Peak in any rolling second",
    shortName: "peakInserts",
    unit: "count",
    betterWhen: "neither",
    place: "details",
    from: "details.peakRollingSecond",
    meaning: "The most inserts in any stretch of one second, whenever it begins.",
  },
  costPerMillionEvents: {
    name: "Cost per million events",
    shortName: "costPerMillion",
    unit: "dollars",
    betterWhen: "lower",
    place: "details",
    from: "cost.perMillionEvents",
    meaning:
      "What topic, queue and consumer are billed for a million such events, without free tiers; the bench's own functions are left out.",
  },
  costPerMonth: {
    name: "Cost per month",
    shortName: "costPerMonth",
    unit: "dollars",
    betterWhen: "lower",
    place: "details",
    from: "cost.month",
    meaning:
      "What they are billed in a month for a spike each --every, or one a day where nobody said, and for Lambda's polls of the idle queue.",
  },
} satisfies Record<string, FigureDefinition>;

function wait(which: "p50" | "p95" | "p99" | "oldest"): FigureDefinition {
  const isOldest = which === "oldest";
  return {
    name: isOldest ? "Oldest wait" : `Wait ${which}`,
    shortName: isOldest ? "oldestWait" : `wait${which[0]!.toUpperCase()}${which.slice(1)}`,
    unit: "milliseconds",
    betterWhen: "lower",
    place: "details",
    from: `details.waitMs.${which}`,
    meaning: isOldest
      ? "The longest time from the moment an event was made to its first completion."
      : "From the moment an event was made to its first completion; percentiles are waits that some event had.",
  };
}

function groupWait(which: "middle" | "most"): FigureDefinition {
  const isWorst = which === "most";
  return {
    name: `Wait p95, ${isWorst ? "worst" : "middle"} message group`,
    shortName: isWorst ? "worstGroupWait" : "middleGroupWait",
    unit: "milliseconds",
    betterWhen: "lower",
    place: "groups",
    from: `details.messageGroups.waitP95Ms.${which}`,
    meaning: isWorst
      ? "The wait p95 of the message group whose own is the longest."
      : "The wait p95 of a message group in the middle: half of the groups have a shorter one, so that one noisy group does not move it.",
  };
}

export type Figure = keyof typeof definitions;

export type FigureValues = Record<Figure, number | null>;

export const figures: Record<Figure, FigureDefinition> = definitions;

export const allFigures = Object.keys(figures) as Figure[];

/** The figures that a run decides. */
export const measuredFigures = allFigures.filter((figure) => figures[figure].betterWhen !== "given");

/** null: the run does not have it, or nobody recorded it. */
export function readFigure(figure: Figure, run: Measured): number | null {
  // biome-ignore lint/suspicious/noExplicitAny: the path is checked where it is written.
  return figures[figure].from.split(".").reduce((part: any, key) => part?.[key], run) ?? null;
}

export function readFigures(run: Measured): FigureValues {
  return Object.fromEntries(allFigures.map((figure) => [figure, readFigure(figure, run)])) as FigureValues;
}

/** Says whether a figure stands in a report on runs that have these values: one of message groups does where a run has several. */
export function isShown(figure: Figure, values: readonly (number | null)[]): boolean {
  return figures[figure].place !== "groups" || values.some((value) => value !== null);
}

/** The precision of figures in a record, and of all that is made of them. */
export function toThreeDecimals(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** A published result as a run that measured nothing else. */
export function publishedRun(published: PublishedResult): Measured {
  const { totalEvents, eventsCompleted, eventsFailed } = published;
  const eventsMissing = totalEvents - eventsCompleted - eventsFailed;
  return { summary: { ...published, eventsMissing, duplicates: null }, details: null, cost: null };
}

/** Finds a figure by its short name or its whole one; undefined: there is none of this name. */
export function figureNamed(name: string): Figure | undefined {
  return measuredFigures.find((figure) => figure === name || figures[figure].shortName === name);
}

/** The names that thresholds take. */
export const shortNames = measuredFigures.map((figure) => figures[figure].shortName);
