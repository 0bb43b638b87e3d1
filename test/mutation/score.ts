/** Tells the findings of the runs of mutants: a table of scores, and a list of the mutants that no test noticed. */
import { table } from "../docs/table.ts";
import { reasons } from "./reasons.ts";

interface Mutant {
  mutatorName: string;
  replacement?: string;
  location: { start: { line: number; column: number } };
  status: "Killed" | "Timeout" | "Survived" | "NoCoverage" | "Ignored" | "CompileError" | "RuntimeError" | "Pending";
}

/** Stryker's report. */
export interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>;
}

const isUnseen = ({ status }: Mutant) => status === "Survived" || status === "NoCoverage";

/** A row for the folder and for each of its files; the score is the share of what was tried and noticed, without what was not tried. */
export function scoreTable(folder: string, { files }: Report): string {
  const sorted = Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1));
  const head = ["", "score", "killed", "timed out", "survived", "no coverage", "not tried"];
  const all = sorted.flatMap(([, { mutants }]) => mutants);
  const rows = sorted.map(([file, { mutants }]) => rowOf(file.slice(folder.length + 1), mutants));
  return table(head, [rowOf(`**${folder}**`, all), ...rows]);
}

function rowOf(name: string, mutants: readonly Mutant[]): string[] {
  const count = (...statuses: Mutant["status"][]) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const seen = count("Killed", "Timeout");
  const tried = seen + count("Survived", "NoCoverage");
  const score = tried === 0 ? "" : `${((100 * seen) / tried).toFixed(1)} %`;
  const others = count("Ignored", "CompileError", "RuntimeError", "Pending");
  return [
    name,
    score,
    ...[count("Killed"), count("Timeout"), count("Survived"), count("NoCoverage"), others].map(String),
  ];
}

/** A mutant that no test noticed: its place, its line, and the text that stood there in place of the program's. */
interface Survivor {
  file: string;
  line: number;
  column: number;
  code: string;
  mutator: string;
  replacement: string;
  isCovered: boolean;
}

/** The survivors in the files at or under the paths, in the order of the program. */
export function survivors({ files }: Report, paths: readonly string[]): Survivor[] {
  return Object.entries(files)
    .filter(([file]) => paths.length === 0 || paths.some((path) => file.startsWith(path)))
    .flatMap(([file, { source, mutants }]) => {
      const lines = source.split("\n");
      return mutants.filter(isUnseen).map(
        ({ mutatorName, replacement = "", location: { start }, status }): Survivor => ({
          file,
          ...start,
          code: lines[start.line - 1]!.trim(),
          mutator: mutatorName,
          replacement,
          isCovered: status === "Survived",
        }),
      );
    })
    .sort((a, b) => (a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1));
}

/** For a terminal. */
export function survivorText({ file, line, column, isCovered, mutator, code, replacement }: Survivor): string {
  return `${file}:${line}:${column} ${isCovered ? "Survived" : "NoCoverage"} ${mutator}\n    ${code}\n    → ${replacement}`;
}

/** The survivors of each line, with the reason why no test kills them, for a page. */
export function survivorTable(folder: string, report: Report): string {
  const rows = new Map<string, string[]>();
  for (const survivor of survivors(report, [])) {
    const where = `${survivor.file.slice(folder.length + 1)}:${survivor.line}`;
    const why = reasonFor(survivor);
    const mutant = `${survivor.mutator} ${shown(survivor.replacement)}`;
    const row = rows.get(`${where} ${why}`);
    if (row === undefined) rows.set(`${where} ${why}`, [where, shown(survivor.code), mutant, why]);
    else row[2] += `, ${mutant}`;
  }
  return table(["where", "line", "mutants", "why they are left"], [...rows.values()]);
}

function shown(code: string): string {
  const text = code.replaceAll(/\s+/g, " ");
  return `\`${(text.length > 60 ? `${text.slice(0, 59)}…` : text).replaceAll("`", "'")}\``;
}

function reasonFor({ file, code, replacement }: Survivor): string {
  const reason = reasons.find(
    (each) =>
      file.endsWith(`/${each.file}`) &&
      code.includes(each.line) &&
      (each.to === undefined || replacement.startsWith(each.to)),
  );
  return reason?.why ?? "a test is missing";
}
