/** One event's life as a table: since when, what happened, how long it had waited and for what. */
import picocolors from "picocolors";
import type { RunRecord, Trace, TraceStep } from "../model.ts";
import { columnsOver } from "./document.ts";
import { figure, shortDuration } from "./figures.ts";
import type { Options } from "./format.ts";
import { widestThatFits } from "./media/grid.ts";
import { oneLine, shortened, wrap } from "./text.ts";
import { provenanceOfFirst } from "./words.ts";

/** Longer ones are cut: `--json` has them whole. */
const longestDetail = 120;

/** The sentence of each step; where it has no name, the sentence does without. */
const sentences: Readonly<Record<string, (step: TraceStep, where: string) => string>> = {
  made: () => "made by the producer",
  published: (_, where) => `published to ${where}`,
  refused: (_, where) => `refused by ${where}`,
  queued: (_, where) => `in ${where}`,
  put: (_, where) => `put into ${where}`,
  "put on the bus": () => "put on the event bus",
  matched: (_, where) => `matched by ${where}`,
  "lined up": (_, where) => `waits for its turn at ${where}`,
  requested: () => "requested over HTTP",
  responded: () => "answered over HTTP",
  read: (_, where) => `read from ${where}`,
  accepted: (_, where) => `accepted by the internal queue of ${where}`,
  received: ({ receive }, where) => `received from ${where} (receive ${receive})`,
  throttled: ({ times, lastAt, at, sinceSentMs }, where) =>
    times === 1
      ? `${where} is throttled`
      : `${where} is throttled ${times} times until ${since(sinceSentMs + lastAt - at)}`,
  invoked: ({ instance, cold }, where) =>
    instance === null ? `${where} is invoked` : `${where} is invoked, in instance ${instance} (${coldness(cold)})`,
  started: ({ instance, cold }) => `the handler starts in instance ${instance} (${coldness(cold)})`,
  "asked the limiter": () => "asks the limiter",
  called: () => "calls the downstream",
  "call refused": () => "the downstream refuses the call",
  logged: () => "the handler logs",
  completed: () => "its row is inserted: completed",
  recorded: () => "its row is inserted: recorded as a dead letter",
  answered: (_, where) => `${where} has answered`,
  failed: (_, where) => `${where} has failed`,
  deleted: (_, where) => `deleted from ${where}`,
  "not deleted": (_, where) => `not deleted from ${where}`,
  "given back": (_, where) => `given back to ${where}`,
  visible: (_, where) => `visible again in ${where}`,
  "dead-lettered": (_, where) => `moved to ${where}`,
};

/** `record`: of the run that it was simulated from. */
export function traceText(trace: Trace, record: RunRecord, { columns, colour }: Options): string {
  const colours = picocolors.createColors(colour);
  const column = columnsOver(trace.steps);
  const time = column("since made", ({ sinceSentMs }) => since(sinceSentMs));
  const room = Math.max(24, columns - 60);
  const what = column("what happened", (step) => wrap(stepText(step), room).join("\n"), true);
  const waited = column("waited", ({ waitedMs }) => (waitedMs === 0 ? "" : figure(waitedMs, "milliseconds")));
  const why = column("for", ({ why }) => (why === null ? "" : wrap(why, 26).join("\n")), true);
  return [
    ...wrap(`${headingOf(trace)} · ${provenanceOfFirst(record)}`, columns).map(colours.bold),
    ...wrap(`Run ${trace.runId}, simulated again with the same rows.`, columns, "  ").map(colours.dim),
    ...(trace.steps.length === 0
      ? ["No producer published it."]
      : [
          widestThatFits(
            [
              [time, what, waited, why],
              [time, what, waited],
              [time, what],
            ],
            columns,
            colours,
          ),
        ]),
  ].join("\n");
}

/** `Event 17 of scenario-4, message group 2: completed after 12 s` */
function headingOf({ scenario, event, messageGroup, outcome, steps }: Trace): string {
  const group = messageGroup === null ? "" : `, message group ${messageGroup}`;
  const end = steps.find(({ what }) => what === "completed" || what === "recorded");
  const after = end === undefined ? "" : ` after ${shortDuration(end.sinceSentMs / 1_000)}`;
  return `Event ${event} of ${scenario}${group}: ${outcome}${after}`;
}

/** A step's happening, in a line. */
export function stepText(step: TraceStep): string {
  const { what, where, others, detail } = step;
  const sentence = sentences[what]?.(step, where ?? "it") ?? [what, where].filter((part) => part !== null).join(" ");
  const beside = others === null || others === 0 ? "" : `, with ${others} other ${others === 1 ? "record" : "records"}`;
  const said = detail === null ? "" : `: ${shortened(oneLine(detail), longestDetail)}`;
  return `${sentence}${beside}${said}`;
}

function coldness(cold: boolean | null): string {
  return cold ? "cold" : "warm";
}

function since(ms: number): string {
  return `+${figure(ms, "milliseconds")}`;
}
