/** The account of a lifting as a document: each setting with where it is from, what is doubtful, what was left out, and what comes next. */

import type { Advice } from "../../systems/advice.ts";
import { pathInWords } from "../../systems/event-path.ts";
import type { LeftOut, Lifted } from "../../systems/lifted.ts";
import type { FormatName, Unread } from "../../systems/system.ts";
import type { Place } from "../../template/template.ts";
import {
  type Cell,
  type Column,
  columnsOver,
  type Document,
  type Placed,
  type RowGroup,
  type Section,
} from "../document.ts";
import { type NextStep, nextSection } from "../next-steps.ts";
import { capitalised, listed } from "../text.ts";

/** A lifting with all that a report tells of it. */
export interface LiftingView {
  format: FormatName;
  file: string;
  lifted: Lifted;
  /** of the whole system, as far as none of the settings lacks it */
  unread: readonly Unread[];
  /** what AWS advises otherwise */
  advice: readonly Advice[];
  next: readonly NextStep[];
}

export function liftingDocument(view: LiftingView): Document {
  const sections = [takenSection(view), adviceSection(view), leftOutSection(view), nextSection(view.next)];
  return { level: 3, summary: null, sections: sections.filter((section) => section !== null) };
}

/** `its settings: 9 as written, 2 by AWS's default and 1 assumed` */
export function countsText({ taken, defaulted, assumed }: Pick<Lifted, "taken" | "defaulted" | "assumed">): string {
  const byWhom = [...new Set(defaulted.map(({ by }) => by))];
  const counts: [count: number, are: string][] = [
    [taken.length, "as written"],
    ...byWhom.map((by): [number, string] => [defaulted.filter((each) => each.by === by).length, `by ${defaultOf(by)}`]),
    [assumed.length, "assumed"],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, are]) => `${count} ${are}`);
  return parts.length === 0 ? "no setting was there to take" : `its settings: ${listed(parts)}`;
}

/** A sentence for each setting that was written, and that AWS's default stands for. */
export function unreadTexts({ unread }: Pick<Lifted, "unread">, file: string): string[] {
  return unread.map(({ setting, message, place }) => `${setting}, ${placeText(place, file)}: ${message}.`);
}

/** One line of the table. */
interface Row {
  setting: string;
  value: string;
  /** such as `ScalingConfig.MaximumConcurrency` */
  property: string;
  resource: string;
  where: string;
  /** the page that says so */
  source: string;
}

function takenSection({ format, file, lifted, unread }: LiftingView): Section {
  const groups = rowGroups(lifted, file);
  const rows = groups.flatMap((group) => group.rows);
  const doubts = [
    ...lifted.assumed.map(({ setting, value, why }) => `${setting}=${value} is assumed: ${why}.`),
    ...unreadTexts(lifted, file),
    ...unread.map(({ message, place }) => `${capitalised(placeText(place, file))}: ${message}.`),
    ...lifted.leftOut.filter(isDoubt).map((each) => `${leftOutText(each, file)}: ${each.why}.`),
  ];
  const blocks: Placed[] = [
    { kind: "conclusion", text: `${pathInWords(lifted.path)}, ${countsText(lifted)}.`, isBad: false },
    ...(rows.length === 0 ? [] : [tableOf(rows, groups)]),
    ...(doubts.length === 0
      ? []
      : [{ kind: "warnings" as const, name: "To know before relying on it", sentences: doubts }]),
  ];
  return { heading: [`What was taken from ${file.replace(/^.*[\\/]/, "")}`], badge: format, blocks };
}

function tableOf(rows: readonly Row[], groups: readonly { title: string; rows: readonly Row[] }[]): Placed {
  const column = columnsOver(rows);
  const setting = column("setting", (row) => row.setting, true);
  const value = column("value", (row) => row.value);
  const property = column("property", (row) => row.property, true);
  const resource = column("of", (row) => row.resource, true);
  const where = column("where", (row) => row.where, true);
  const whereAndSource = column(
    "where",
    (row): Cell => ({ text: row.where, ...(row.source && { aside: row.source }) }),
    true,
  );
  const below = column(
    "setting",
    (row) => [row.setting, ...brokenName(`${row.property} of ${row.resource}`)].join("\n"),
    true,
  );
  const layouts: Column[][] = [
    [setting, value, property, resource, whereAndSource],
    [setting, value, property, resource, where],
    [setting, value, property, where],
    [below, value, where],
  ];
  const named: RowGroup[] = groups.map(({ title, rows: { length } }) => ({ title, rows: length }));
  return { kind: "table", name: "Settings", layouts, groups: named };
}

