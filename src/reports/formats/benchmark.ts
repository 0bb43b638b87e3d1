/** The figures as github-action-benchmark charts them, as its `customSmallerIsBetter` and `customBiggerIsBetter` take them. */
import type { Interval, RunRecord } from "../../model.ts";
import { figuresOf } from "../columns.ts";
import type { TextFormat } from "../format.ts";
import { provenance, runLine, settingsLine } from "../words.ts";

/** What the action reads; `range` and `extra` are text that it shows. */
interface Benchmark {
  name: string;
  unit: string;
  value: number;
  range?: string;
  extra: string;
}

interface Measure {
  name: string;
  unit: string;
  value: number | null;
  interval: Interval | null;
}

/**
 * Peaks and concurrency are in neither: whether more of them is better depends on what is throttled. A figure that could
 * not be had is left out, because the action takes numbers only.
 */
const charted: Record<string, readonly string[]> = {
  smaller: ["Time Taken", "Events Failed", "Events Missing", "Duplicates", "Latency p50", "Latency p95", "Latency p99"],
  bigger: ["Events Completed", "Avg. DB Inserts Per Second"],
};

export const benchmark: TextFormat<RunRecord> = {
  name: "benchmark",
  help: "print what github-action-benchmark charts, smaller or bigger is better",
  choices: { name: "better", values: ["smaller", "bigger"] },
  text(records, _options, better) {
    const benchmarks = records.flatMap((record) =>
      measures(record)
        .filter(({ name }) => charted[better]!.includes(name))
        .flatMap((measure) => benchmarkOf(record, measure)),
    );
    return JSON.stringify(benchmarks, null, 2);
  },
};

/** The name is the chart's, so it stays the same from night to night and tells unlike runs apart. */
function benchmarkOf(record: RunRecord, { name, unit, value, interval }: Measure): Benchmark[] {
  if (value === null) return [];
  const { scenario, target, platform } = record;
  const series = [scenario, target, platform].filter(Boolean).join(" ");
  return [
    {
      name: `${series}: ${name}`,
      unit,
      value,
      ...(interval && { range: `${interval.low}-${interval.high}` }),
      extra: [provenance(record), runLine(record), settingsLine(record)].filter(Boolean).join("\n"),
    },
  ];
}

const unitNames = { count: "events", seconds: "s", rate: "inserts/s" };

/** Of each run the same ones, so that a chart has a point for a night on which nothing was missing. */
function measures(record: RunRecord): Measure[] {
  const { summary, details, uncertainty } = record;
  const shown = figuresOf(record).map(({ name, unit, value, interval }) => ({
    name,
    unit: unitNames[unit],
    value,
    interval,
  }));
  const accounted = (
    [
      ["Events Missing", "eventsMissing"],
      ["Duplicates", "duplicates"],
    ] as const
  ).map(([name, of]): Measure => {
    const interval = uncertainty?.intervals[of] ?? null;
    return { name, unit: "events", value: interval ? interval.median : summary[of], interval };
  });
  const latencies = (["p50", "p95", "p99"] as const).map(
    (of): Measure => ({ name: `Latency ${of}`, unit: "ms", value: details.latencyMs?.[of] ?? null, interval: null }),
  );
  return [...shown.filter(({ name }) => accounted.every((other) => other.name !== name)), ...accounted, ...latencies];
}
