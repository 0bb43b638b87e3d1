/** Tells the findings of the runs of mutants: a table of scores, and a list of the mutants that no test noticed. */
import { table } from "../docs/table.ts";

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

/** A row for each folder and for each of its files; the score is the share of what was tried and noticed, without what was not tried. */
export function scoreTable(reports: readonly Report[], at: Date): string {
  const files = reports
    .flatMap((report) => Object.entries(report.files))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const folderOf = (file: string) => file.slice(0, file.lastIndexOf("/"));
  const rows = [...new Set(files.map(([file]) => folderOf(file)))].flatMap((folder) => {
    const ofFolder = files.filter(([file]) => folderOf(file) === folder);
    const all = ofFolder.flatMap(([, { mutants }]) => mutants);
    return [
      rowOf(`**${folder}**`, all),
      ...ofFolder.map(([file, { mutants }]) => rowOf(file.slice(folder.length + 1), mutants)),
    ];
  });
  const head = ["", "score", "killed", "timed out", "survived", "no coverage", "not tried"];
  return `${at.toISOString().slice(0, 10)}:\n\n${table(head, rows)}`;
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

/** Each mutant that no test noticed, in the files at or under the paths: its place, its line, and what stood there in its stead. */
export function survivors(reports: readonly Report[], paths: readonly string[]): string[] {
  return reports.flatMap(({ files }) =>
    Object.entries(files)
      .filter(([file]) => paths.length === 0 || paths.some((path) => file.startsWith(path)))
      .flatMap(([file, { source, mutants }]) => {
        const lines = source.split("\n");
        return mutants.filter(isUnseen).map(({ mutatorName, replacement = "", location: { start }, status }) => {
          const line = lines[start.line - 1]!.trim();
          return `${file}:${start.line}:${start.column} ${status} ${mutatorName}\n    ${line}\n    → ${replacement}`;
        });
      }),
  );
}
