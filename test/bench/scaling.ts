/** Scaling: time and memory of runs that grow tenfold. */
import { fileURLToPath } from "node:url";
import { messageOf } from "../../src/errors.ts";
import { section } from "./section.ts";
import { figure } from "./table.ts";
import type { Usage } from "./timing.ts";
import type { Ended } from "./workplace.ts";

const kinds = ["alone", "command"] as const;
type Kind = (typeof kinds)[number];

interface Peak extends Usage {
  peakMb: number;
  cpuPerEventUs: number;
  wallPerEventUs: number;
  /** Above the peak of the smallest run of its kind, which is what a process needs anyway; null for that run itself. */
  peakPerEventKb: number | null;
}

interface Size {
  events: number;
  /** The model alone, without the start of its process; null: not measured. */
  alone: Peak | null;
  /** `throttle-bench run` with its start, rows in Postgres, the record printed; null: not measured. */
  command: Peak | null;
}

/** CPU time of an event in the largest run ÷ that in the run of the second size, in which the start of a process matters little. */
interface Growth {
  from: number;
  to: number;
  times: number;
}

interface Scaling {
  sizes: Size[];
  growth: Record<Kind, Growth | null>;
  /** Why the series has ended before its last size; null: it has not. */
  stopped: string | null;
}

// Beside the bundle that this file is part of.
const aloneFile = fileURLToPath(new URL("./alone.js", import.meta.url));

const words: Record<Kind, string> = { alone: "model alone", command: "whole command" };

const scenario = "scenario-5";
const settings = ["ReservedConcurrency=50", "PublishRate=0"];

export const scaling = section<Scaling>({
  title: `Scaling: ${scenario} with ${settings.join(", ")}, a process for each run`,
  async measure({ series, seriesBudgetMs }, workplace) {
    const end = performance.now() + seriesBudgetMs;
    const runs = {
      alone(events: number, timeoutMs: number) {
        const ended = workplace.node([aloneFile, scenario, String(events), ...settings], timeoutMs);
        return { ...ended, ...(JSON.parse(ended.stdout) as Usage) };
      },
      command(events: number, timeoutMs: number) {
        const set = settings.flatMap((setting) => ["--set", setting]);
        return workplace.run([scenario, "--events", String(events), "--timeout", "24h", ...set], timeoutMs);
      },
    };
    const sizes: Size[] = series.map((events) => ({ events, alone: null, command: null }));
    let stopped: string | null = null;
    for (const [index, size] of sizes.entries()) {
      for (const kind of kinds) {
        const leftMs = end - performance.now();
        const expectedMs = expectedOf(size.events, sizes.slice(0, index), kind);
        if (expectedMs === null || expectedMs > leftMs) {
          const expected = expectedMs === null ? "longer than a run that did not end" : `about ${seconds(expectedMs)}`;
          stopped ??= `${count(size.events)} events, ${words[kind]}, would take ${expected}; ${seconds(leftMs)} of ${seconds(seriesBudgetMs)} are left.`;
          continue;
        }
        try {
          size[kind] = peakOf(runs[kind](size.events, Math.max(1, Math.ceil(leftMs))), size.events, sizes[0]!, kind);
        } catch (failure) {
          // The figures of smaller runs are not lost.
          const reason = isTimeout(failure)
            ? `did not end within the ${seconds(leftMs)} that were left of ${seconds(seriesBudgetMs)}.`
            : `failed: ${messageOf(failure)}`;
          stopped ??= `${count(size.events)} events, ${words[kind]}, ${reason}`;
        }
      }
    }
    const growth = { alone: growthOf(sizes, "alone"), command: growthOf(sizes, "command") };
    return { sizes, growth, stopped };
  },
  table({ sizes, growth, stopped }) {
    const row = (what: string, events: number, peak: Peak | null) => {
      const cell = (value: (peak: Peak) => number | null, unit: string) =>
        figure(peak === null ? null : value(peak), unit);
      return [
        `${count(events)} events, ${what}`,
        cell(({ wallMs }) => wallMs / 1_000, "s"),
        cell(({ cpuMs }) => cpuMs / 1_000, "s"),
        cell(({ wallPerEventUs }) => wallPerEventUs, "µs"),
        cell(({ cpuPerEventUs }) => cpuPerEventUs, "µs"),
        cell(({ peakMb }) => peakMb, "MB"),
        events === sizes[0]!.events ? "" : cell(({ peakPerEventKb }) => peakPerEventKb, "kB"),
      ];
    };
    return {
      head: ["", "wall", "CPU", "wall per event", "CPU per event", "peak", "growth per event"],
      rows: kinds.flatMap((kind) => sizes.map((size) => row(words[kind], size.events, size[kind]))),
      notes: [
        ...kinds.map((kind) => `CPU per event, ${words[kind]}: ${describe(growth[kind])}`),
        ...(stopped === null ? [] : [`Stopped: ${stopped}`]),
      ],
    };
  },
});

function peakOf({ wallMs, cpuMs, peakMb }: Ended, events: number, smallest: Size, kind: Kind): Peak {
  const least = smallest[kind];
  return {
    wallMs,
    cpuMs,
    peakMb,
    wallPerEventUs: (1_000 * wallMs) / events,
    cpuPerEventUs: (1_000 * cpuMs) / events,
    peakPerEventKb: least === null ? null : (1_024 * (peakMb - least.peakMb)) / (events - smallest.events),
  };
}

/** The wall time of a run if it lies on the line through the last two that were measured; null: one of them did not end. */
function expectedOf(events: number, measured: readonly Size[], kind: Kind): number | null {
  const last = measured.at(-1);
  const before = measured.at(-2);
  if (last === undefined) return 0;
  const lastMs = last[kind]?.wallMs;
  if (lastMs === undefined) return null;
  if (before === undefined) return lastMs;
  const perEventMs = (lastMs - before[kind]!.wallMs) / (last.events - before.events);
  return lastMs + Math.max(0, perEventMs) * (events - last.events);
}

/** Null: no two runs to compare. */
function growthOf(sizes: readonly Size[], kind: Kind): Growth | null {
  const [from, ...larger] = sizes.slice(1);
  const to = larger.findLast((size) => size[kind] !== null);
  if (!from?.[kind] || !to?.[kind]) return null;
  return { from: from.events, to: to.events, times: to[kind].cpuPerEventUs / from[kind].cpuPerEventUs };
}

function isTimeout(failure: unknown): boolean {
  return (failure as NodeJS.ErrnoException).code === "ETIMEDOUT";
}

function describe(growth: Growth | null): string {
  if (growth === null) return "missing";
  return `at ${count(growth.to)} events ${figure(growth.times)} × that at ${count(growth.from)}`;
}

function count(events: number): string {
  return events.toLocaleString("en");
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
