/** The contents of a report on runs, for every medium. */
import { isAboutPublished } from "../metrics/caveats.ts";
import type { Span } from "../metrics/story.ts";
import type { RunRecord, TimelinePoint } from "../model.ts";
import { assumptionBlocks, assumptionLines } from "./assumptions.ts";
import { caveatText } from "./caveats.ts";
import { figureLayouts, furtherFigures, summaryLayouts } from "./columns.ts";
import { costBlocks, pricesLine } from "./cost.ts";
import { columnsOver, type Document, type Placed, type Section } from "./document.ts";
import { errorSentences } from "./errors.ts";
import { ignoredLine } from "./ignored.ts";
import { labelsOf } from "./labels.ts";
import { messageGroupBlocks, messageGroupsLine, orderLine, slowestLine } from "./message-groups.ts";
import { binned } from "./pictures/panels.ts";
import { clockTime } from "./pictures/scale.ts";
import { topologyDrawing } from "./pictures/topology.ts";
import { readings } from "./readings.ts";
import { spikeBlocks } from "./spikes.ts";
import { limitLine, unseenLine } from "./verdict.ts";
import { warningText } from "./warnings.ts";
import {
  firedText,
  incomparableLine,
  pathBesideTitle,
  provenance,
  provenanceOfAll,
  publishedLine,
  repeated,
  runLine,
  settingsLine,
  spreadLine,
  versionsLine,
} from "./words.ts";

const mostTimelineRows = 60;

/** Names in the summary of more than `longestName` characters are shortened. */
export function runsDocument(records: readonly RunRecord[], longestName?: number): Document {
  const labels = labelsOf(records);
  return {
    level: 2,
    summary: records.length > 1 ? summarySection(records, labels, longestName) : null,
    sections: records.map((record, index) => runSection(record, labels[index]!)),
  };
}

function summarySection(records: readonly RunRecord[], labels: readonly string[], longestName?: number): Section {
  return {
    heading: ["Summary"],
    badge: provenanceOfAll(records),
    blocks: [
      ...records.flatMap(({ verdict }, index): Placed[] =>
        verdict === null ? [] : [{ kind: "verdict", name: labels[index]!, verdict, note: null }],
      ),
      { kind: "table", name: "All runs", layouts: summaryLayouts(records, labels, longestName) },
    ],
  };
}

/**
 * First what a person acts on, in the order in which it is asked: does the downstream survive, are events lost, how long do they wait,
 * what does it cost. Last what explains the run.
 */
function runSection(record: RunRecord, label: string): Section {
  const { title, settings, verdict } = record;
  return {
    heading: [label, pathBesideTitle(record) ?? "", title, firedText(record)].filter(Boolean),
    badge: provenance(record),
    blocks: [
      ...(verdict === null ? [] : [{ kind: "verdict" as const, verdict, note: unseenLine(verdict) }]),
      { kind: "table", name: "Figures", layouts: figureLayouts(record) },
      ...readingBlocks(record),
      ...spikeBlocks(record),
      ...errorBlocks(record),
      ...warningBlocks(record, "page"),
      ...caveatBlocks(record, "page"),
      { kind: "timeline", record },
      { kind: "drawing", only: "page", name: "Path of an event", svg: topologyDrawing(record) },
      { kind: "details", only: "page", title: "Timeline as a table", blocks: [timelineBlock(record.timeline)] },
      { kind: "details", title: "Further figures", blocks: furtherBlocks(record) },
      { kind: "details", only: "page", title: "Settings", blocks: [settingsBlock(settings)] },
      ...warningBlocks(record, "text"),
      ...caveatBlocks(record, "text"),
      ...notes(closingLines(record), "text"),
      ...notes(
        [publishedLine(record), ...closingLines(record).filter((line) => line !== settingsLine(record))],
        "page",
      ),
    ],
  };
}

function readingBlocks(record: RunRecord): Placed[] {
  const pairs = readings(record);
  return [...(pairs.length === 0 ? [] : [{ kind: "pairs" as const, pairs }]), ...notes([messageGroupsLine(record)])];
}

/** The ground that a result rests on, for those who ask. */
function closingLines(record: RunRecord): (string | null)[] {
  const { verdict, uncertainty } = record;
  return [
    uncertainty && repeated(uncertainty),
    incomparableLine(record),
    spreadLine(record),
    verdict && limitLine(verdict),
    settingsLine(record),
    ignoredLine(record.ignored),
    ...assumptionLines(record),
    pricesLine(record),
    runLine(record),
  ];
}

/** A block of the lines that there are; none without a line. */
function notes(lines: (string | null)[], only?: Placed["only"]): Placed[] {
  const known = lines.filter((line) => line !== null);
  return known.length === 0 ? [] : [{ kind: "notes", only, lines: known }];
}

/** The causes of failures stand beside the figures that they explain. */
function errorBlocks(record: RunRecord): Placed[] {
  const sentences = errorSentences(record);
  return sentences.length === 0 ? [] : [{ kind: "warnings", name: "Errors", title: "What failed", sentences }];
}

/** A page has them above its pictures, because it folds what is below. In text they come last, where reading ends. */
function caveatBlocks({ caveats }: RunRecord, only: "text" | "page"): Placed[] {
  // The line about the published result says how the run is unlike it, and the badge that it is a prediction.
  const sentences = caveats
    .filter((caveat) => !isAboutPublished(caveat) && caveat.code !== "prediction")
    .map((caveat) => caveatText(caveat));
  if (sentences.length === 0) return [];
  return [{ kind: "warnings", only, name: "Caveats", title: "Before you rely on it", sentences }];
}

/** The words of the warnings stand where the caveats do. */
function warningBlocks({ warnings }: RunRecord, only: "text" | "page"): Placed[] {
  if (warnings === null || warnings.length === 0) return [];
  const sentences = warnings.map((warning) => warningText(warning));
  return [{ kind: "warnings", only, name: "Warnings", title: "Warned before the run", sentences }];
}

function furtherBlocks(record: RunRecord): Placed[] {
  return [
    { kind: "table", name: "Further figures", layouts: [furtherFigures(record)] },
    ...messageGroupBlocks(record),
    ...costBlocks(record),
    ...assumptionBlocks(record),
    ...notes([orderLine(record), slowestLine(record)]),
    ...notes([versionsLine(record), publishedLine(record)], "text"),
  ];
}

function settingsBlock(settings: RunRecord["settings"]): Placed {
  const entries = Object.entries(settings);
  if (entries.length === 0) return { kind: "notes", lines: ["The template has none."] };
  const column = columnsOver(entries);
  const columns = [column("setting", ([name]) => name, true), column("value", ([, value]) => value)];
  return { kind: "table", name: "Settings", layouts: [columns] };
}

function timelineBlock(timeline: readonly TimelinePoint[]): Placed {
  if (timeline.length === 0) return { kind: "notes", lines: ["Nothing was inserted."] };
  const perRow = Math.ceil(timeline.length / mostTimelineRows);
  const column = (key: "inserts" | "overlap" | "deadLetters") => columnsOver(binned(timeline, key, perRow));
  const value = (span: Span) => String(span.value);
  const columns = [
    column("inserts")("from second", ({ from }) => clockTime(from), true),
    column("inserts")("inserts per second", value),
    column("overlap")("overlapping invocations", value),
    column("deadLetters")("dead letters per second", value),
  ];
  return {
    kind: "table",
    name: perRow === 1 ? "Each second" : `The highest second of every ${perRow}`,
    layouts: [columns],
  };
}
