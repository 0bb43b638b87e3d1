/** A sweep: every combination of some values, each simulated with the same seeds. It is data only. */
import type { Figure } from "../../metrics/figures.ts";
import type { WayName } from "../../metrics/ways.ts";
import type { Assumption, Expectations, Interval, PlatformName, RunVerdict, Settings, Spikes } from "../../model.ts";

/** Something that a sweep varies. */
export interface Axis {
  /** `setting`: of the scenario; `number`: of the model; `burst`: `rate`, `events`, `for`, `every` or `spikes` */
  of: "setting" | "number" | "burst";
  /** as it is typed, such as `VisibilityTimeout`, `database.connectMs` or `rate` */
  name: string;
  /** as they are typed, each once; numbers ascend */
  values: string[];
}

/**
 * `keeps` (✓): all that is asked, in all runs. `doubtful` (~): the calls of its runs are not all known. `breaks` (✗): something, in some
 * run. `refused`: AWS would not take it, so that it was not simulated.
 */
export type CellStanding = "keeps" | "doubtful" | "breaks" | "refused";

/** Median and 5-95% interval of the runs of a cell; null: not every run has the figure. */
export type CellFigures = Partial<Record<Figure, Interval | null>> & {
  /** most calls that began in one window of the limit, or without a limit in one second */
  peakCalls: Interval | null;
  /** failed and missing events */
  lost: Interval | null;
};

/** A cell before it is simulated. */
export interface Cell {
  /** one of each axis, in their order */
  values: string[];
  /** the value of every parameter, except the database's URL */
  settings: Settings;
  /** of all spikes together */
  events: number;
  /** absent: the burst comes once */
  spikes?: Spikes;
  /** numbers of the model that were given, swept ones too */
  assumptions: Record<string, number>;
  expected: Expectations;
  /** why AWS would refuse it, a sentence; null: it can be simulated */
  refusal: string | null;
}

export interface SweptCell extends Cell {
  standing: CellStanding;
  /** null: refused */
  verdict: RunVerdict | null;
  /** null: refused */
  figures: CellFigures | null;
}

export interface Sweep {
  way: WayName;
  platform: PlatformName;
  /** the name of the profile; null: the platform's own numbers */
  profile: string | null;
  /** whether each simulation drew the numbers that AWS does not publish */
  ranges: boolean;
  /** of each cell; consecutive */
  seeds: number[];
  /** those that vary; the last varies fastest */
  axes: Axis[];
  /** settings that were given one value */
  fixed: { name: string; value: string }[];
  /** the numbers that the first simulation went by; swept ones and those that are drawn differ in others */
  assumptions: Assumption[];
  /** in the order of the axes */
  cells: SweptCell[];
  /** index of the cell that keeps what is asked and has all events through first; null: none keeps it */
  fastest: number | null;
  /** index of the cell that keeps what is asked and costs least; null: none keeps it */
  cheapest: number | null;
}
