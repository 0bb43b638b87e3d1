/** The answer to a question: which way holds, with which settings, what it costs, and what it rests on. It is data only. */
import type { WayName } from "../../metrics/ways.ts";
import type { Interval, Settings } from "../../model.ts";
import type { Question } from "./question.ts";

export interface Answer {
  question: Question;
  /** of one spike */
  events: number;
  /** best first: the best candidate of each family, the other finalists, and the user's own */
  candidates: Candidate[];
  /** the ways in the order of their best candidates; those that were not simulated come last */
  families: Family[];
  /** of the first of `candidates`; null: nothing holds */
  winner: Winner | null;
  /** true of any way: what comes, what the limit lets through, how long that takes */
  bounds: Bounds;
  /** what would do where nothing holds, each by itself; empty where something does */
  remedies: Remedy[];
  /** ids of the candidates that hold, or of all where none does, that no other beats in wait, cost and peak at once; in the order of `candidates` */
  frontier: string[];
  simulations: {
    /** by the effort; what theory and races leave out is not needed */
    planned: number;
    done: number;
  };
  /** false: time was over before the search was, so that another run may find another answer */
  isFinal: boolean;
}

/** A candidate has to keep these. Each is asked only where the question asks it, but `limit` and `loss` always. */
export type Demand = "limit" | "loss" | "wait" | "order" | "duplicates" | "budget" | "spikes";

/** `keeps` (✓): all that was asked in all runs. `doubtful` (~): broken in few runs, or run too rarely to say. `breaks` (✗): breaks something. */
export type CandidateStanding = "keeps" | "doubtful" | "breaks";

export interface Candidate {
  /** `c7`; unique in the answer */
  id: string;
  way: WayName;
  /** `search`: found. `template`: the way's own settings. `user`: named in the question. */
  origin: "search" | "template" | "user";
  /** the value of every setting of the way */
  settings: Settings;
  /** of these the ones that an engineer decides on and that differ from the template's own, in its order; the question's own (work, rate, failures) are left out */
  changed: { name: string; value: string; own: string }[];
  standing: CandidateStanding;
  /** the verdict in one sentence: what it keeps in how many runs, or what it breaks, with the figure */
  sentence: string;
  /** what no demand is about and an engineer has to know before relying on it; `sentence` has it, too; null: nothing */
  caveat: string | null;
  /** all that was asked */
  demands: DemandVerdict[];
  figures: CandidateFigures;
  /** services and functions on an event's path, and what it needs beside them, such as a limiter in a database */
  movingParts: { count: number; names: string[] };
  /** simulations with numbers drawn from their ranges */
  runs: number;
  isFinalist: boolean;
  isOnFrontier: boolean;
}

export interface DemandVerdict {
  demand: Demand;
  brokenIn: number;
  /** runs that tell of it */
  of: number;
  /** with 95% confidence it is broken in no more than this share of runs: three over the runs where none broke it */
  brokenShareAtMost: number;
  /** `none of 200; at most 1.5% at 95%` */
  confidence: string;
  /** `limit: peak 1 call in 1 s`, with what was allowed */
  sentence: string;
}

/** Median and 5-95% interval of the runs; null: not every run has the figure. */
export interface CandidateFigures {
  /** most calls that began in one window of the limit */
  peakCalls: Interval | null;
  /** failed and missing events */
  lost: Interval | null;
  waitOldestMs: Interval | null;
  waitP95Ms: Interval | null;
  drainedMs: Interval | null;
  /** US dollars; with the spikes as often as the question says */
  costPerMonth: Interval | null;
  costPerMillionEvents: Interval | null;
  throttles: Interval | null;
  outOfOrder: Interval | null;
  duplicates: Interval | null;
  maxConcurrency: Interval | null;
}

export interface Family {
  way: WayName;
  /** `out`: theory left out all but the way's own settings, and these break something; `doubtful` without a best: time was over before it was tried */
  standing: CandidateStanding | "out";
  /** id of its best candidate; null: none was simulated */
  best: string | null;
  /** why it is out, or why its best is not first, in one sentence with its figure */
  reason: string;
  /** how many candidates theory left out, and how many were simulated */
  pruned: number;
  simulated: number;
}

export interface Winner {
  /** id of the candidate */
  candidate: string;
  /** what it rests on, the nearest first: at most three of the question and three of the model's numbers */
  rests: Rest[];
}

/** One thing that has to stay as it is, more or less. */
export interface Rest {
  /** `work`, `accountConcurrency`, …; or the name of one of the model's numbers */
  on: string;
  of: "question" | "setting" | "model";
  /** what the answer went by */
  value: number;
  /** `ms`, `events a second`, … */
  unit: string;
  /** the last value tried that held, and the first that did not; null: nothing tried broke it */
  heldAt: number;
  brokeAt: number | null;
  /** the demand that broke first */
  breaks: Demand | null;
  /** `holds while one event takes at least 1.0 s` */
  sentence: string;
}

/** True whatever is deployed. */
export interface Bounds {
  /** calls a second that the limit allows in the long run */
  callsPerSecond: number;
  /** the shortest time in which the limit lets the events of a spike through, ms */
  leastDrainMs: number;
  /** the least time that some event waits at least, ms */
  leastWaitMs: number;
  /** the number of calls that are under way at once, on average, at the limit's rate: by Little's law */
  concurrencyAtLimit: number;
  /** true: the spike itself keeps the limit */
  needsNoThrottle: boolean;
  sentences: string[];
}

export interface Remedy {
  give: "limit" | "wait" | "spike" | "duration" | "work" | "every" | "order" | "loss" | "budget" | "duplicates";
  /** the value that would do: calls in the unit that the question's limit has, ms, events of one spike, dollars, … */
  value: number;
  unit: string;
  /** `a limit of 3.4/s would do` */
  sentence: string;
}
