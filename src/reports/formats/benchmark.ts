/** The figures as github-action-benchmark charts them, as its `customSmallerIsBetter` and `customBiggerIsBetter` take them. */
import { type Figure, type FigureDefinition, figures, measuredFigures, type Unit } from "../../metrics/figures.ts";
import { shownFigure } from "../../metrics/uncertainty.ts";
import type { RunRecord } from "../../model.ts";
import type { TextFormat } from "../format.ts";
import { ignoredLine } from "../ignored.ts";
import { labelled, settingsApart } from "../labels.ts";
import { provenance, runLine, settingsLine } from "../words.ts";

/** The action reads these, and shows `range` and `extra` as text. */
interface Benchmark {
  name: string;
  unit: string;
  value: number;
  range?: string;
  extra: string;
}

/** The charts' names of the units. */
const unitNames: Record<Unit, string> = {
  events: "events",
  count: "count",
  seconds: "s",
  milliseconds: "ms",
  rate: "inserts/s",
  share: "share",
  dollars: "USD",
};

const directions: Record<string, FigureDefinition["betterWhen"]> = { smaller: "lower", bigger: "higher" };

/**
 * A figure without a better way is in no chart. A figure that could not be had is left out, because the action takes numbers only.
 */
export const benchmark: TextFormat<RunRecord> = {
  name: "benchmark",
  help: "print what github-action-benchmark charts, smaller or bigger is better",
  choices: { name: "better", values: ["smaller", "bigger"] },
  text(records, _options, better) {
    const charted = measuredFigures.filter((figure) => figures[figure].betterWhen === directions[better]);
    const set = settingsApart(records);
    return JSON.stringify(
      records.flatMap((record, index) =>
        charted.flatMap((figure) => benchmarkOf(record, labelled(record.scenario, set[index]!), figure)),
      ),
      null,
      2,
    );
  },
};

/** The name is the chart's, so it stays the same from night to night and tells unlike runs apart. */
function benchmarkOf(record: RunRecord, label: string, figure: Figure): Benchmark[] {
  const { value, interval } = shownFigure(record, figure);
  if (value === null) return [];
  const { name, unit } = figures[figure];
  const { target, platform } = record;
  const series = [label, target, platform].filter(Boolean).join(" ");
  return [
    {
      name: `${series}: ${name}`,
      unit: unitNames[unit],
      value,
      ...(interval && { range: `${interval.low}-${interval.high}` }),
      extra: [provenance(record), runLine(record), settingsLine(record), ignoredLine(record.ignored)]
        .filter(Boolean)
        .join("\n"),
    },
  ];
}