/** Below a setting there is room for so many columns. */
const roomBelow = 36;

function brokenName(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/(?<=\.)|(?= of )/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length <= roomBelow) lines[lines.length - 1] = last + word;
    else lines.push(` ${word.trimStart()}`);
  }
  return lines;
}

function rowGroups({ taken, defaulted, assumed }: Lifted, file: string): { title: string; rows: Row[] }[] {
  const written = taken.map(({ setting, value, property, resource, place }) => ({
    setting: setting ?? `(${property.split(".").at(-1)})`,
    value,
    property,
    resource,
    where: placeText(place, file),
    source: "",
  }));
  const byWhom = [...new Set(defaulted.map(({ by }) => by))];
  const groups = [
    { title: "As it is written", rows: written },
    ...byWhom.map((by) => ({
      title: `Nobody wrote it: ${defaultOf(by)}`,
      rows: defaulted
        .filter((each) => each.by === by)
        .map(({ setting, value, property, resource, source, isOutside }) => {
          return { setting, value, property, resource, where: isOutside ? "not in the file" : "default", source };
        }),
    })),
    {
      title: "No file has it",
      rows: assumed.map(({ setting, value }) => ({
        setting,
        value,
        property: "",
        resource: "",
        where: "assumed",
        source: "",
      })),
    },
  ];
  return groups.filter(({ rows }) => rows.length > 0);
}

/** One after the other in the order of the file: what is there, what to do, and the page that says so. */
function adviceSection({ advice, file }: LiftingView): Section | null {
  if (advice.length === 0) return null;
  const pairs = advice.map(({ place, message, cure, source }): [string, string] => [
    capitalised(placeText(place, file)),
    `${message}. ${capitalised(cure)} (${source}).`,
  ]);
  return { heading: ["What AWS advises"], blocks: [{ kind: "pairs", pairs }] };
}

/** `AWS's defaults`, `defaults of the Serverless Framework` */
function defaultOf(by: string): string {
  return by === "AWS" ? "AWS's default" : `the default of ${by}`;
}

/** True where a figure may be other than the scenario says. */
function isDoubt({ kind }: LeftOut): boolean {
  return kind === "not modelled";
}

const kindTitles: Record<LeftOut["kind"], string> = {
  "not modelled": "Not modelled",
  "every event passes": "Filters",
  elsewhere: "Elsewhere",
  "no effect": "Changes no event",
};

/** The properties and resources that were left out, by the reason; those that may matter come first. */
function leftOutSection({ lifted: { leftOut }, file }: LiftingView): Section | null {
  if (leftOut.length === 0) return null;
  const kinds = Object.keys(kindTitles) as LeftOut["kind"][];
  const pairs = kinds.flatMap((kind) => {
    const ofKind = leftOut.filter((each) => each.kind === kind);
    const reasons = [...new Set(ofKind.map(({ why }) => why))];
    return reasons.map((why): [string, string] => [
      `${kindTitles[kind]} (${why})`,
      ofKind
        .filter((each) => each.why === why)
        .map((each) => leftOutText(each, file))
        .join(", "),
    ]);
  });
  return { heading: ["What was left out"], blocks: [{ kind: "pairs", pairs }] };
}

/** `KmsKeyArn of Worker (line 12)`, `AWS::KMS::Key Key (line 40)` */
function leftOutText({ resource, type, property, place }: LeftOut, file: string): string {
  const what = property === null ? `${type} ${resource}` : `${property} of ${resource}`;
  return `${what} (${placeText(place, file)})`;
}

/** `line 12`, with the file where it is another one than the lifted. */
function placeText(place: Place, file: string): string {
  const other = place.file === null || place.file === file ? "" : `${place.file}, `;
  return `${other}line ${place.line}`;
}
