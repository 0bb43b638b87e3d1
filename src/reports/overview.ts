/** Several runs on a page: a row for each with its verdict, before any run by itself. */
import { shownFigure } from "../metrics/uncertainty.ts";
import type { RunRecord, RunVerdict } from "../model.ts";
import { type Cell, type Column, columnsOver, type Placed } from "./document.ts";
import { briefDuration, figure, missing } from "./figures.ts";

/** `links`: where the page tells more of each run; absent: nowhere. */
export function overview(records: readonly RunRecord[], labels: readonly string[], links?: string[]): Placed {
  const column = columnsOver(records);
  const run: Column = { head: "run", cells: [...labels], isText: true };
  const result = column("result", ({ kind }) => kind, true);
  const isMixed = new Set(records.map(({ kind }) => kind)).size > 1;
  const columns = [
    run,
    ...(isMixed ? [result] : []),
    column("limit", ({ verdict }) => limitCell(verdict), true),
    column("lost", lostCell, true),
    column("drained\nin", drainedCell),
    column("oldest\nwait", (record) => durationOf(inSeconds(shownFigure(record, "waitOldestMs").value))),
    column("USD per\nmillion", (record) => dollars(shownFigure(record, "costPerMillionEvents").value)),
  ];
  return { kind: "table", name: "The verdict on each run", layouts: [columns], links };
}

function limitCell(verdict: RunVerdict | null): Cell {
  const limit = verdict?.limit ?? null;
  if (limit === null) return { text: "none known" };
  const peak = limit.peak === null ? "" : `, peak ${limit.peak.atMost}`;
  if (limit.status === "unknown") return { text: `${limit.limit}, not judged` };
  return limit.status === "kept"
    ? { text: `${limit.limit} kept${peak}`, tone: "good" }
    : { text: `${limit.limit} exceeded${peak}`, tone: "bad" };
}

function lostCell({ verdict, summary }: RunRecord): Cell {
  const lost = verdict ? verdict.loss.failed + verdict.loss.missing : summary.eventsFailed + summary.eventsMissing;
  if (lost === 0) return { text: "none", tone: "good" };
  const runs = verdict && verdict.runs > 1 ? ` in ${verdict.loss.lostIn} of ${verdict.runs} runs` : "";
  return { text: `${lost} of ${summary.totalEvents}${runs}`, tone: "bad" };
}

function drainedCell(record: RunRecord): string {
  const { verdict } = record;
  if (verdict !== null && verdict.wait.drainedIn < verdict.runs) return "not all";
  return durationOf(shownFigure(record, "timeTakenSeconds").value);
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}

function durationOf(seconds: number | null): string {
  return seconds === null ? missing : briefDuration(seconds);
}

function dollars(value: number | null): string {
  return value === null ? missing : figure(value, "dollars").replace(" USD", "");
}
